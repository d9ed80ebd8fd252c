// When the lines of Docker releases stopped being maintained.
//
// Read on 2026-11-20: products/docker-engine.md of github.com/endoflife-date/endoflife.date as of 2026-03. It has no end for 28:
// that is from two texts of mid-2026 which quote https://endoflife.date/docker-engine. The row for 1.x is from memory.
import { isAtLeast, type DockerVersion } from "./docker-versions";

export interface DockerLifecycle {
  /** First version of the line: "20.10". */
  readonly since: string;
  /** The day of its end, as an ISO date. */
  readonly end: string;
}

/** In ascending order. Lines without an end are not in it: 29, and 25, whose source is maintained until December 2026. */
export const ENDED_DOCKER_LINES: readonly DockerLifecycle[] = [
  { since: "1.0", end: "2017-03-01" },
  { since: "17.03", end: "2017-05-05" },
  { since: "17.04", end: "2017-06-04" },
  { since: "17.05", end: "2017-07-28" },
  { since: "17.06", end: "2017-09-29" },
  { since: "17.07", end: "2017-10-26" },
  { since: "17.09", end: "2017-11-17" },
  { since: "17.10", end: "2017-12-20" },
  { since: "17.11", end: "2018-01-27" },
  { since: "17.12", end: "2018-02-10" },
  { since: "18.01", end: "2018-03-07" },
  { since: "18.02", end: "2018-04-21" },
  { since: "18.03", end: "2018-05-10" },
  { since: "18.04", end: "2018-06-09" },
  { since: "18.05", end: "2018-08-18" },
  { since: "18.06", end: "2018-12-08" },
  { since: "18.09", end: "2019-08-22" },
  { since: "19.03", end: "2021-01-08" },
  { since: "20.10", end: "2023-12-10" },
  { since: "23.0", end: "2025-05-19" },
  { since: "24.0", end: "2024-06-08" },
  { since: "26.0", end: "2024-06-08" },
  { since: "26.1", end: "2025-02-17" },
  { since: "27.0", end: "2025-05-03" },
  { since: "28.0", end: "2026-05-13" },
];

/** Major versions without an end so far. */
const MAINTAINED: ReadonlySet<number> = new Set([25, 29]);

/** The day on which a version's line ended; undefined for what is maintained. A tag such as "18" counts as the last of its line. */
export function endOfDocker(version: DockerVersion): string | undefined {
  if (MAINTAINED.has(version.major) || isAtLeast(version, "30")) return undefined;
  return ENDED_DOCKER_LINES.filter(({ since }) => isAtLeast(version, since)).at(-1)?.end;
}
