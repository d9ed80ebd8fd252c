// What the RUN instructions of a Dockerfile run: simple commands of the shell form, of here-documents and of the exec form.
import { defineQuery, type QueryContext } from "../../query/query";
import { parseShell } from "../../syntax/shell";
import type { CommandUse, ShellScript } from "../../syntax/shell-nodes";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import { readScriptCommands } from "./script-commands";

export interface RunCommand {
  /** Program and arguments after quote removal, without `sudo`, `env` and assignments; expansions as written. */
  readonly words: readonly string[];
  /** The words with one blank between them. */
  readonly text: string;
  /** Undefined in the exec form. */
  readonly use: CommandUse | undefined;
  readonly at: Origin;
}

/** A script of an instruction: its text and tree. */
export interface RunScript {
  readonly text: MappedText;
  readonly tree: ShellScript;
}

export interface RunReading {
  readonly instruction: DockerfileInstruction;
  readonly commands: readonly RunCommand[];
  /** The instruction's own line, or its here-document where that is the script; empty in the exec form. */
  readonly scripts: readonly RunScript[];
}

const readings = defineQuery<DockerfileInstruction, RunReading>({
  name: "runReading",
  compute: (_ctx, instruction) => readRun(instruction),
});

/** Reads a RUN instruction. Text for another shell than a POSIX one gives what looks like simple commands. */
export const runReadingOf = (ctx: QueryContext, instruction: DockerfileInstruction): RunReading =>
  ctx.get(readings, instruction);

function readRun(instruction: DockerfileInstruction): RunReading {
  const { json } = instruction;
  if (json !== undefined) {
    const words = json.map(({ text }) => text);
    const command: RunCommand = {
      words,
      text: words.join(" "),
      use: undefined,
      at: instruction.rest.at(0, instruction.rest.text.length),
    };
    return { instruction, commands: words.length > 0 ? [command] : [], scripts: [] };
  }
  const scripts = scriptsOf(instruction).map((text): RunScript => ({ text, tree: parseShell(text.text) }));
  return { instruction, commands: scripts.flatMap(commandsIn), scripts };
}

/** `RUN <<EOF` and `RUN bash <<EOF` run the here-document's lines; `RUN cat <<EOF > file` only reads them. */
function scriptsOf({ rest, heredocs }: DockerfileInstruction): readonly MappedText[] {
  const [first] = heredocs;
  if (first === undefined) return [rest];
  if (/^\d*<<-?\S+$/.test(rest.text)) return firstLineIsShell(first.body.text) ? [first.body] : [];
  return /^(?:\/\S*\/)?(?:ba|da|a|z|k)?sh\b[^|;&]*<</.test(rest.text) ? [first.body] : [rest];
}

/** A here-document may begin with `#!/usr/bin/env python`. https://docs.docker.com/reference/dockerfile/#here-documents */
const firstLineIsShell = (text: string): boolean =>
  !text.startsWith("#!") || /^#!\S*(?:\/env\s+\S*)?(?:ba|da|a|z|k)?sh\b/.test(text);

const commandsIn = ({ text, tree }: RunScript): readonly RunCommand[] =>
  readScriptCommands(tree).commands.map(({ use, unwrapped }) => {
    const words = use.command.words.slice(unwrapped.first).map((word) => word.text);
    return { words, text: words.join(" "), use, at: text.at(use.command.start, use.command.end) };
  });

/** The RUN instructions of a list of instructions, read. */
export const runsIn = (
  ctx: QueryContext,
  instructions: readonly DockerfileInstruction[],
): readonly RunReading[] =>
  instructions.flatMap((instruction) =>
    instruction.keyword === "RUN" ? [runReadingOf(ctx, instruction)] : [],
  );
