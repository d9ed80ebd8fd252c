// Which commands of a job are sure to run and to end it when they fail: the ground for saying that something is missing.
import type { QueryContext } from "../../query/query";
import type { Compound } from "../../syntax/shell-nodes";
import { surelyRuns, type Branch, type JobCommand } from "./command";
import { stopsJob } from "./errexit";
import { jobCommandsOf } from "./job-commands";

/**
 * Whether a command runs whenever its job does, and its failure ends the job. Besides what stands on its own that is so in a
 * loop over words that are known, and in a function that is surely called, as long as nothing may leave them early.
 */
export function surelyEndsJob(ctx: QueryContext, command: JobCommand): boolean {
  if (command.use.inSubstitution || !stopsJob(ctx, command)) return false;
  if (surelyRuns(command)) return true;
  if (!command.branches.every(runsAtLeastOnce) || mayBeLeftBefore(ctx, command)) return false;
  return command.use.inFunction === undefined
    ? command.branches.length > 0
    : isSurelyCalled(ctx, command, command.use.inFunction);
}

/** The body of `for x in a b`. A branch that is no node of the shell only tells two uses of one script apart. */
const runsAtLeastOnce = ({ node }: Branch): boolean =>
  !("kind" in node) || (isLoop(node) && node.words.some(({ isStatic }) => isStatic));

const isLoop = (node: object): node is Compound => "kind" in node && node.kind === "for" && "words" in node;

const LEAVERS: ReadonlySet<string> = new Set(["break", "continue", "return", "exit", "exec"]);

/** `continue` in front of it in a loop, `return` in a function: whether that runs is not asked. */
function mayBeLeftBefore(ctx: QueryContext, command: JobCommand): boolean {
  const loops = new Set(command.branches.map(({ node }) => node).filter(isLoop));
  return jobCommandsOf(ctx, command.job).some(
    (other) =>
      other.order < command.order &&
      LEAVERS.has(other.argv[0]?.text ?? "") &&
      (other.branches.some(({ node }) => isLoop(node) && loops.has(node)) ||
        (other.use.inFunction !== undefined && other.use.inFunction === command.use.inFunction)),
  );
}

function isSurelyCalled(ctx: QueryContext, command: JobCommand, name: string): boolean {
  return jobCommandsOf(ctx, command.job).some(
    (call) =>
      call.order > command.order &&
      call.shell === command.shell &&
      call.caller === command.caller &&
      call.argv[0]?.text === name &&
      surelyRuns(call) &&
      stopsJob(ctx, call),
  );
}
