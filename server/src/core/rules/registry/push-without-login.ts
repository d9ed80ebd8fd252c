// A push (or a pull from the project's own registry) in a job that never logs in.
// https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
import { commandsOf, dialectOf, isOpaque } from "../../model/docker/find-commands";
import { surelyEndsJob } from "../../model/docker/certain-commands";
import type { ContainerCommand } from "../../model/docker/command";
import { showText } from "../../model/docker/symbolic";
import type { ImageReference } from "../../model/docker/image-reference";
import { referencedOf } from "../../model/pipeline/reference";
import { rootKey } from "../../model/pipeline/resolve";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import type { Severity } from "../../settings/settings";
import { loginFix } from "../login-fix";
import {
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
    what: "Reports jobs that push an image, or pull one from the project's own registry, and do not log in to any registry before.",
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
    const isUnauthorised = ({ command }: RegistryUse): boolean =>
      surelyEndsJob(ctx, command) && runsBefore(command, login);
    const pushes = pushesOf(ctx, job).filter(isUnauthorised);
    const pulls = pullsOf(ctx, job).filter(
      (pull) => isUnauthorised(pull) && pull.references.some(isOwnRegistry),
    );
    const isPush = pushes.length > 0;
    const uses = isPush ? pushes : pulls;
    const reference = uses[0]?.references[0];
    if (reference === undefined || hostOf(reference) === OPEN_REGISTRY) return;
    // One login does for all of them: it goes in front of the first.
    const all = isOwnRegistry(reference) ? [...pushes, ...pulls] : uses;
    const fixes = loginFix(all, reference);
    yield* report(job, ctx, uses, reference, isPush, fixes);
  },
});

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
  const what = isPush ? `This pushes to ${nameOf(reference)}` : `This pulls from ${nameOf(reference)}`;
  const lost = loginOfDefault(job, ctx)
    ? ", because the job's own `before_script` replaces that of `default`, which logs in"
    : "";
  const unless = isOpaque(ctx, job) ? ", unless something that the job calls logs in" : "";
  yield {
    at: first.at,
    severity: severityFor(job, ctx, reference, isPush),
    confidence: isOpaque(ctx, job) ? "likely" : "certain",
    message: `${what} without a login in the job${lost}, so it ends with "denied: requested access to the resource is denied" or "unauthorized"${unless}; log in first`,
    related: others.map(({ at }) => ({
      at: at.at,
      message: `also ${isPush ? "pushed" : "pulled"} without a login`,
    })),
    fixes,
  };
}

function nameOf(reference: ImageReference): string {
  if (isOwnRegistry(reference)) return "`$CI_REGISTRY`";
  const host = hostOf(reference);
  if (host === "") return "Docker Hub";
  return host === undefined ? `the registry of \`${showText(reference.text)}\`` : `\`${host}\``;
}

/** Registries near the runner often ask for nothing, and shells and unread scripts may have credentials that we don't see. */
function severityFor(job: Job, ctx: RuleContext, reference: ImageReference, isPush: boolean): Severity {
  const host = hostOf(reference);
  const isPrivate =
    host !== undefined &&
    /^(localhost|127\.|[^.]*\.local\b|[^.:]+:\d+$)|\.(local|internal|lan)(:\d+)?$/.test(host);
  const profile = profileOf(ctx, job);
  const mayBeShell = profile.isKnown
    ? profile.ignoresImages !== false
    : job.image === undefined && job.tags.length > 0;
  if (isPrivate || mayBeShell || isOpaque(ctx, job)) return "info";
  return isPush && (host !== undefined || isOwnRegistry(reference)) ? "error" : "warning";
}

/** Whether `default` (or the root) has a `before_script` that logs in and the job replaces it with its own. */
function loginOfDefault(job: Job, ctx: RuleContext): boolean {
  const own = job.keywords.get("before_script")?.value;
  if (own === undefined || own.via.some((hop) => hop.kind === "default")) return false;
  const defaults = ctx.get(referencedOf, rootKey(job.root, "default")).value;
  const inherited =
    defaults?.kind === "map"
      ? defaults.entries.get("before_script")?.value
      : ctx.get(referencedOf, rootKey(job.root, "before_script")).value;
  if (inherited === undefined || inherited === own) return false;
  return (
    inherited.kind === "list" &&
    inherited.items.some((item) => item.kind === "scalar" && /\blogin\b/.test(item.node.text))
  );
}
