// Commands that run another command: `sudo -u x docker build .` is `docker build .`. Their options are known as far as
// they take a value, so that the command behind them is found.
import type { Word } from "../../syntax/shell-nodes";

interface Wrapper {
  /** Options that take the next word as their value. */
  readonly valued: readonly string[];
  /** Words behind the options that belong to the wrapper: the duration of `timeout`. */
  readonly operands: number;
}

const plain: Wrapper = { valued: [], operands: 0 };

/** Manual pages of sudo(8), env(1), timeout(1), nice(1); `retry` stands for scripts of that name, which take counts as options. */
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map([
  [
    "sudo",
    {
      valued: [
        "-u",
        "-g",
        "-h",
        "-p",
        "-C",
        "-D",
        "-R",
        "-T",
        "-U",
        "-r",
        "-t",
        "--user",
        "--group",
        "--host",
        "--prompt",
        "--chdir",
      ],
      operands: 0,
    },
  ],
  ["env", { valued: ["-u", "-C", "-S", "--unset", "--chdir"], operands: 0 }],
  ["time", { valued: ["-f", "-o", "--format", "--output"], operands: 0 }],
  ["command", plain],
  ["exec", { valued: ["-a"], operands: 0 }],
  ["nohup", plain],
  ["nice", { valued: ["-n", "--adjustment"], operands: 0 }],
  ["timeout", { valued: ["-k", "-s", "--kill-after", "--signal"], operands: 1 }],
  [
    "retry",
    {
      valued: [
        "-t",
        "-s",
        "-d",
        "-m",
        "-n",
        "-r",
        "--tries",
        "--times",
        "--sleep",
        "--delay",
        "--min",
        "--max",
      ],
      operands: 0,
    },
  ],
]);

export interface Unwrapped {
  /** Index of the first word of the command that is run. */
  readonly first: number;
  readonly wrappers: readonly string[];
  /** Indexes of `NAME=value` words behind `env` and `sudo`. */
  readonly assignments: readonly number[];
}

const assignment = /^[A-Za-z_]\w*=/;

/** Skips the wrappers in front of a command. `command -v docker` and `sudo -l` run nothing: nothing is skipped there. */
export function unwrap(words: readonly Word[]): Unwrapped {
  const wrappers: string[] = [];
  const assignments: number[] = [];
  let first = 0;
  for (;;) {
    const name = words[first]?.text ?? "";
    const wrapper = WRAPPERS.get(baseName(name));
    if (wrapper === undefined || (name === "command" && /^-[vV]$/.test(words[first + 1]?.text ?? ""))) break;
    wrappers.push(baseName(name));
    first = skipOptions(words, first + 1, wrapper, assignments);
  }
  return { first, wrappers, assignments };
}

function skipOptions(words: readonly Word[], from: number, wrapper: Wrapper, assignments: number[]): number {
  let at = from;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (assignment.test(word.text)) assignments.push(at);
    else if (word.text === "--") return at + 1 + wrapper.operands;
    else if (!word.text.startsWith("-") || word.text === "-") break;
    else if (wrapper.valued.includes(word.text)) at += 1;
    at += 1;
  }
  // `retry 3 docker push x`: a number in front of the command belongs to the wrapper.
  const counted = wrapper.operands === 0 && /^\d+[smhd]?$/.test(words[at]?.text ?? "") ? 1 : wrapper.operands;
  return Math.min(at + counted, words.length);
}

/** Last component of a path: "docker" for `/usr/bin/docker`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
