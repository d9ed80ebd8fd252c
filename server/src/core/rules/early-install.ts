// The command that installs or fetches dependencies before the sources are there, made from the one that stands behind `COPY . .`.
import { setsUp, type FetchCommand, type ManifestFix } from "../data/package-managers";
import type { CopyThenInstall } from "../model/docker/copy-then-install";
import type { SimpleCommand } from "../syntax/shell-nodes";

export interface EarlyInstall {
  /** What goes first in the RUN: `corepack enable && `, as it is written. */
  readonly prefix: string;
  readonly command: string;
  /** Whether the later command goes: it would do the same again, or start over. */
  readonly moves: boolean;
  /** The wrapper script of the project that it runs: "mvnw". */
  readonly wrapper: string | undefined;
}

/** Text that means something to the shell: quotes, expansions and redirections are left to those who wrote them. */
const SHELL_TEXT = /["'$`\\<>|&;*?()#]/;

/** Undefined where the RUN is more than a chain of commands, and where the options are not understood. */
export function earlyInstall(place: CopyThenInstall): EarlyInstall | undefined {
  const { run, command } = place;
  if (command.use === undefined || run.flags.length > 0 || run.heredocs.length > 0) return undefined;
  const { start } = command.use.command;
  const [program = ""] = command.words;
  const wrapper = /^\.\/(mvnw|gradlew)$/.exec(program)?.[1];
  // Any other program of the project comes with the sources.
  const isOfProject = wrapper === undefined && /^[^/]+\//.test(program);
  if (isOfProject || !isSetUp(run.rest.text.slice(0, start))) return undefined;
  const made = madeOf(place, command.use.command);
  const prefix = run.at.chunk.text.slice(run.rest.at(0, 0).start, command.at.start);
  return made && { ...made, prefix, wrapper };
}

function madeOf({ run, command, manager: { fix } }: CopyThenInstall, shell: SimpleCommand): Made | undefined {
  const { start, end, words } = shell;
  const written = run.rest.text.slice(start, end).trim().replace(/\s+/g, " ");
  if (fix === undefined || fix.refuses?.test(written) === true) return undefined;
  if (fix.fetch === undefined) return install(fix, written);
  const program = words.find(({ text }) => text === command.words[0])?.start ?? end;
  return fetchFirst(fix.fetch, run.rest.text.slice(start, program).trim(), command.words);
}

type Made = Pick<EarlyInstall, "command" | "moves">;

/** The same command, with what it needs as long as the sources are not there. */
function install(fix: ManifestFix, written: string): Made | undefined {
  if (SHELL_TEXT.test(written)) return undefined;
  const moves = fix.moves || fix.movesWith?.test(` ${written}`) === true;
  return { command: moves ? written : `${written} ${fix.options}`.trim(), moves };
}

/** `a && b && `, of commands that read nothing of the project; nothing at all is fine too. */
function isSetUp(before: string): boolean {
  if (before.trim() === "") return true;
  if (/[|;<>`()]|\$\(/.test(before)) return false;
  const parts = before.split("&&").map((part) => part.trim().replace(/\s+/g, " "));
  return parts.pop() === "" && parts.every(setsUp);
}

function fetchFirst(fetch: FetchCommand, environment: string, words: readonly string[]): Made | undefined {
  const [program = "", ...operands] = words;
  const assignments = environment
    .split(/\s+/)
    .filter((each) => each !== "" && !fetch.dropsEnvironment.test(each));
  if (!operands.every((word) => fetch.keeps.test(word) || fetch.drops.test(word))) return undefined;
  const options = operands.filter((word) => fetch.keeps.test(word));
  // In front of several commands an assignment would reach the first alone.
  const isChain = fetch.command.includes("&&") && assignments.length > 0;
  const isPlain = ![program, ...assignments, ...options].some((word) => SHELL_TEXT.test(word));
  if (isChain || !isPlain || !assignments.every((each) => /^\w+=/.test(each))) return undefined;
  const command = fetch.command.replace("{program}", program).replace("{options}", options.join(" "));
  return { command: [...assignments, command].join(" ").replace(/ +/g, " ").trim(), moves: false };
}
