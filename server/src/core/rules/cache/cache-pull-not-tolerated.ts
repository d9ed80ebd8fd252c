// A pull that only warms the layer cache and stops the job where the image is not there yet.
// https://docs.gitlab.com/ci/docker/docker_layer_caching/
import type { QueryContext } from "../../query/query";
import { buildOf } from "../../model/docker/build";
import { surelyRuns, type ContainerCommand } from "../../model/docker/command";
import { stopsJob } from "../../model/docker/errexit";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { sameReference, type ImageReference } from "../../model/docker/image-reference";
import { showText, variablesIn } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { mayHaveRunBefore } from "../../model/pipeline/order";
import { endOf, replaceInScript } from "../edits";
import { pullsOf, pushesOf, type RegistryUse } from "../../model/docker/registry-use";
import { isBuiltBehind, isCacheBehind, pushersOf } from "../../model/docker/reference-index";
import { isNeededBehind } from "../../model/flow/pulled-use";
import { defineRule, type FixDraft } from "../rule";

export const cachePullNotTolerated = defineRule({
  id: "cache-pull-not-tolerated",
  title: "Pull of a cache image that may not exist",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a pull whose image the same job only uses as `--cache-from`, and whose failure stops the job.",
    why: `The first time (a new branch, a cleaned registry) the image does not exist: the pull ends with "manifest unknown"
or "pull access denied", and the job stops before it builds the image that the next run would find.`,
    fix: "Append `|| true`: without the cache the build is slower, and right.",
    example: {
      bad: `
build:
  script:
    - docker pull $CI_REGISTRY_IMAGE:latest
    - docker build --cache-from $CI_REGISTRY_IMAGE:latest -t $CI_REGISTRY_IMAGE:latest .
    - docker push $CI_REGISTRY_IMAGE:latest
`,
      good: `
build:
  script:
    - docker pull $CI_REGISTRY_IMAGE:latest || true
    - docker build --cache-from $CI_REGISTRY_IMAGE:latest -t $CI_REGISTRY_IMAGE:latest .
    - docker push $CI_REGISTRY_IMAGE:latest
`,
    },
    references: ["https://docs.gitlab.com/ci/docker/docker_layer_caching/"],
  },

  *check(job, ctx) {
    const isBuild = (command: ContainerCommand): boolean => buildOf(ctx, command) !== undefined;
    if (!commandsOf(ctx, job).some(isBuild) || dialectOf(ctx, job) !== "posix") return;
    for (const pull of pullsOf(ctx, job)) {
      const { command } = pull;
      if (command.shell === 1 || !endsScript(ctx, command)) continue;
      const [reference] = pull.references;
      if (
        reference === undefined ||
        !isCacheBehind(ctx, command, reference) ||
        mustExist(ctx, command, reference) ||
        isNeededBehind(ctx, command, reference)
      )
        continue;
      yield {
        at: pull.at,
        message: `The first time (new branch, cleaned registry) \`${showText(reference.text)}\` does not exist, and this pull stops the job ("manifest unknown"), although the image is only a cache; append \`|| true\``,
        fixes: tolerate(pull),
      };
    }
  },
});

/** `docker pull x && CACHE=x` goes on without the image: `set -e` overlooks what fails left of `&&`. */
const endsScript = (ctx: QueryContext, command: ContainerCommand): boolean =>
  surelyRuns(command) &&
  stopsJob(ctx, command) &&
  !command.use.beforeAnd &&
  !command.use.inSubstitution &&
  !command.isNested;

/** Images of this commit or pipeline, images that somebody else publishes, and those of an earlier job are there or must be. */
function mustExist(ctx: QueryContext, command: ContainerCommand, reference: ImageReference): boolean {
  const { job } = command;
  const variables = variablesIn(reference.text);
  if (variables.some(({ properties }) => properties.uniquePerCommit || properties.uniquePerPipeline))
    return true;
  const isOwn = ({ references }: RegistryUse): boolean =>
    references.some((each) => sameReference(each, reference));
  // Only an image by a fixed name may be somebody else's.
  if (variables.length === 0 && !isBuiltBehind(ctx, command, reference) && !pushesOf(ctx, job).some(isOwn))
    return true;
  return pushersOf(ctx, job.root, reference).some((other) => other !== job && mayComeFirst(ctx, other, job));
}

/** Jobs that nothing orders may run in any order: only where all stages can be seen does that count as not before. */
function mayComeFirst(ctx: QueryContext, other: Job, job: Job): boolean {
  const answer = mayHaveRunBefore(ctx, other, job);
  return answer === "yes" || (answer === "unknown" && !job.isClosed);
}

/** Not where more of a list follows: `docker pull x || exit 1` is somebody's decision. */
function tolerate({ command }: RegistryUse): readonly FixDraft[] {
  const end = endOf(command.at);
  if (/^\s*[|&]/.test(end.chunk.text.slice(end.end, end.end + 80))) return [];
  const edit = replaceInScript(command.item, end, " || true");
  return edit === undefined ? [] : [{ title: "Append `|| true`", safety: "safe", edits: [edit] }];
}
