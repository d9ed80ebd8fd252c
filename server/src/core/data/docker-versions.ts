// Docker releases: API windows, support, and how their versions are compared.
//
// Read in August 2026: moby `daemon/config` and `api/` at tags docker-v29.0…29.7, its API version matrix for older rows
// (https://docs.docker.com/reference/api/engine/version-history/), the release notes of 29
// (https://docs.docker.com/engine/release-notes/29/) and https://endoflife.date/docker-engine.

export interface DockerVersion {
  readonly major: number;
  /** Undefined where the tag leaves it open: "29". */
  readonly minor: number | undefined;
  readonly patch: number | undefined;
}

export interface DockerRelease {
  /** First version of the row: "29.3". */
  readonly since: string;
  /** API version that it speaks: "1.54". */
  readonly api: string;
  /** Oldest API version that its daemon accepts. */
  readonly minimumForDaemon: string;
  /** Oldest API version that its client speaks; undefined where it was not read. */
  readonly minimumForClient: string | undefined;
}

/** In ascending order. Minima of 25 to 28 are from memory of the release notes; below that the daemon accepted more. */
export const DOCKER_RELEASES: readonly DockerRelease[] = [
  { since: "17.12", api: "1.35", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "18.03", api: "1.37", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "18.06", api: "1.38", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "18.09", api: "1.39", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "19.03", api: "1.40", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "20.10", api: "1.41", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "23.0", api: "1.42", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "24.0", api: "1.43", minimumForDaemon: "1.12", minimumForClient: undefined },
  { since: "25.0", api: "1.44", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "26.0", api: "1.45", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "27.0", api: "1.46", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "27.2", api: "1.47", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "28.0", api: "1.48", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "28.1", api: "1.49", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "28.2", api: "1.50", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "28.3", api: "1.51", minimumForDaemon: "1.24", minimumForClient: undefined },
  { since: "29.0", api: "1.52", minimumForDaemon: "1.44", minimumForClient: undefined },
  { since: "29.1", api: "1.52", minimumForDaemon: "1.44", minimumForClient: "1.44" },
  { since: "29.2", api: "1.53", minimumForDaemon: "1.44", minimumForClient: "1.44" },
  { since: "29.3", api: "1.54", minimumForDaemon: "1.40", minimumForClient: "1.40" },
  { since: "29.6", api: "1.55", minimumForDaemon: "1.40", minimumForClient: "1.40" },
];

/** The only major release line that is maintained; 28 left the docker-library on 2025-11-10. */
export const NEWEST_MAINTAINED_MAJOR = 29;
/** Tags that no longer move: both are 19.03, frozen on 2020-12-08 or before. https://hub.docker.com/_/docker */
export const FROZEN_TAGS: readonly string[] = [
  "stable",
  "stable-dind",
  "stable-git",
  "test",
  "test-dind",
  "edge",
  "edge-dind",
];

/** Pushes from the containerd store can fail with "blob unknown to registry": https://github.com/moby/moby/issues/53293. */
export const BROKEN_PUSH: readonly string[] = ["29.7.0", "29.7.1", "29.7.2"];

/** Reads "29", "29.6", "19.03.15", "v29.6.2", "29.6.2-dind", "29-rc"; undefined for what does not begin with a number. */
export function parseDockerVersion(tag: string): DockerVersion | undefined {
  const match = /^v?(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?![\d.])/.exec(tag);
  if (match?.[1] === undefined) return undefined;
  const number = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(text);
  return { major: Number(match[1]), minor: number(match[2]), patch: number(match[3]) };
}

/**
 * Negative, zero or positive as `a` is older than, equal to or newer than `b`. What a tag leaves open counts as the newest of
 * its line: "29" is newer than "29.6".
 */
export function compareVersions(a: DockerVersion, b: DockerVersion): number {
  const newest = Number.MAX_SAFE_INTEGER;
  return (
    a.major - b.major ||
    (a.minor ?? newest) - (b.minor ?? newest) ||
    (a.patch ?? newest) - (b.patch ?? newest)
  );
}

/** Whether a version is at least the one written: `isAtLeast(version, "19.03")`. */
export function isAtLeast(version: DockerVersion, since: string): boolean {
  const bound = boundOf(since);
  return bound !== undefined && compareVersions(version, bound) >= 0;
}

/** The first version of a line. */
function boundOf(since: string): DockerVersion | undefined {
  const bound = parseDockerVersion(since);
  return bound && { major: bound.major, minor: bound.minor ?? 0, patch: bound.patch ?? 0 };
}

/** Negative, zero or positive as API version `a` ("1.44") is older than, equal to or newer than `b`. */
export function compareApi(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}

/** The API window of a version; undefined for versions older than the table. */
export function releaseOf(version: DockerVersion): DockerRelease | undefined {
  return RELEASE_BOUNDS.findLast(({ bound }) => compareVersions(version, bound) >= 0)?.release;
}

const RELEASE_BOUNDS = DOCKER_RELEASES.flatMap((release) => {
  const bound = boundOf(release.since);
  return bound === undefined ? [] : [{ release, bound }];
});
