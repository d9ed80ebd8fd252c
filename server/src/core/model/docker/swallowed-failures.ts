// Where the failure of a command that matters (build, push, login, tests) is lost, so that the job goes on and passes.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set (-e) ,
// https://gitlab.com/gitlab-org/gitlab-runner/-/issues/25394
import { runsTests } from "../../data/test-runners";
import { defineQuery, type QueryContext } from "../../query/query";
import { errexitChange } from "../../syntax/shell-commands";
import type { AndOr, ShellNode, SimpleCommand } from "../../syntax/shell-nodes";
import type { Job } from "../pipeline/job";
import type { ContainerCommand, JobCommand } from "./command";
import { stopsJob } from "./errexit";
import { commandsOf, jobCommandsOf } from "./find-commands";
import { shellsOf, type JobScript } from "./job-shells";
import { baseName } from "./wrappers";

export type SwallowedFailure =
  /** `A && B` in front of more: `-e` overlooks what fails on the left of `&&`. `rest` are B and what follows it. */
  | {
      readonly how: "and";
      readonly command: JobCommand;
      readonly script: JobScript;
      readonly list: AndOr;
    }
  /** `A || true`. */
  | {
      readonly how: "or-true";
      readonly command: ContainerCommand;
      readonly script: JobScript;
      readonly list: AndOr;
    }
  /** `A | tee log` behind `set +o pipefail`. */
  | { readonly how: "pipe"; readonly command: ContainerCommand; readonly by: JobCommand }
  /** `set +e`, and nothing that sets it again or looks at the status. */
  | { readonly how: "errexit"; readonly command: ContainerCommand; readonly by: JobCommand };

/** The failures that a job's script loses. after_script is left out: nothing in it fails a job. */
export const swallowedFailuresOf = (ctx: QueryContext, job: Job): readonly SwallowedFailure[] =>
  ctx.get(swallowed, job);

const swallowed = defineQuery<Job, readonly SwallowedFailure[]>({
  name: "swallowedFailures",
  compute: (ctx, job) => {
    const texts = job.script.filter(({ section }) => section !== "after_script").map(({ text }) => text.text);
    const mayLose = texts.some((text) => /&&|\|\||\bset\b.*\+/.test(text));
    if (!mayLose) return [];
    const [shell] = shellsOf(ctx, job);
    if (shell?.shell !== 0) return [];
    return [...inLists(ctx, job, shell.scripts), ...inPipes(ctx, job), ...behindErrexitOff(ctx, job)];
  },
});

// ---- Lists

function inLists(ctx: QueryContext, job: Job, scripts: readonly JobScript[]): readonly SwallowedFailure[] {
  const byCommand = ownCommands(ctx, job);
  const last = scripts.at(-1);
  return scripts.flatMap((script) => {
    const find = (simple: SimpleCommand): JobCommand | undefined =>
      byCommand
        .get(simple)
        ?.find(({ item }) => item === script.itemAt(simple.words[0]?.start ?? simple.start));
    const end = script === last ? script.script.nodes.at(-1) : undefined;
    return script.script.nodes.flatMap((node) => [
      ...(node === end ? [] : inAndList(ctx, script, node, find)),
      ...listsIn(node).flatMap((list) => inOrTrue(ctx, script, list, find)),
    ]);
  });
}

type Find = (simple: SimpleCommand) => JobCommand | undefined;

/** The commands that stand in the job's own script, by their nodes: equal items share one tree. */
function ownCommands(ctx: QueryContext, job: Job): ReadonlyMap<SimpleCommand, readonly JobCommand[]> {
  const found = new Map<SimpleCommand, JobCommand[]>();
  for (const command of jobCommandsOf(ctx, job)) {
    if (command.shell !== 0 || command.caller !== undefined || command.isNested) continue;
    const same = found.get(command.use.command);
    if (same === undefined) found.set(command.use.command, [command]);
    else same.push(command);
  }
  return found;
}

function inAndList(
  ctx: QueryContext,
  script: JobScript,
  list: ShellNode,
  find: Find,
): readonly SwallowedFailure[] {
  if (list.kind !== "and-or" || list.background === true || list.operators.includes("||")) return [];
  const isWhole = script.script.nodes.length === 1;
  return list.items.slice(0, -1).flatMap((item): readonly SwallowedFailure[] => {
    const command = item.kind === "command" ? find(item) : undefined;
    if (command === undefined || !matters(ctx, command) || !stopsJob(ctx, command)) return [];
    return isWhole && checksEachItem(command.job) ? [] : [{ how: "and", command, script, list }];
  });
}

/** Runner then looks at the status of each item. https://docs.gitlab.com/runner/configuration/feature-flags/ */
const checksEachItem = (job: Job): boolean =>
  /^(?:true|1)$/i.test(job.variables.get("FF_ENABLE_BASH_EXIT_CODE_CHECK")?.value ?? "");

/** `A || true`, `A && B || :`; what stands left of another `||` is tried out. */
function inOrTrue(
  ctx: QueryContext,
  script: JobScript,
  list: AndOr,
  find: Find,
): readonly SwallowedFailure[] {
  const last = list.items.at(-1);
  if (list.operators.at(-1) !== "||" || list.operators.indexOf("||") !== list.operators.length - 1) return [];
  if (last?.kind !== "command" || !/^(?:true|:|exit 0|\/bin\/true)$/.test(textOf(last))) return [];
  return list.items.slice(0, -1).flatMap((item): readonly SwallowedFailure[] => {
    const found = item.kind === "command" ? find(item) : undefined;
    const command = found === undefined ? undefined : containerCommand(ctx, found);
    if (command === undefined || !makesOrSends(command)) return [];
    return [{ how: "or-true", command, script, list }];
  });
}

const textOf = ({ words }: SimpleCommand): string => words.map(({ text }) => text).join(" ");

/** The lists of a node and of the bodies in it; those that decide (`if a || b`) are left out. */
function listsIn(node: ShellNode): readonly AndOr[] {
  switch (node.kind) {
    case "and-or":
      return [node, ...node.items.flatMap(listsIn)];
    case "function":
      return node.body.flatMap(listsIn);
    case "command":
    case "pipeline":
      return [];
    default:
      return node.bodies.flatMap((body) => body.flatMap(listsIn));
  }
}

// ---- Which commands matter

const byOrder = defineQuery<Job, ReadonlyMap<number, ContainerCommand>>({
  name: "containerCommandsByOrder",
  compute: (ctx, job) => new Map(commandsOf(ctx, job).map((command) => [command.order, command])),
});

const containerCommand = (ctx: QueryContext, { job, order }: JobCommand): ContainerCommand | undefined =>
  ctx.get(byOrder, job).get(order);

const MAKES_OR_SENDS: ReadonlySet<string> = new Set(
  "build,push,buildx build,buildx bake,compose build,compose push,manifest push,bud".split(","),
);

const makesOrSends = ({ tool, verb }: ContainerCommand): boolean =>
  tool === "kaniko" || MAKES_OR_SENDS.has(verb);

function matters(ctx: QueryContext, command: JobCommand): boolean {
  const [name, ...words] = command.argv;
  if (name === undefined) return false;
  if (
    runsTests(
      baseName(name.text),
      words.map(({ text }) => text),
    )
  )
    return true;
  const container = containerCommand(ctx, command);
  return container !== undefined && (makesOrSends(container) || container.verb === "login");
}

// ---- Options of the shell

/** Whether a command runs in the job's own shell, and not in a process or function of its own. */
const isPlain = ({ shell, caller, use }: JobCommand): boolean =>
  shell === 0 && caller === undefined && !use.subshell && use.inFunction === undefined;

function inPipes(ctx: QueryContext, job: Job): readonly SwallowedFailure[] {
  const changes = jobCommandsOf(ctx, job).filter((each) => isPlain(each) && each.argv[0]?.text === "set");
  const isChange = (command: JobCommand, sign: string): boolean =>
    command.argv.some(({ text }, at) => text === "pipefail" && command.argv[at - 1]?.text.startsWith(sign));
  if (!changes.some((each) => isChange(each, "+"))) return [];
  const all = jobCommandsOf(ctx, job);
  return commandsOf(ctx, job).flatMap((command): readonly SwallowedFailure[] => {
    const by = changes.findLast(
      (each) => each.order < command.order && /pipefail/.test(textOf(each.use.command)),
    );
    const feeds = all.some(({ use }) => use.pipedFrom === command.use.command);
    if (by === undefined || !isChange(by, "+") || !feeds || !makesOrSends(command)) return [];
    return [{ how: "pipe", command, by }];
  });
}

/** Who looks at `$?` has switched `-e` off for that. */
function behindErrexitOff(ctx: QueryContext, job: Job): readonly SwallowedFailure[] {
  const all = jobCommandsOf(ctx, job).filter(({ shell }) => shell === 0);
  const own = all.filter(isPlain);
  const by = own.findLast((command) => errexitChange(command.argv) !== undefined);
  if (by === undefined || errexitChange(by.argv) !== "off" || by.use.conditional) return [];
  if (job.script.some(({ text }) => /\$\{?\?|PIPESTATUS|\btrap\b/.test(text.text))) return [];
  const last = all.at(-1);
  const lost = commandsOf(ctx, job).find(
    (command) =>
      command.order > by.order && isPlain(command) && makesOrSends(command) && !isTriedOut(command),
  );
  return lost === undefined || lost.order === last?.order ? [] : [{ how: "errexit", command: lost, by }];
}

/** Its failure is looked at where it stands: a branch, or a list with `||`. */
const isTriedOut = ({ use, item }: ContainerCommand): boolean =>
  use.conditional || use.beforeAnd || item.text.text.includes("||");
