// What is said of `docker-compose`, the program of Compose v1, and how to get rid of it.
import type { ContainerCommand } from "../model/docker/command";
import { composeV1Of, type ComposeV1 } from "../model/docker/compose-v1";
import type { Job, Pipeline } from "../model/pipeline/job";
import { visibleJobsOf } from "../model/pipeline/resolve";
import { textAt } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft, Report, RuleContext } from "./rule";

/** A job whose image is known not to have it, or to have nothing else. */
export function* composeInJob(job: Job, ctx: RuleContext): Iterable<Report> {
  const use = composeV1Of(ctx, job);
  if (use === undefined || use.isInstalled === "unknown") return;
  yield* reportOf(use, use.commands, messageFor(use, job), fixesOf(use, use.commands));
}

/** Of all other jobs one finding in a file. */
export function* composeInFiles({ root }: Pipeline, ctx: RuleContext): Iterable<Report> {
  const groups = new Map<string, ContainerCommand[]>();
  for (const job of visibleJobsOf(ctx, root)) {
    const use = job.isTrigger ? undefined : composeV1Of(ctx, job);
    if (use?.isInstalled === "unknown") add(groups, use.commands);
  }
  for (const commands of groups.values())
    yield* reportOf(UNKNOWN, commands, messageFor(UNKNOWN, undefined), fixesOf(UNKNOWN, commands));
}

const UNKNOWN: Pick<ComposeV1, "isInstalled" | "hasPlugin"> = {
  isInstalled: "unknown",
  hasPlugin: undefined,
};

function add(groups: Map<string, ContainerCommand[]>, commands: readonly ContainerCommand[]): void {
  for (const command of commands) {
    const { file } = command.nameAt.chunk;
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [command]);
    else group.push(command);
  }
}

function* reportOf(
  { isInstalled }: Pick<ComposeV1, "isInstalled">,
  commands: readonly ContainerCommand[],
  message: string,
  fixes: readonly FixDraft[],
): Iterable<Report> {
  const [first, ...others] = distinct(commands);
  if (first === undefined) return;
  yield {
    at: { at: first.nameAt, via: first.via },
    // The image of Compose v1 has a finding of its own, which says the same.
    severity: isInstalled === "no" ? "warning" : "info",
    message,
    related: others.map(({ nameAt }) => ({ at: nameAt, message: "also used here" })),
    fixes,
  };
}

/** A template's line once, however many jobs run it. */
const distinct = (commands: readonly ContainerCommand[]): readonly ContainerCommand[] =>
  commands.filter(
    ({ nameAt }, index) =>
      commands.findIndex(
        (other) => other.nameAt.chunk === nameAt.chunk && other.nameAt.start === nameAt.start,
      ) === index,
  );

const ENDED = "Compose v1, which ended in June 2023 and gets no fixes";

function messageFor(
  { isInstalled }: Pick<ComposeV1, "isInstalled" | "hasPlugin">,
  job: Job | undefined,
): string {
  const image = job?.image?.name.value ?? "";
  if (isInstalled === "no") {
    return `\`${image}\` has no \`docker-compose\`, so this ends with "docker-compose: not found"; use \`docker compose\` with a newer image`;
  }
  if (isInstalled === "yes")
    return `\`docker-compose\` is ${ENDED}; use \`docker compose\`, which the official \`docker\` image has`;
  return `\`docker-compose\` is ${ENDED}, and newer images and machines do not have it; use \`docker compose\``;
}

function fixesOf(
  { hasPlugin }: Pick<ComposeV1, "isInstalled" | "hasPlugin">,
  commands: readonly ContainerCommand[],
): readonly FixDraft[] {
  const all = distinct(commands);
  const isWritten = all.every(({ nameAt, isNamed }) => isNamed && /docker-compose$/.test(textAt(nameAt)));
  if (!isWritten || hasPlugin === false) return [];
  const edits = all.map(({ nameAt }) => replaceText(nameAt, "docker compose"));
  return [{ title: "Use `docker compose`, which the client has", safety: "manual", edits }];
}
