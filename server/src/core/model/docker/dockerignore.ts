// `.dockerignore` as Docker reads it: which lines leave a path out of the build context.
//
// https://github.com/moby/patternmatcher: `ignorefile/ignorefile.go` reads the lines, `MatchesOrParentMatches` in
// `patternmatcher.go` decides.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import { pathPattern } from "../../text/path-pattern";
import { below, normalFolder } from "../../text/paths";
import type { FilePath } from "../../text/source-file";

export interface IgnoreRule {
  /** Tidied, without `!` and without a slash in front: "dist", "docs/*.md". */
  readonly pattern: string;
  /** `!pattern`: takes back what earlier lines left out. */
  readonly isException: boolean;
  /** The line without blanks around it. */
  readonly at: Origin;
  /** Whether the pattern matches exactly this path, which is relative to the context. */
  readonly matches: (path: string) => boolean;
}

export interface IgnoreFile {
  readonly path: FilePath;
  /** In order: the last one that matches counts. */
  readonly rules: readonly IgnoreRule[];
  /** The whole text. */
  readonly at: Origin;
}

const ignoreFiles = defineQuery<FilePath, IgnoreFile | undefined>({
  name: "ignoreFile",
  compute: (ctx, path) => {
    const file = ctx.exists(path) === true ? ctx.file(path) : undefined;
    return file === undefined ? undefined : parseIgnoreFile(path, file.text);
  },
});

/**
 * The ignore file that counts for a build: `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in the
 * context. https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export const ignoreFileOf = (
  ctx: QueryContext,
  context: FilePath,
  dockerfile: FilePath,
): IgnoreFile | undefined =>
  ctx.get(ignoreFiles, `${dockerfile}.dockerignore`) ?? ctx.get(ignoreFiles, below(context, ".dockerignore"));

/** Reads the lines of an ignore file. A `#` is a comment only as the first character of its line. */
export function parseIgnoreFile(path: FilePath, text: string): IgnoreFile {
  const chunk = { file: path, text };
  const rules: IgnoreRule[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const written = line.trim();
    if (written !== "" && !line.startsWith("#")) {
      const from = start + line.indexOf(written);
      const rule = ruleOf(written, { chunk, start: from, end: from + written.length });
      if (rule !== undefined) rules.push(rule);
    }
    start += line.length + 1;
  }
  return { path, rules, at: { chunk, start: 0, end: text.length } };
}

function ruleOf(written: string, at: Origin): IgnoreRule | undefined {
  const isException = written.startsWith("!");
  const pattern = cleaned(isException ? written.slice(1).trim() : written);
  // Docker refuses a lone `!`, and lets nobody leave out the context as a whole.
  if (pattern === "" || pattern === ".") return undefined;
  return { pattern, isException, at, matches: pathPattern(pattern) };
}

/** As Go's `filepath.Clean`, and relative to the context: `/app//x/../y/` is `app/y`. */
const cleaned = (pattern: string): string =>
  pattern === ""
    ? ""
    : normalFolder(pattern.replaceAll("\\", "\0")).replaceAll("\0", "\\").replace(/^\//, "");

/**
 * The line that leaves a path (relative to the context, without `.` and `..`) out of the context: of all that match it or a
 * folder above it the last, unless that is an exception. Undefined where the path is let in.
 */
export function excluderOf({ rules }: IgnoreFile, path: string): IgnoreRule | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const candidates = withParents(path);
  return rules.reduce<IgnoreRule | undefined>((excluder, rule) => {
    // An exception of what is let in, and a pattern for what is out already, change nothing.
    if (rule.isException === (excluder === undefined)) return excluder;
    if (!candidates.some(rule.matches)) return excluder;
    return rule.isException ? undefined : rule;
  }, undefined);
}

/** Longer paths are not looked at: nobody writes them, and each part of one is compared with each pattern. */
const LONGEST_PATH = 1_000;

/** Whether an exception may let in something below a folder that is left out itself: then the folder is there. */
export const mayHoldException = ({ rules }: IgnoreFile, folder: string): boolean =>
  rules.some(({ isException, pattern }) => isException && mayMatchBelow(pattern, `${folder}/`));

/** Compares what stands in front of the first special character. */
function mayMatchBelow(pattern: string, folder: string): boolean {
  const special = pattern.search(/[*?[\\]/);
  if (special === -1) return pattern.startsWith(folder);
  const fixed = pattern.slice(0, special);
  return fixed.startsWith(folder) || folder.startsWith(fixed);
}

function withParents(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
