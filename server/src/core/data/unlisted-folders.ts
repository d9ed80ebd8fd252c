// Folders that a listing of the workspace leaves out: version control, and packages that a tool installs.

/** By name, at any depth. Nothing is known of what stands below them. */
export const UNLISTED_FOLDERS: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".venv",
  "__pycache__",
]);
