// The options of `docker build` by who understands them. Read in docker/cli `cli/command/image/build.go` (legacy builder) and
// docker/buildx `commands/build.go`, 2026.
// https://github.com/docker/cli/blob/master/cli/command/image/build.go
// https://github.com/docker/buildx/blob/master/commands/build.go

/** BuildKit's own. Only those that do something: `--progress` is decoration, and old clients take it. */
export const BUILDKIT_FLAGS: ReadonlySet<string> = new Set([
  "allow",
  "annotation",
  "attest",
  "build-context",
  "builder",
  "cache-to",
  "call",
  "load",
  "metadata-file",
  "no-cache-filter",
  "output",
  "provenance",
  "push",
  "sbom",
  "secret",
  "ssh",
]);

/** The legacy builder's own: buildx takes them for old scripts' sake, hides them, and does nothing with them. */
export const LEGACY_FLAGS: ReadonlySet<string> = new Set([
  "compress",
  "cpu-period",
  "cpu-quota",
  "cpu-shares",
  "cpuset-cpus",
  "cpuset-mems",
  "force-rm",
  "isolation",
  "memory",
  "memory-swap",
  "rm",
  "security-opt",
  "squash",
]);
