// Commands that a line break cuts in two: the shell then runs an option as a command ("--pull: not found").
// In a folded block (`>`) YAML keeps the break in front of a line that is indented deeper than the first.
// https://yaml.org/spec/1.2.2/#813-folded-style
import type { QueryContext } from "../../query/query";
import type { Job, ScriptItem } from "../pipeline/job";
import type { JobCommand } from "./command";
import { jobCommandsOf } from "./find-commands";

export interface CutCommand {
  /** The option that stands where a command belongs. */
  readonly command: JobCommand;
  readonly isFolded: boolean;
}

/** The first cut of each script item that has one. */
export function cutCommandsOf(ctx: QueryContext, job: Job): readonly CutCommand[] {
  if (!job.script.some(({ text }) => OPTION_LINE.test(text.text))) return [];
  const seen = new Set<ScriptItem>();
  return jobCommandsOf(ctx, job).flatMap((command): readonly CutCommand[] => {
    const { item, caller, isNested, argv } = command;
    const [name] = argv;
    if (name === undefined || caller !== undefined || isNested || seen.has(item)) return [];
    if (!/^--?[A-Za-z]/.test(name.text) || !startsItsLine(item, command)) return [];
    seen.add(item);
    return [{ command, isFolded: item.at.chunk.text[item.at.start] === ">" }];
  });
}

const OPTION_LINE = /\n[ \t]*--?[A-Za-z]/;

/** Nothing but blanks stands before the option, and the line above it goes on with nothing. */
function startsItsLine({ at }: ScriptItem, { at: command }: JobCommand): boolean {
  if (command.chunk !== at.chunk || !/[|>]/.test(at.chunk.text[at.start] ?? "")) return false;
  const above = at.chunk.text.slice(at.start, command.start).split("\n");
  const own = above.pop() ?? "";
  const before = above.at(-1)?.trimEnd() ?? "";
  return above.length > 1 && own.trim() === "" && before !== "" && !before.trim().startsWith("#");
}
