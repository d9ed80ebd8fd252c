// Where the failure of a command stops its job: Runner starts each shell with `set -e`, and a script may switch that off.
// https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/shells/bash.go
import { defineQuery, type QueryContext } from "../../query/query";
import { errexitChange } from "../../syntax/shell-commands";
import type { Job } from "../pipeline/job";
import type { JobCommand } from "./command";
import { jobCommandsOf } from "./job-commands";

/** Positions (`JobCommand.order`) from which, and until which, failures of the job's own shells are overlooked. */
const switchedOff = defineQuery<Job, readonly number[]>({
  name: "errexitOff",
  compute: (ctx, job) =>
    job.script.some(({ text }) => /\bset\b/.test(text.text)) ? bordersIn(jobCommandsOf(ctx, job)) : [],
  equals: (a, b) => a.length === b.length && a.every((border, index) => border === b[index]),
});

/** Begins and ends by turns. A subshell, a called script and a function keep what they switch to themselves. */
function bordersIn(commands: readonly JobCommand[]): readonly number[] {
  const borders: number[] = [];
  let shell: 0 | 1 = 0;
  for (const command of commands) {
    if (command.shell !== shell && borders.length % 2 === 1) borders.push(command.order);
    shell = command.shell;
    if (command.caller !== undefined || command.use.subshell || command.use.inFunction !== undefined)
      continue;
    const change = errexitChange(command.argv);
    const isOff = borders.length % 2 === 1;
    if (change !== undefined && (change === "off") !== isOff) borders.push(command.order);
  }
  return borders;
}

/** Whether the job ends when the command fails. Not asked here: whether it runs at all. */
export function stopsJob(ctx: QueryContext, command: JobCommand): boolean {
  if (command.use.tolerated) return false;
  const passed = ctx.get(switchedOff, command.job).filter((border) => border <= command.order);
  return passed.length % 2 === 0;
}
