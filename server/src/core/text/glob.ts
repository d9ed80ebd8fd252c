// The glob of GitLab's `include:local`, which the `ignore` setting shares.

/**
 * `**` is anything, `*` anything but a slash: so `dir/**.yml` is the directory and all below it, `dir/**\/*.yml` only
 * what is below it. https://docs.gitlab.com/ci/yaml/includes/#use-includelocal-with-wildcard-file-paths
 */
export function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`, "s");
}
