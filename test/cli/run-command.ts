// Runs one command line in this process, with the real analysis unless the test brings another one.
import * as commands from "../../server/src/cli/commands";
import type { Io } from "../../server/src/cli/io";
import { run } from "../../server/src/cli/run";
import { createAnalysis } from "../../server/src/core/index";

export interface Outcome {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(
  cwd: string,
  words: readonly string[],
  changes: Partial<Io> = {},
): Promise<Outcome> {
  let out = "";
  let err = "";
  const io: Io = {
    cwd,
    env: {},
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    outIsTerminal: false,
    errIsTerminal: false,
    input: () => Buffer.from(""),
    createAnalysis,
    ...changes,
  };
  const code = await run(words, io, {
    commands: () => Promise.resolve({ ...commands, io: () => io }),
    lsp: () => Promise.resolve(),
  });
  return { code, out, err };
}
