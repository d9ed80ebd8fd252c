// A push (or a pull from the project's own registry) in a job that never logs in.
// https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
import { commandsOf, dialectOf, isOpaque } from "../../model/docker/find-commands";
import { surelyEndsJob } from "../../model/docker/certain-commands";
import type { ContainerCommand } from "../../model/docker/command";
import type { ImageReference } from "../../model/docker/image-reference";
import { takesJobCredentials } from "../../model/docker/kaniko";
import { lostLoginOf } from "../../model/docker/lost-login";
import type { Job } from "../../model/pipeline/job";
import type { Severity } from "../../settings/settings";
import { loginFix, referenceFix } from "../login-fix";
import { isNearRunner, mayHaveHiddenCredentials, nameOfRegistryIn } from "../registry-words";
import {
  bringsCredentials,
  filePushesOf,
  firstLoginOf,
  hasCredentials,
  hostOf,
  isOwnRegistry,
  OPEN_REGISTRY,
  pullsOf,
  pushesOf,
  type RegistryUse,
} from "../../model/docker/registry-use";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const pushWithoutLogin = defineRule({
  id: "push-without-login",
  title: "Push without a login",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports jobs that push an image or a cache (with docker, compose, podman, buildah, skopeo, crane, kaniko or buildctl), or pull an image from the project's own registry, and do not log in to any registry before. kaniko 1.9 and later logs in to the project's own registry by itself.",
    why: `The registry refuses: "denied: requested access to the resource is denied", "unauthorized: authentication required"
or "denied: access forbidden". A job's own \`before_script\` replaces the one of \`default\`, with the login in it.`,
    fix: "Log in first, with the password through `--password-stdin`.",
    example: {
      bad: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:latest" .
    - docker push "$CI_REGISTRY_IMAGE:latest"
`,
      good: `
build:
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker build -t "$CI_REGISTRY_IMAGE:latest" .
    - docker push "$CI_REGISTRY_IMAGE:latest"
`,
    },
    references: [
      "https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/",
      "https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/",
    ],
  },

  *check(job, ctx) {
    if (!job.isClosed || commandsOf(ctx, job).length === 0) return;
    if (dialectOf(ctx, job) !== "posix" || hasCredentials(ctx, job)) return;
    const login = firstLoginOf(ctx, job);
    const isUnauthorised = (command: ContainerCommand): boolean =>
      surelyEndsJob(ctx, command) && runsBefore(command, login) && !bringsCredentials(command);
    const pushes = pushesOf(ctx, job).filter(
      (push) => isUnauthorised(push.command) && !logsInItself(ctx, job, push),
    );
    const pulls = pullsOf(ctx, job).filter(
      (pull) => isUnauthorised(pull.command) && pull.references.some(isOwnRegistry),
    );
    const isPush = pushes.length > 0;
    const uses = isPush ? pushes : pulls;
    const reference = uses[0]?.references[0];
    if (reference === undefined) yield* filePush(job, ctx, filePushesOf(ctx, job).find(isUnauthorised));
    if (reference === undefined || hostOf(reference) === OPEN_REGISTRY) return;
    // One login does for all of them: it goes in front of the first.
    const all = isOwnRegistry(reference) ? [...pushes, ...pulls] : uses;
    yield* report(job, ctx, uses, reference, isPush, loginFix(all, reference));
  },
});

/** kaniko needs no login for the project's own registry. */
const logsInItself = (ctx: RuleContext, job: Job, { command, references }: RegistryUse): boolean =>
  command.tool === "kaniko" && references.every(isOwnRegistry) && takesJobCredentials(ctx, job);

/** Where a function is called is not followed: what it does comes before a login only where there is none. */
const runsBefore = ({ order, use }: ContainerCommand, login: number | undefined): boolean =>
  login === undefined || (use.inFunction === undefined && order < login);

/** One finding for all of them: the login that is missing is one. */
function* report(
  job: Job,
  ctx: RuleContext,
  [first, ...others]: readonly RegistryUse[],
  reference: ImageReference,
  isPush: boolean,
  fixes: readonly FixDraft[],
): Iterable<Report> {
  if (first === undefined) return;
  const verb = isPush ? "pushes to" : "pulls from";
  yield {
    at: first.at,
    ...judgement(job, ctx, `This ${verb} ${nameOfRegistryIn(reference)}`, reference, fixes),
    severity: severityFor(job, ctx, reference, isPush),
    related: others.map(({ at }) => ({
      at: at.at,
      message: `also ${isPush ? "pushed" : "pulled"} without a login`,
    })),
  };
}

/** The registries stand in a file that is not read: it may be one that takes images from anybody. */
function* filePush(job: Job, ctx: RuleContext, command: ContainerCommand | undefined): Iterable<Report> {
  if (command === undefined) return;
  const file = command.verb === "buildx bake" ? "the bake file" : "the compose file";
  yield {
    at: { at: command.at, via: command.via },
    ...judgement(job, ctx, `This pushes the images of ${file}`, undefined, []),
    severity: mayHaveHiddenCredentials(ctx, job) ? "info" : "warning",
    confidence: "likely",
  };
}

function judgement(
  job: Job,
  ctx: RuleContext,
  what: string,
  reference: ImageReference | undefined,
  fixes: readonly FixDraft[],
): Pick<Report, "message" | "confidence" | "fixes"> {
  const lost = lostLoginOf(ctx, job);
  const because =
    lost === undefined
      ? ""
      : `, because the job's own \`before_script\` replaces that of ${lost.inBlock ? "`default`" : "the file's root"}, which logs in`;
  const unless = exceptionOf(job, ctx, reference);
  const merge = lost === undefined ? [] : referenceFix(lost);
  return {
    confidence: unless === "" ? "certain" : "likely",
    message: `${what} without a login in the job${because}, so it ends with "denied: requested access to the resource is denied" or "unauthorized"${unless}; log in first`,
    fixes: merge.length > 0 ? merge : fixes,
  };
}

/** What may make it work all the same, and no file here says. */
function exceptionOf(job: Job, ctx: RuleContext, reference: ImageReference | undefined): string {
  if (isOpaque(ctx, job)) return ", unless something that the job calls logs in";
  if (mayHaveHiddenCredentials(ctx, job)) return ", unless its runner is logged in already";
  return reference !== undefined && isUnknown(reference) ? ", unless that registry lets everybody in" : "";
}

/** A variable that no file sets says which registry it is. */
const isUnknown = (reference: ImageReference): boolean =>
  hostOf(reference) === undefined && !isOwnRegistry(reference);

/**
 * Registries near the runner, such as those that no file names, often ask for nothing, and shells and unread scripts may have
 * credentials that we don't see.
 */
function severityFor(job: Job, ctx: RuleContext, reference: ImageReference, isPush: boolean): Severity {
  const host = hostOf(reference);
  if (host === undefined ? isUnknown(reference) : isNearRunner(host)) return "info";
  if (mayHaveHiddenCredentials(ctx, job)) return "info";
  return isPush ? "error" : "warning";
}
