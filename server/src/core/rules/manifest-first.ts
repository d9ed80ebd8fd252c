// The edits that copy manifests and install dependencies in front of a `COPY . .`.
import type { ManifestFix } from "../data/package-managers";
import { below } from "../text/paths";
import type { QueryContext } from "../query/query";
import type { DockerfileInstruction } from "../syntax/dockerfile-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import type { CopyThenInstall } from "../model/docker/copy-then-install";
import { indentAt, insertBefore, lineEndOf, lineStartOf, replaceText, startsLine } from "./edits";
import type { FixDraft } from "./rule";

/**
 * Only where the files show that nothing else is needed: the manifests are read, the install follows the COPY at once and stands
 * alone or first in its RUN, both work in the same directory.
 */
export function manifestFirst(ctx: QueryContext, place: CopyThenInstall): readonly FixDraft[] {
  const { manager, manifests, copy, run, command } = place;
  const { fix } = manager;
  if (fix === undefined || !isEnough(ctx, place, fix) || !staysInPlace(place)) return [];
  const rest = fix.moves ? withoutInstall(run, place) : [];
  const install = manager.id === "go" ? "go mod download" : [command.text, fix.options].join(" ").trim();
  if (rest === undefined || !startsLine(copy.at) || /["'$`\\<>|&;*?()]/.test(install)) return [];
  const context = manifests[0]?.context ?? "";
  const companions = manager.companions.filter((name) => ctx.exists(below(context, name)) === true);
  const files = [...manifests.map(({ name }) => name), ...companions];
  const lines = [`${copyWords(copy)} ${files.join(" ")} ./`, `${keywordLike(copy, "RUN")} ${install}`];
  const indent = indentAt(copy.at);
  const first = insertBefore(copy.at, lines.map((line) => `${line}\n${indent}`).join(""));
  const title = `Copy ${files.map((name) => `\`${name}\``).join(", ")} and install first`;
  return [{ title, safety: "suggested", edits: [first, ...rest] }];
}

/** Whether the files that are copied first are all that an install reads. */
function isEnough(ctx: QueryContext, { manifests, command }: CopyThenInstall, fix: ManifestFix): boolean {
  const [first] = manifests;
  return (
    first !== undefined &&
    command.use !== undefined &&
    manifests.every(({ name, text }) => /^(?!\.\.)[\w./-]+$/.test(name) && !fix.needsMore.test(text)) &&
    !fix.unless.some((path) => isThere(ctx, below(first.context, path)))
  );
}

const isThere = (ctx: QueryContext, path: string): boolean =>
  ctx.exists(path) === true || [...(ctx.paths() ?? [])].some((each) => each.startsWith(`${path}/`));

/** `COPY . .` and then the RUN: what stands between them may be needed by the install. */
function staysInPlace({ stage, copy, run, manifests }: CopyThenInstall): boolean {
  const index = stage.instructions.indexOf(copy);
  if (stage.instructions[index + 1] !== run) return false;
  const target = (copy.json ?? copy.words)[1]?.text.replace(/\/$/, "") ?? "";
  const directory = stage.instructions
    .slice(0, index)
    .filter(({ keyword }) => keyword === "WORKDIR")
    .at(-1)
    ?.rest.text.trim();
  // Manifests below a folder would lose it: COPY puts all files into one directory.
  return (
    (target === "." || target === directory?.replace(/\/$/, "")) &&
    manifests.every(({ name }) => !name.includes("/"))
  );
}

/** The edits that take the install out of its RUN; undefined where it does not stand alone or first. */
function withoutInstall(
  run: DockerfileInstruction,
  { command }: CopyThenInstall,
): readonly ChunkEdit[] | undefined {
  const { chunk } = run.at;
  if (run.flags.length > 0 || run.heredocs.length > 0 || !startsLine(run.at)) return undefined;
  if (command.at.start !== run.rest.at(0, 0).start) return undefined;
  if (command.at.end >= run.at.end) {
    const end = Math.min(lineEndOf(chunk, run.at.end) + 1, chunk.text.length);
    return [{ chunk, start: lineStartOf(chunk, run.at.start), end, newText: "" }];
  }
  const behind = /^\s*(?:\\\n\s*)?&&\s*(?:\\\n\s*)?(?=[^\s#\\])/.exec(
    chunk.text.slice(command.at.end, run.at.end),
  );
  if (behind === null) return undefined;
  return [replaceText({ chunk, start: command.at.start, end: command.at.end + behind[0].length }, "")];
}

/** `COPY --chown=app`, as it is written. */
const copyWords = ({ keywordAt, keyword, flags }: DockerfileInstruction): string =>
  [
    keyword === "ADD" ? keywordLike({ keywordAt }, "COPY") : textAt(keywordAt),
    ...flags.map(({ at }) => textAt(at)),
  ].join(" ");

const keywordLike = ({ keywordAt }: Pick<DockerfileInstruction, "keywordAt">, keyword: string): string =>
  /^[a-z]+$/.test(textAt(keywordAt)) ? keyword.toLowerCase() : keyword;
