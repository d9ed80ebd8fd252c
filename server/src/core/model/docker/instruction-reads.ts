// Which variables an instruction of a Dockerfile reads while the image is built, with their places.
// https://docs.docker.com/reference/dockerfile/#environment-replacement
import type { QueryContext } from "../../query/query";
import type { DockerfileFlag, DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import { partOf, type Origin } from "../../text/located";
import { runReadingOf } from "./dockerfile-run";
import { scriptVariables } from "./shell-reads";

export interface InstructionRead {
  readonly name: string;
  /** `${X:-y}` and its kin. */
  readonly hasFallback: boolean;
  /** `$X` or `${X}` as written. */
  readonly at: Origin;
}

/** What BuildKit itself expands. CMD, ENTRYPOINT and HEALTHCHECK are read by the container's shell, without any ARG. */
const EXPANDED: ReadonlySet<string> = new Set([
  "ADD",
  "ARG",
  "COPY",
  "ENV",
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);

/**
 * The variables that an instruction reads and does not set itself. RUN is read by the shell: by its tree, and not at all where
 * the script takes its variables from another one or where the shell is none of the POSIX family.
 */
export function readsOf(
  ctx: QueryContext,
  instruction: DockerfileInstruction,
  escape: string,
): readonly InstructionRead[] {
  const { keyword, rest, flags } = instruction;
  if (keyword === "RUN") return readsOfRun(ctx, instruction);
  if (!EXPANDED.has(keyword)) return [];
  return [
    ...flags.flatMap((flag) => readsOfFlag(flag, escape)),
    ...readsOfText(rest.text, escape, (start, end) => rest.at(start, end)),
  ];
}

function readsOfRun(ctx: QueryContext, instruction: DockerfileInstruction): readonly InstructionRead[] {
  if (!instruction.rest.text.includes("$") && instruction.heredocs.length === 0) return [];
  return runReadingOf(ctx, instruction).scripts.flatMap(({ text, tree }) => {
    const { reads, sets, isOpen } = scriptVariables(tree);
    if (isOpen || tree.dialect === "powershell") return [];
    return reads
      .filter(({ name }) => !sets.has(name))
      .map(({ name, hasFallback, start, end }) => ({ name, hasFallback, at: text.at(start, end) }));
  });
}

function readsOfFlag({ name, value, valueAt }: DockerfileFlag, escape: string): readonly InstructionRead[] {
  if (name === "from" || value === undefined || valueAt === undefined || !value.includes("$")) return [];
  const isPlain = valueAt.end - valueAt.start === value.length;
  return readsOfText(value, escape, (start, end) => (isPlain ? partOf(valueAt, start, end) : valueAt));
}

/** `$X`, `${X}`, `${X:-y}`. */
const VARIABLE = /\$(?:\{([A-Za-z_]\w*)([^}\n]{0,200})\}|([A-Za-z_]\w*))/g;

/** The variables of a text by BuildKit's rules: nothing counts in single quotes and behind the escape character. */
export function readsOfText(
  text: string,
  escape: string,
  place: (start: number, end: number) => Origin,
): readonly InstructionRead[] {
  if (!text.includes("$")) return [];
  const literal = literalRanges(text, escape);
  let next = 0;
  return [...text.matchAll(VARIABLE)].flatMap((match) => {
    const at = match.index;
    while ((literal[next]?.end ?? Infinity) <= at) next += 1;
    if ((literal[next]?.start ?? Infinity) <= at) return [];
    const name = match[1] ?? match[3] ?? "";
    return [{ name, hasFallback: /^:?[-+?]/.test(match[2] ?? ""), at: place(at, at + match[0].length) }];
  });
}

/** What stands in single quotes, and each character behind the escape character. */
function literalRanges(
  text: string,
  escape: string,
): readonly { readonly start: number; readonly end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  let quote = "";
  let opened = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") {
      ranges.push({ start: at + 1, end: at + 2 });
      at += 1;
    } else if (character === quote) {
      if (quote === "'") ranges.push({ start: opened, end: at });
      quote = "";
    } else if (quote === "" && (character === "'" || character === '"')) [quote, opened] = [character, at];
  }
  return quote === "'" ? [...ranges, { start: opened, end: text.length }] : ranges;
}
