// The container commands of a job as plain data: the words that are run, and where they are written.
import { commandsOf } from "../model/docker/find-commands";
import type { ScriptSection } from "../model/pipeline/job";
import { jobOf, type RootKey } from "../model/pipeline/resolve";
import { splitRootKey } from "../model/pipeline/root-table";
import { defineQuery } from "../query/query";
import type { Origin } from "../text/located";
import type { FilePath } from "../text/source-file";

export interface FoundCommand<P> {
  /** Without assignments, wrappers and redirections: after quote removal, with expansions as in the source. */
  readonly argv: readonly string[];
  readonly section: ScriptSection;
  /** Index in the section, nested lists flattened. */
  readonly item: number;
  /** The whole command: assignments, wrappers and redirections included. */
  readonly at: P;
}

export interface JobCommands<P> {
  /** The entry file of its pipeline. */
  readonly root: FilePath;
  readonly name: string;
  /** In order of their place in the text. */
  readonly commands: readonly FoundCommand<P>[];
}

/**
 * The container commands that a job's scripts name; undefined where no job has the name. Those whose name comes from a
 * variable are not among them, nor those in the text of `sh -c '…'`, which is a word of another command.
 */
export const foundCommandsOf = defineQuery<RootKey, JobCommands<Origin> | undefined>({
  name: "foundCommandsOf",
  compute: (ctx, key) => {
    const job = ctx.get(jobOf, key);
    if (job === undefined) return undefined;
    const [root, name] = splitRootKey(key);
    const named = job.isTrigger
      ? []
      : commandsOf(ctx, job).filter(({ isNamed, isNested }) => isNamed && !isNested);
    const commands = named.map(({ argv, section, item, at }) => {
      return { argv: argv.map(({ text }) => text), section, item: item.index, at };
    });
    return { root, name, commands };
  },
});

/** The same commands with places said otherwise; those without one are left out. */
export function placeCommands<P, Q>(
  job: JobCommands<P>,
  placeOf: (place: P) => Q | undefined,
): JobCommands<Q> {
  const commands = job.commands.flatMap((command) => {
    const at = placeOf(command.at);
    return at === undefined ? [] : [{ ...command, at }];
  });
  return { ...job, commands };
}
