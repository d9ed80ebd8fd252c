// The edits that copy manifests and install dependencies in front of a `COPY . .`.
import type { CopyThenInstall } from "../model/docker/copy-then-install";
import { excluderOf, ignoreFileOf } from "../model/docker/dockerignore";
import type { QueryContext } from "../query/query";
import type { DockerfileInstruction } from "../syntax/dockerfile-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt, type Origin } from "../text/located";
import { below } from "../text/paths";
import { earlyInstall, type EarlyInstall } from "./early-install";
import { indentAt, lineEndOf, lineStartOf, replaceText, startsLine } from "./edits";
import type { FixDraft } from "./rule";

/**
 * Only where the files show that nothing else is needed: the manifests are read, nothing that the install may need stands between
 * COPY and RUN, the install comes first in its RUN or behind commands that read nothing of the project, and both work in the
 * same directory.
 */
export function manifestFirst(ctx: QueryContext, place: CopyThenInstall): readonly FixDraft[] {
  const { copy, run } = place;
  const install = earlyInstall(place);
  if (install === undefined || !startsLine(copy.at) || !startsLine(run.at) || !staysInPlace(place)) return [];
  const early = earlyFiles(ctx, place, install);
  const rest = withoutInstall(place, install);
  if (early === undefined || rest === undefined) return [];
  const indent = indentAt(copy.at);
  const lines = [
    ...early.folders.map((folder) => `${indent}${copyWords(copy)} ${folder}/ ${folder}/\n`),
    `${indent}${copyWords(copy)} ${early.files.join(" ")} ./\n`,
    rest.comments,
    `${indent}${keywordLike(copy, "RUN")} ${install.prefix}${install.command}\n`,
  ];
  const named = [...early.folders, ...early.files].map((name) => `\`${name}\``).join(", ");
  const edits = [...inFront(place, lines.join("")), ...rest.edits];
  return [{ title: `Copy ${named} and install first`, safety: "suggested", edits }];
}

interface EarlyFiles {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** What has to be copied; undefined where that may not be all that the install reads. */
function earlyFiles(
  ctx: QueryContext,
  { manifests, manager, stage }: CopyThenInstall,
  { wrapper }: EarlyInstall,
): EarlyFiles | undefined {
  const { fix, companions } = manager;
  const [first] = manifests;
  if (first === undefined || fix === undefined) return undefined;
  const { context } = first;
  const ignore = ignoreFileOf(ctx, context, stage.from.at.chunk.file);
  const isLetIn = (name: string): boolean => ignore === undefined || excluderOf(ignore, name) === undefined;
  const has = (name: string): boolean => ctx.exists(below(context, name)) === true && isLetIn(name);
  // Manifests below a folder would lose it: COPY puts all files into one directory.
  const names = [...(wrapper === undefined ? [] : [wrapper]), ...manifests.map(({ name }) => name)];
  if (!names.every((name) => /^[\w.-]+$/.test(name) && has(name))) return undefined;
  const besides = companions.filter(has);
  const needsMore =
    manifests.some(({ text }) => fix.needsMore.test(text)) ||
    fix.unless.some((name) => isThere(ctx, below(context, name))) ||
    besides.some((name) => companionNeedsMore(ctx, below(context, name), fix.companionNeedsMore));
  if (needsMore) return undefined;
  return {
    files: [...names, ...besides],
    folders: (fix.folders ?? []).filter((name) => isThere(ctx, below(context, name)) && isLetIn(name)),
  };
}

/** A file that is not read yet may need anything. */
function companionNeedsMore(ctx: QueryContext, path: string, needsMore: RegExp | undefined): boolean {
  if (needsMore === undefined) return false;
  const text = ctx.file(path)?.text;
  return text === undefined || needsMore.test(text);
}

const isThere = (ctx: QueryContext, path: string): boolean =>
  ctx.exists(path) === true || [...(ctx.paths() ?? [])].some((each) => each.startsWith(`${path}/`));

/** What may stand between `COPY . .` and the RUN without any use for the files: all that it says holds for the early RUN too. */
const NEEDS_NO_FILES: ReadonlySet<string> = new Set(["ARG", "ENV", "EXPOSE", "LABEL", "WORKDIR"]);

/** Whether the files come into the directory in which the RUN works, and nothing between needs them. */
function staysInPlace({ stage, copy, run }: CopyThenInstall): boolean {
  const { instructions } = stage;
  const copyAt = instructions.indexOf(copy);
  const runAt = instructions.indexOf(run);
  if (!instructions.slice(copyAt + 1, runAt).every(({ keyword }) => NEEDS_NO_FILES.has(keyword)))
    return false;
  const directoryAt = (index: number): string | undefined =>
    instructions
      .slice(0, index)
      .filter(({ keyword }) => keyword === "WORKDIR")
      .at(-1)
      ?.rest.text.trim()
      .replace(/\/$/, "");
  const target = (copy.json ?? copy.words)[1]?.text.replace(/\/$/, "") ?? "";
  const directory = directoryAt(runAt);
  if (target === ".") return directory === directoryAt(copyAt);
  return target === directory && target.startsWith("/");
}

/** Puts lines in front of the COPY; where something stands between it and the RUN, the COPY goes behind that as well. */
function inFront({ stage, copy, run }: CopyThenInstall, lines: string): readonly ChunkEdit[] {
  const { chunk } = copy.at;
  const start = blockStart(copy.at);
  const isNext = stage.instructions.indexOf(run) === stage.instructions.indexOf(copy) + 1;
  if (isNext) return [{ chunk, start, end: start, newText: lines }];
  const end = Math.min(lineEndOf(chunk, copy.at.end) + 1, chunk.text.length);
  const at = blockStart(run.at);
  return [
    { chunk, start, end, newText: "" },
    { chunk, start: at, end: at, newText: lines + chunk.text.slice(start, end) },
  ];
}

/** Where the comment that stands directly above an instruction begins; where its line begins without one. */
function blockStart({ chunk, start }: Origin): number {
  let first = lineStartOf(chunk, start);
  while (first > 0) {
    const above = lineStartOf(chunk, first - 1);
    if (!/^[ \t]*#/.test(chunk.text.slice(above, first))) break;
    first = above;
  }
  return first;
}

interface WithoutInstall {
  readonly edits: readonly ChunkEdit[];
  /** Comments of a RUN that is gone as a whole, with their line breaks. */
  readonly comments: string;
}

/** The edits that take out of the RUN what goes first; undefined where the command does not end, or ends in another operator. */
function withoutInstall(
  { run, command }: CopyThenInstall,
  { moves, prefix }: EarlyInstall,
): WithoutInstall | undefined {
  const { chunk } = run.at;
  const { start } = run.rest.at(0, 0);
  if (!moves)
    return {
      edits: prefix === "" ? [] : [replaceText({ chunk, start, end: command.at.start }, "")],
      comments: "",
    };
  if (command.at.end >= run.at.end) {
    const first = blockStart(run.at);
    const end = Math.min(lineEndOf(chunk, run.at.end) + 1, chunk.text.length);
    return {
      edits: [{ chunk, start: first, end, newText: "" }],
      comments: chunk.text.slice(first, lineStartOf(chunk, run.at.start)),
    };
  }
  const behind = /^\s*(?:\\\n\s*)?&&\s*(?:\\\n\s*)?(?=[^\s#\\])/.exec(
    chunk.text.slice(command.at.end, run.at.end),
  );
  if (behind === null) return undefined;
  return { edits: [replaceText({ chunk, start, end: command.at.end + behind[0].length }, "")], comments: "" };
}

/** `COPY --chown=app`, as it is written. */
const copyWords = ({ keywordAt, keyword, flags }: DockerfileInstruction): string =>
  [
    keyword === "ADD" ? keywordLike({ keywordAt }, "COPY") : textAt(keywordAt),
    ...flags.map(({ at }) => textAt(at)),
  ].join(" ");

const keywordLike = ({ keywordAt }: Pick<DockerfileInstruction, "keywordAt">, keyword: string): string =>
  /^[a-z]+$/.test(textAt(keywordAt)) ? keyword.toLowerCase() : keyword;
