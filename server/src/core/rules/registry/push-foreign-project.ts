// The job's own credentials may push to the registry of its own project alone.
// https://docs.gitlab.com/ci/jobs/ci_job_token/ , build_can_push? in
// app/services/auth/container_registry_authentication_service.rb of gitlab-org/gitlab
import { dialectOf } from "../../model/docker/find-commands";
import { hasOtherCredentials, loginsOf, type Account } from "../../model/docker/credentials";
import { projectPathOf, type ProjectPath } from "../../model/docker/project-path";
import { OWN_REGISTRY, registryOf, sameRegistry } from "../../model/docker/registry-name";
import {
  bringsCredentials,
  hasCredentials,
  pushesOf,
  type RegistryUse,
} from "../../model/docker/registry-use";
import type { ImageReference } from "../../model/docker/image-reference";
import { showText, type SymbolicPart } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { textAt } from "../../text/located";
import { replaceInScript } from "../edits";
import { mayHaveHiddenCredentials } from "../registry-words";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const pushForeignProject = defineRule({
  id: "push-foreign-project",
  title: "Push to another project with the job's own token",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports pushes to a path of `$CI_REGISTRY` that is not `$CI_REGISTRY_IMAGE`, also `$CI_REGISTRY/$CI_REGISTRY_IMAGE`, where the job logs in with `$CI_REGISTRY_USER` or `$CI_JOB_TOKEN`; the project's own path written out, and pushes with `$CI_DEPLOY_USER`, as information.",
    why: `The token of a job may push to the registry of its own project alone, whoever started the job and whatever the job token
allowlist says; elsewhere the registry answers "denied: requested access to the resource is denied". A path that is written
out breaks when the project is moved, renamed or forked.`,
    fix: "Push to `$CI_REGISTRY_IMAGE`, or log in with a deploy token of the other project that has the scope `write_registry`.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker push "$CI_REGISTRY/$CI_PROJECT_NAMESPACE/shared-images/app:latest"
`,
      good: `
build:
  image: docker:29.6.2-cli
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker push "$CI_REGISTRY_IMAGE/app:latest"
`,
    },
    references: [
      "https://docs.gitlab.com/ci/jobs/ci_job_token/",
      "https://docs.gitlab.com/user/project/deploy_tokens/",
      "https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/auth/container_registry_authentication_service.rb",
    ],
  },

  *check(job, ctx) {
    const pushes = pushesOf(ctx, job);
    if (pushes.length === 0 || dialectOf(ctx, job) !== "posix") return;
    const account = accountOf(ctx, job);
    if (account === undefined || hasCredentials(ctx, job) || hasOtherCredentials(ctx, job)) return;
    const seen = new Set<string>();
    for (const push of pushes) {
      if (push.command.use.tolerated || bringsCredentials(push.command)) continue;
      const report = account === "job" ? judge(ctx, job, push) : byDeployToken(push);
      if (report === undefined || seen.has(report.message)) continue;
      seen.add(report.message);
      yield report;
    }
  },
});

/** Whose credentials the job has for the project's registry; undefined where that is not sure, or they are somebody's. */
function accountOf(ctx: RuleContext, job: Job): Account | undefined {
  const logins = loginsOf(ctx, job).filter(({ registries }) =>
    registries.some((name) => name === undefined || sameRegistry(ctx, name, OWN_REGISTRY) !== "no"),
  );
  const [account, ...others] = new Set(logins.map((login) => login.account));
  const isOwn = logins.every(({ registries }) =>
    registries.every((name) => name !== undefined && sameRegistry(ctx, name, OWN_REGISTRY) === "yes"),
  );
  return others.length > 0 || !isOwn || account === "other" ? undefined : account;
}

const isOwnRegistry = (push: RegistryUse): boolean =>
  push.references.every((reference) => registryOf(reference) === OWN_REGISTRY);

/** A deploy token may read only, unless somebody gave it the scope. */
function byDeployToken(push: RegistryUse): Report | undefined {
  if (!isOwnRegistry(push)) return undefined;
  return {
    at: push.at,
    severity: "info",
    confidence: "likely",
    message:
      'This pushes with the deploy token of `$CI_DEPLOY_USER`, which can push only where it has the scope `write_registry` (else "denied: requested access to the resource is denied"); use `$CI_REGISTRY_USER` for the project\'s own registry',
  };
}

function judge(ctx: RuleContext, job: Job, push: RegistryUse): Report | undefined {
  const [reference] = push.references;
  if (reference === undefined || !isOwnRegistry(push)) return undefined;
  if (push.references.every(namesRegistryTwice)) return twice(ctx, job, push);
  const path = projectPathOf(ctx, reference);
  if (path === undefined || path.is === "own") return undefined;
  // Variants may differ behind the project's path.
  const isOne = push.references.every((each) => projectPathOf(ctx, each)?.is === path.is);
  if (!isOne) return undefined;
  const name = showText(reference.text);
  if (path.is === "own-written-out") return writtenOut(push, name, path);
  const unless = path.is === "unknown" ? ", unless this is that project" : "";
  return {
    at: push.at,
    severity: mayHaveHiddenCredentials(ctx, job) ? "info" : "warning",
    confidence: path.is === "foreign" ? "certain" : "likely",
    message: `\`${name}\` lies in another project than this one${unless}, and the job's token may push to \`$CI_REGISTRY_IMAGE\` alone ("denied: requested access to the resource is denied"); push there, or log in with a deploy token of that project`,
  };
}

/** `$CI_REGISTRY/$CI_REGISTRY_IMAGE`: the second begins with the first. https://docs.gitlab.com/ci/variables/predefined_variables/ */
function namesRegistryTwice({ text: { parts } }: ImageReference): boolean {
  const [registry, slash, image] = parts;
  return (
    isPredefined(registry, "CI_REGISTRY") &&
    slash?.kind === "literal" &&
    slash.text === "/" &&
    isPredefined(image, "CI_REGISTRY_IMAGE")
  );
}

const isPredefined = (part: SymbolicPart | undefined, name: string): boolean =>
  part?.kind === "variable" &&
  part.name === name &&
  part.reason === "predefined" &&
  part.change === undefined;

function twice(ctx: RuleContext, job: Job, push: RegistryUse): Report {
  const written = textAt(push.at.at);
  const fixed = written.replace(/\$(?:CI_REGISTRY|\{CI_REGISTRY\})\/(?=\$\{?CI_REGISTRY_IMAGE\b)/, "");
  const edit = fixed === written ? undefined : replaceInScript(push.command.item, push.at.at, fixed);
  return {
    at: push.at,
    severity: mayHaveHiddenCredentials(ctx, job) ? "info" : "warning",
    confidence: "likely",
    message:
      '`$CI_REGISTRY_IMAGE` begins with `$CI_REGISTRY` already, so this is the path of no project ("denied: requested access to the resource is denied"), unless the project sets the variable itself; leave `$CI_REGISTRY/` out',
    fixes:
      edit === undefined ? [] : [{ title: "Leave `$CI_REGISTRY/` out", safety: "suggested", edits: [edit] }],
  };
}

function writtenOut(push: RegistryUse, name: string, path: ProjectPath): Report {
  return {
    at: push.at,
    severity: "info",
    message: `\`${name}\` is this project's own path written out, which breaks when the project is moved or forked ("denied: requested access to the resource is denied"); use \`$CI_REGISTRY_IMAGE\``,
    fixes: ownFix(push, path),
  };
}

/** `$CI_REGISTRY/group/project/x` becomes `$CI_REGISTRY_IMAGE/x`, where all of it stands in the word itself. */
function ownFix({ at, command }: RegistryUse, { text }: ProjectPath): readonly FixDraft[] {
  const written = textAt(at.at);
  const prefix = new RegExp(`\\$(?:CI_REGISTRY|\\{CI_REGISTRY\\})/${escaped(text)}(?=[/:"']|$)`);
  const fixed = written.replace(prefix, "${CI_REGISTRY_IMAGE}");
  if (fixed === written) return [];
  const edit = replaceInScript(command.item, at.at, fixed);
  return edit === undefined
    ? []
    : [{ title: "Use `$CI_REGISTRY_IMAGE`", safety: "suggested", edits: [edit] }];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
