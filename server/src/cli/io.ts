// What a command may touch besides files: its streams and its surroundings. Tests put their own in.
import { readFileSync } from "node:fs";
import type { Analysis, Workspace } from "../core/index";

export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Everything on standard input. */
  readonly input: () => Buffer;
  readonly createAnalysis: (workspace: Workspace) => Analysis;
}

/** Exit codes, as documented. */
export const EXIT = { clean: 0, findings: 1, usage: 2, fault: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The streams of this process. */
export function processIo(createAnalysis: Io["createAnalysis"]): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY,
    errIsTerminal: process.stderr.isTTY,
    input: () => readFileSync(0),
    createAnalysis,
  };
}

/** Whether to print colours: on a terminal, unless NO_COLOR (https://no-color.org) says otherwise; FORCE_COLOR asks for them. */
export function wantsColour({ env, outIsTerminal }: Io): boolean {
  if (isSet(env["NO_COLOR"])) return false;
  if (isSet(env["FORCE_COLOR"])) return env["FORCE_COLOR"] !== "0";
  return outIsTerminal && env["TERM"] !== "dumb";
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";
