// The command that installs or fetches dependencies before the sources are there, made from the one that stands behind `COPY . .`.
import { setsUp, type FetchCommand } from "../data/package-managers";
import type { CopyThenInstall } from "../model/docker/copy-then-install";

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
  const { run, command, manager } = place;
  const { fix } = manager;
  if (fix === undefined || command.use === undefined || run.flags.length > 0 || run.heredocs.length > 0)
    return undefined;
  const { start, end } = command.use.command;
  const before = run.rest.text.slice(0, start);
  const written = run.rest.text.slice(start, end).trim().replace(/\s+/g, " ");
  if (!isSetUp(before) || fix.refuses?.test(written) === true) return undefined;
  const prefix = run.at.chunk.text.slice(run.rest.at(0, 0).start, command.at.start);
  const program = command.words[0] ?? "";
  const early = { prefix, wrapper: /^\.\/(mvnw|gradlew)$/.exec(program)?.[1] };
  if (early.wrapper === undefined && /^\.{0,2}[\w.-]*\//.test(program) && !program.startsWith("/"))
    return undefined;
  if (fix.fetch !== undefined) {
    const name = command.use.command.words.find(({ text }) => text === program);
    const environment = run.rest.text.slice(start, name?.start ?? end).trim();
    const fetch = fetchCommand(fix.fetch, environment, command.words);
    return fetch === undefined ? undefined : { ...early, command: fetch, moves: false };
  }
  if (SHELL_TEXT.test(written)) return undefined;
  const moves = fix.moves || fix.movesWith?.test(` ${written}`) === true;
  return { ...early, command: moves ? written : [written, fix.options].join(" ").trim(), moves };
}

/** `a && b && `, of commands that read nothing of the project; nothing at all is fine too. */
function isSetUp(before: string): boolean {
  if (before.trim() === "") return true;
  if (/[|;<>`()]|\$\(/.test(before)) return false;
  const parts = before.split("&&").map((part) => part.trim().replace(/\s+/g, " "));
  return parts.pop() === "" && parts.every(setsUp);
}

function fetchCommand(
  fetch: FetchCommand,
  environment: string,
  words: readonly string[],
): string | undefined {
  const [program = "", ...operands] = words;
  const assignments = environment
    .split(/\s+/)
    .filter((each) => each !== "" && !fetch.dropsEnvironment.test(each));
  const options = operands.filter((word) => fetch.keeps.test(word));
  if (!operands.every((word) => fetch.keeps.test(word) || fetch.drops.test(word))) return undefined;
  if ([program, ...assignments, ...options].some((word) => SHELL_TEXT.test(word))) return undefined;
  if (assignments.some((each) => !/^\w+=/.test(each))) return undefined;
  const command = fetch.command.replace("{program}", program).replace("{options}", options.join(" "));
  return [...assignments, command].join(" ").replace(/ +/g, " ").trim();
}
