// What the user should know about files that were not read, as problems at those files.
import type { FilePath, Problem } from "../core/index";
import type { SkipReason } from "./host";

/** Why a file was not read; `no-room`: the files before it are too large together. */
export type Skipped = SkipReason | "no-room";

const MESSAGES: Readonly<Record<SkipReason, string>> = {
  absent: "This file isn't there",
  "too-large": "This file was not read: it is larger than 5 MB",
  binary: "This file was not read: it is no UTF-8 text",
  unreadable: "This file could not be read",
};

/** One notice for each file, sorted by path; one for all that there was no room for. */
export function skipNotices(skipped: ReadonlyMap<FilePath, Skipped>): readonly Problem[] {
  const paths = [...skipped.keys()].sort();
  const [first, ...others] = paths.filter((path) => skipped.get(path) === "no-room");
  return paths.flatMap((path) => {
    const reason = skipped.get(path) ?? "unreadable";
    if (reason !== "no-room") return [notice(path, MESSAGES[reason])];
    if (path !== first) return [];
    return [notice(path, `${these(others.length)} not read: the files before hold too much text`)];
  });
}

/** For a chain of files, each of which asks for the next one, that was not followed to its end. */
export function stoppedNotice(unread: readonly FilePath[], rounds: number): readonly Problem[] {
  const [first, ...others] = [...unread].sort();
  if (first === undefined) return [];
  return [notice(first, `${these(others.length)} not read: more than ${rounds} files ask for each other`)];
}

const these = (others: number): string =>
  others === 0 ? "This file was" : `This file and ${others} more were`;

const notice = (file: FilePath, message: string): Problem => ({
  message,
  at: { file, start: 0, end: 0 },
  severity: "warning",
});
