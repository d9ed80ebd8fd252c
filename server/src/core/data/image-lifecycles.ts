// When releases of well-known base images went out of support, and what to use instead.
//
// Read in November 2026, each row's page in `source`, with exceptions: the ends of Alpine 3.17, Python 3.8 and 3.9 are from memory,
// and those of Go 1.25 and Python 3.10 are known by the month alone. Read: the schedules of Node.js, Python, Ruby and PHP, the release pages of
// Alpine, Debian (end of LTS) and Ubuntu (end of standard support), go.dev's policy of two releases (1.25 ended with 1.27), all
// compared with https://endoflife.date; the notices of Docker Hub for images that are no longer maintained as a whole.

/**
 * The day for which the table holds. The core has no clock: what ends later counts as supported until somebody reads the
 * sources again, adds rows and moves this date.
 */
export const AS_OF = "2026-11-01";

export interface ImageRelease {
  /** The version by which tags name it: "18" of `node:18-alpine`, "3.9" of `python:3.9.1`. */
  readonly cycle: string;
  /** The other name that tags have for it: "buster". */
  readonly codename: string | undefined;
  /** ISO date, or year and month where no day is published. */
  readonly end: string;
}

export interface ImageLifecycle {
  /** Repository on Docker Hub without `library/`. */
  readonly repository: string;
  /** A release that is supported and settled, as a tag. */
  readonly replacement: string;
  /** What the tag `latest` stands for on the day of the table. */
  readonly latest: string;
  /** Its code name, where tags have one. */
  readonly replacementCodename: string | undefined;
  /** In ascending order; the oldest rows stand for all that are older still. */
  readonly ended: readonly ImageRelease[];
  readonly source: string;
}

/** `cycle/codename=end`, blank-separated. */
const releases = (rows: string): readonly ImageRelease[] =>
  rows
    .trim()
    .split(/\s+/)
    .map((row) => {
      const [names = "", end = ""] = row.split("=");
      const [cycle = "", codename] = names.split("/");
      return { cycle, codename, end };
    });

/** Sorted by repository. */
export const IMAGE_LIFECYCLES: readonly ImageLifecycle[] = [
  {
    repository: "alpine",
    replacement: "3.23",
    latest: "3.24",
    replacementCodename: undefined,
    ended:
      releases(`3.7=2019-11-01 3.8=2020-05-01 3.9=2021-01-01 3.10=2021-05-01 3.11=2021-11-01 3.12=2022-05-01
      3.13=2022-11-01 3.14=2023-05-01 3.15=2023-11-01 3.16=2024-05-23 3.17=2024-11-22 3.18=2025-05-09 3.19=2025-11-01
      3.20=2026-04-01`),
    source: "https://alpinelinux.org/releases/",
  },
  {
    repository: "debian",
    replacement: "13",
    latest: "13",
    replacementCodename: "trixie",
    ended:
      releases(`6/squeeze=2016-02-29 7/wheezy=2018-05-31 8/jessie=2020-06-30 9/stretch=2022-07-01 10/buster=2024-06-30
      11/bullseye=2026-08-31`),
    source: "https://wiki.debian.org/LTS",
  },
  {
    repository: "golang",
    replacement: "1.27",
    latest: "1.27",
    replacementCodename: undefined,
    ended:
      releases(`1.15=2021-08-16 1.16=2022-03-15 1.17=2022-08-02 1.18=2023-02-01 1.19=2023-09-06 1.20=2024-02-06
      1.21=2024-08-13 1.22=2025-02-11 1.23=2025-08-12 1.24=2026-02-11 1.25=2026-08`),
    source: "https://go.dev/doc/devel/release#policy",
  },
  {
    repository: "node",
    replacement: "24",
    latest: "26",
    replacementCodename: "krypton",
    ended:
      releases(`4/argon=2018-04-30 5=2016-06-30 6/boron=2019-04-30 7=2017-06-30 8/carbon=2019-12-31 9=2018-06-30
      10/dubnium=2021-04-30 11=2019-06-01 12/erbium=2022-04-30 13=2020-06-01 14/fermium=2023-04-30 15=2021-06-01
      16/gallium=2023-09-11 17=2022-06-01 18/hydrogen=2025-04-30 19=2023-06-01 20/iron=2026-04-30 21=2024-06-01
      23=2025-06-01 25=2026-06-01`),
    source: "https://github.com/nodejs/Release#release-schedule",
  },
  {
    repository: "php",
    replacement: "8.4",
    latest: "8.5",
    replacementCodename: undefined,
    ended: releases(`5.3=2014-08-14 5.4=2015-09-14 5.5=2016-07-21 5.6=2018-12-31 7.0=2019-01-10 7.1=2019-12-01
      7.2=2020-11-30 7.3=2021-12-06 7.4=2022-11-28 8.0=2023-11-26 8.1=2025-12-31`),
    source: "https://www.php.net/supported-versions.php",
  },
  {
    repository: "python",
    replacement: "3.13",
    latest: "3.15",
    replacementCodename: undefined,
    ended: releases(`2.6=2013-10-29 2.7=2020-01-01 3.3=2017-09-29 3.4=2019-03-18 3.5=2020-09-13 3.6=2021-12-23
      3.7=2023-06-27 3.8=2024-10-07 3.9=2025-10-31 3.10=2026-10`),
    source: "https://devguide.python.org/versions/",
  },
  {
    repository: "ruby",
    replacement: "3.4",
    latest: "4.0",
    replacementCodename: undefined,
    ended: releases(`2.3=2019-03-31 2.4=2020-03-31 2.5=2021-03-31 2.6=2022-03-31 2.7=2023-03-31 3.0=2024-04-23
      3.1=2025-03-31 3.2=2026-03-31`),
    source: "https://www.ruby-lang.org/en/downloads/branches/",
  },
  {
    repository: "ubuntu",
    replacement: "24.04",
    latest: "26.04",
    replacementCodename: "noble",
    ended:
      releases(`12.04/precise=2017-04-28 14.04/trusty=2019-04-02 16.04/xenial=2021-04-02 17.10/artful=2018-07-19
      18.04/bionic=2023-05-31 18.10/cosmic=2019-07-18 19.04/disco=2020-01-23 19.10/eoan=2020-07-06 20.04/focal=2025-05-31
      20.10/groovy=2021-07-22 21.04/hirsute=2022-01-20 21.10/impish=2022-07-14 22.10/kinetic=2023-07-20
      23.04/lunar=2024-01-20 23.10/mantic=2024-07-12 24.10/oracular=2025-07-10 25.04/plucky=2026-01-17
      25.10/questing=2026-07-01`),
    source: "https://wiki.ubuntu.com/Releases",
  },
];

export interface DeadImage {
  readonly repository: string;
  /** Since when nothing but special builds is published. */
  readonly end: string;
  /** What its page names instead, or what is made to take its place. */
  readonly instead: readonly string[];
  readonly source: string;
}

/** Images that are no longer maintained at all, whatever the tag. Sorted by repository. */
export const DEAD_IMAGES: readonly DeadImage[] = [
  {
    repository: "centos",
    end: "2024-06-30",
    instead: ["almalinux", "rockylinux/rockylinux"],
    source: "https://hub.docker.com/_/centos",
  },
  {
    repository: "java",
    end: "2016-12-31",
    instead: ["eclipse-temurin"],
    source: "https://hub.docker.com/_/java",
  },
  {
    repository: "openjdk",
    end: "2022-07",
    instead: ["eclipse-temurin"],
    source: "https://hub.docker.com/_/openjdk",
  },
];

export interface EndOfLife {
  /** Since when it is out of support, behind "since": a date, or "at least" one for what is older than the table. */
  readonly since: string;
  /** The names of the release: "18", "10" and "buster". */
  readonly names: readonly string[];
  /** Text before the tag's own suffix that a supported image has: "24" for `node:18-alpine`. */
  readonly replacement: string;
  /** What of the tag names the release: "18" of `18-alpine`, "3.9.1" of `3.9.1-slim`. */
  readonly written: string;
  readonly source: string;
}

/** What is known of a tag's end of life; undefined for what is supported or not in the table. */
export function endOfLife(repository: string, tag: string): EndOfLife | undefined {
  const lifecycle = IMAGE_LIFECYCLES.find((each) => each.repository === repository);
  const written = /^[a-z0-9.]+/i.exec(tag)?.[0];
  if (lifecycle === undefined || written === undefined) return undefined;
  const coded = lifecycle.ended.find(({ codename }) => codename === written);
  if (coded !== undefined) return ofRelease(lifecycle, coded, written, lifecycle.replacementCodename);
  const version = /^v?(\d+(?:\.\d+)*)$/.exec(written)?.[1];
  const release = version === undefined ? undefined : releaseOf(lifecycle, version);
  if (version === undefined || release === undefined) return undefined;
  const found = ofRelease(lifecycle, release, written, undefined);
  return found === undefined || compareCycles(version, release.cycle) >= 0
    ? found
    : { ...found, since: `at least ${release.end}`, names: [version] };
}

function ofRelease(
  { replacement, source }: ImageLifecycle,
  { cycle, codename, end }: ImageRelease,
  written: string,
  named: string | undefined,
): EndOfLife | undefined {
  if (end >= AS_OF) return undefined;
  const names = codename === undefined ? [cycle] : [cycle, codename];
  return { since: end, names, replacement: named ?? replacement, written, source };
}

/** The release that a version belongs to; for one older than all, the oldest; for `python:2` the last of its major version. */
function releaseOf({ ended, replacement }: ImageLifecycle, version: string): ImageRelease | undefined {
  const exact = ended.find(({ cycle }) => version === cycle || version.startsWith(`${cycle}.`));
  const [oldest] = ended;
  if (exact !== undefined || oldest === undefined) return exact;
  const isOpen = version.split(".").length < oldest.cycle.split(".").length;
  if (!isOpen) return compareCycles(version, oldest.cycle) < 0 ? oldest : undefined;
  if (compareCycles(version, replacement) >= 0) return undefined;
  return ended.filter(({ cycle }) => cycle.startsWith(`${version}.`)).at(-1);
}

/** Negative, zero or positive as a dotted version is older than, equal to or newer than another, as far as both go. */
export function compareCycles(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
