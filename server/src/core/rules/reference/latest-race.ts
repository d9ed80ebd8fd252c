// `latest` is one image for all branches: whoever finishes last has it.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import { buildOf } from "../../model/docker/build";
import { isFlagOn } from "../../model/docker/command";
import { commandsOf, dialectOf, jobCommandsOf } from "../../model/docker/find-commands";
import { plainPlace } from "../../model/docker/reference-grammar";
import { isUniquePerCommit } from "../../model/docker/reference-properties";
import { referenceUsesOf, type ReferenceUse } from "../../model/docker/reference-uses";
import {
  dependsOnChanges,
  hasSharedTag,
  isImageOfJobs,
  sharingOf,
  type Sharing,
} from "../../model/docker/shared-tag";
import type { Job } from "../../model/pipeline/job";
import type { Severity } from "../../settings/settings";
import type { Origin } from "../../text/located";
import { replaceText } from "../edits";
import { limitJob } from "../limit-job";
import { defineRule, type FixDraft, type RuleContext } from "../rule";
import { onePerPlace } from "../variable-uses";

export const latestRace = defineRule({
  id: "latest-race",
  title: "Every branch pushes `latest`",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: `Reports jobs that push a tag which moves (\`latest\`, \`stable\`, \`prod…\`, \`main\`, \`master\`, or none) from the pipelines of every branch. A hint
where somebody starts the job by hand, and where the image only holds the tools of the pipeline's own jobs.`,
    why: `Whichever pipeline finishes last decides what the tag holds: a feature branch, or an older commit of the same branch. Caches, images of
a branch or a job, pushes behind a condition, and jobs for one branch or for Git tags are right.`,
    fix: "Push a tag of the commit's own, and give the shared one to the default branch alone.",
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
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA"
`,
    },
    references: [
      "https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd",
    ],
  },

  *check(job, ctx) {
    if (commandsOf(ctx, job).length === 0 || dialectOf(ctx, job) !== "posix") return;
    const uses = referenceUsesOf(ctx, job);
    const all = uses.filter((use) => isPush(ctx, use));
    const pushes = onePerPlace(
      all
        .filter((use) => hasSharedTag(use.reference) && isUnconditional(ctx, job, use))
        .map((use) => ({ use, at: use.at.at })),
    );
    const [first, ...others] = pushes;
    if (first === undefined) return;
    const sharing = sharingOf(ctx, job);
    const severity = severityFor(ctx, job, sharing, pushes);
    if (severity === undefined) return;
    const isUnique = all.some(({ reference }) => isUniquePerCommit(reference.text));
    yield {
      at: first.use.at,
      severity,
      message: messageFor(first.use.at.value, sharing),
      related: others.map(({ at }) => ({ at, message: "pushed here too" })),
      fixes: isUnique
        ? []
        : [
            ...limitJob(job, ctx, "Run the job for the default branch alone", DEFAULT_BRANCH),
            ...pushCommit(uses, pushes),
          ],
    };
  },
});

interface Push {
  readonly use: ReferenceUse;
  readonly at: Origin;
}

const isPush = (ctx: RuleContext, { role, command, isSure }: ReferenceUse): boolean => {
  if (command === undefined || !isSure) return false;
  if (role === "push") return !isFlagOn(command, "all-tags");
  return role === "name" && buildOf(ctx, command)?.pushes === true;
};

/** In no branch of the script, and behind nothing that may have left it. */
function isUnconditional(ctx: RuleContext, job: Job, { command }: ReferenceUse): boolean {
  if (command === undefined || command.use.conditional || command.use.inFunction !== undefined) return false;
  return !jobCommandsOf(ctx, job).some(
    ({ order, use, argv }) =>
      order < command.order && use.conditional && (argv[0]?.text === "exit" || argv[0]?.text === "return"),
  );
}

function severityFor(
  ctx: RuleContext,
  job: Job,
  sharing: Sharing,
  pushes: readonly Push[],
): Severity | undefined {
  switch (sharing) {
    case "one-branch":
      return undefined;
    case "by-hand":
      return "hint";
    case "some-branches":
      return dependsOnChanges(job) && pushes.every((push) => isImageOfJobs(ctx, job, push.use.reference))
        ? "hint"
        : "info";
    case "all-branches":
      return "warning";
  }
}

function messageFor(written: string, sharing: Sharing): string {
  const who =
    sharing === "all-branches"
      ? `Every pipeline on every branch overwrites`
      : `Pipelines of several branches may overwrite`;
  return `${who} \`${written}\`, so what it holds depends on who finished last; push \`:$CI_COMMIT_SHORT_SHA\` and give the shared tag to the default branch alone`;
}

// ---- Fixes

const DEFAULT_BRANCH = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH";

/** Every mention of the images in the job gets the commit's tag; nothing where one of them has no tag to replace. */
function pushCommit(uses: readonly ReferenceUse[], pushes: readonly Push[]): readonly FixDraft[] {
  const keys = new Set(pushes.map(({ use }) => use.reference.key));
  const same = uses.filter(
    ({ reference, role }) => keys.has(reference.key) && role !== "cache-from" && role !== "cache-to",
  );
  const places = same.map(({ reference: { tag } }) => {
    const [part, ...more] = (tag.known ? tag.value : undefined)?.parts ?? [];
    const at = part?.kind === "literal" && more.length === 0 ? plainPlace(part) : undefined;
    // Single quotes of the shell would keep the variable from being one.
    return at === undefined || at.chunk.text[at.end] === "'" ? undefined : { at };
  });
  const known = places.filter((place) => place !== undefined);
  if (known.length < places.length) return [];
  const edits = onePerPlace(known).map(({ at }) => replaceText(at, "$CI_COMMIT_SHORT_SHA"));
  return [{ title: "Push `:$CI_COMMIT_SHORT_SHA` instead", safety: "suggested", edits }];
}
