// The groups of rules: one folder each, in the order in which they are read.

/** Folder -> heading. */
export const RULE_GROUPS: ReadonlyMap<string, string> = new Map([
  ["files", "The files say what their author means"],
  ["daemon", "Reaching a Docker daemon"],
  ["reference", "Tags and image references"],
  ["registry", "Registry authentication"],
  ["cache", "Layer caching and buildx"],
  ["build", "The build command against its Dockerfile"],
  ["dockerfile", "Dockerfile structure"],
  ["pipeline", "Pipeline design"],
  ["runner", "Runner configuration"],
  ["version", "Docker versions"],
  ["migration", "Migration"],
]);
