// Which commands of a job call scripts of the repository, and in which directories the job's own commands run: each needs the
// other, because `cd` decides which file a path means, and a sourced script may hold a `cd`.
import { defineQuery, type QueryContext } from "../../query/query";
import type { SimpleCommand } from "../../syntax/shell-nodes";
import type { Job } from "../pipeline/job";
import { callOf, mayCall, type ScriptCall } from "./called-scripts";
import type { WorkingDirectory } from "./command";
import { shellsOf, type JobShell } from "./job-shells";
import { pathText } from "./path-text";
import { scriptReading } from "./script-commands";
import { AT_ROOT, directoriesOf, mayMove, type Directories } from "./working-directory";
import { unwrap } from "./wrappers";

/** Where the commands of one shell's scripts run, script by script; empty where they never leave the project's directory. */
export const directoriesOfShell = (
  ctx: QueryContext,
  job: Job,
  shell: JobShell["shell"],
): readonly Directories[] => ctx.get(directoriesOfJob, job).get(shell) ?? [];

/** Most scripts move nowhere: then there is nothing to follow. */
const directoriesOfJob = defineQuery<Job, ReadonlyMap<JobShell["shell"], readonly Directories[]>>({
  name: "directoriesOfJob",
  compute: (ctx, job) =>
    new Map(
      shellsOf(ctx, job)
        .filter(({ scripts }) => scripts.some(({ text }) => mayMove(text)))
        .map(({ shell, scripts }) => [shell, followed(ctx, job, scripts)]),
    ),
});

const followed = (ctx: QueryContext, job: Job, scripts: JobShell["scripts"]): readonly Directories[] =>
  directoriesOf(
    scripts.map(({ script }) => script),
    AT_ROOT,
    (word) => pathText(job, word),
    (command, directory) => {
      const call = callBy(ctx, job, command, unwrap(command.words).first, directory);
      return call?.how === "source" ? call.file.script : undefined;
    },
  );

/**
 * The script that a command runs; undefined where it runs none that can be read.
 *
 * @param first index of the command's name behind its wrappers
 */
export const callBy = (
  ctx: QueryContext,
  job: Job,
  { words }: SimpleCommand,
  first: number,
  directory: WorkingDirectory,
): ScriptCall | undefined =>
  mayCall(words[first]) ? callOf(ctx, job, words.slice(first), directory) : undefined;

/** Whether a job may call a script that can be read: `sh -c '…'` counts, whatever stands in it. */
export const callsFile = (ctx: QueryContext, job: Job): boolean =>
  shellsOf(ctx, job).some((shell) => callsInShell(ctx, job, shell));

function callsInShell(ctx: QueryContext, job: Job, { shell, scripts }: JobShell): boolean {
  const callers = scripts.map(({ script }) => ctx.get(scriptReading, script).callers);
  if (callers.every(({ length }) => length === 0)) return false;
  const directories = directoriesOfShell(ctx, job, shell);
  return callers.some((commands, index) =>
    commands.some(({ use: { command }, unwrapped: { first } }) => {
      const holdsScript = command.words.slice(first).some(({ text }) => /^-[a-z]*c$/.test(text));
      const directory = directories[index]?.of(command) ?? AT_ROOT;
      return holdsScript || callBy(ctx, job, command, first, directory) !== undefined;
    }),
  );
}
