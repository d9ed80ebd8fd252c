// What stands in the way of renaming jobs and stages.
// https://docs.gitlab.com/ci/jobs/#job-names , https://docs.gitlab.com/ci/yaml/#stages
import { pipelineFilesOf } from "../../model/pipeline/include";
import type { Job } from "../../model/pipeline/job";
import { RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "../../model/pipeline/keywords";
import { DEFAULT_STAGES, stagesOf } from "../../model/pipeline/order";
import { jobOf, pipelineOf } from "../../model/pipeline/resolve";
import { definitionsOf, rootKey } from "../../model/pipeline/root-table";
import type { Value } from "../../model/pipeline/value";
import type { QueryContext } from "../../query/query";
import { keyText } from "../../syntax/yaml-nodes";
import { textAt, type Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { jobsOfPipeline } from "./jobs-of-workspace";
import { linkedNames } from "./pipeline-names";
import { placeText, type RenameRules } from "./rename-rules";

const LONGEST = 255;

/** Names that GitLab keeps for itself beside its keywords. */
const KEPT: ReadonlySet<string> = new Set(["true", "false", "nil", "pages:deploy", "inputs"]);

export const jobRules: RenameRules = {
  blocked(ctx, mention, all) {
    const { name } = mention;
    const { roots } = linkedNames(ctx, mention);
    if (name === "pages")
      return "GitLab Pages are published by a job of the name `pages`, so another name changes what it does";
    if (!all.some(({ role }) => role === "definition")) return undefinedName(ctx, "job", name, roots);
    for (const root of roots) {
      const job = ctx.get(jobOf, rootKey(root, name));
      const reason = job === undefined ? undefined : blockedJob(ctx, job);
      if (reason !== undefined) return reason;
    }
    return composed(ctx, name, roots);
  },
  refuses(ctx, mention, name) {
    const { roots } = linkedNames(ctx, mention);
    const problem = invalidName(name);
    if (problem !== undefined) return problem;
    if (RESERVED_ROOT_KEYS.has(name) || SOFT_ROOT_KEYS.has(name) || KEPT.has(name))
      return `\`${name}\` is a keyword of GitLab, not a name for a job`;
    if (name === "pages") return "A job of the name `pages` publishes GitLab Pages";
    if (name.startsWith(".") !== mention.name.startsWith("."))
      return "A name with a dot in front is a template, which never runs: adding or removing the dot changes what the job does";
    if (/(?::? \[.*\]| \d+\/\d+)$/s.test(name)) return `\`${name}\` is how GitLab calls a job of a matrix`;
    const taken = roots.find((root) => ctx.get(definitionsOf, rootKey(root, name)).length > 0);
    return taken === undefined ? undefined : `A job of the name \`${name}\` exists already`;
  },
};

function blockedJob(ctx: QueryContext, job: Job): string | undefined {
  const { name, root, isHidden, keywords } = job;
  const composedKey = job.definitions.find((pair) => keyText(pair) !== name);
  if (composedKey !== undefined)
    return `An input makes the name \`${name}\` at ${placeText(ctx, composedKey.key.at)}, so it can't be renamed there`;
  const isWhole = isHidden || ["script", "run", "trigger"].some((keyword) => keywords.has(keyword));
  if (!isWhole && !ctx.get(pipelineFilesOf, root).isClosed)
    return `\`${name}\` seems to change a job of an include that was not read, where it would keep its name`;
  return uses(job, "CI_JOB_NAME")
    ? `The job uses its own name (\`$CI_JOB_NAME\`), so another name changes what it does`
    : undefined;
}

/** Whether a job's scripts, image or variables read a variable that says what it is called. */
const uses = ({ script, image, services, variables }: Job, variable: string): boolean =>
  script.some(({ text }) => text.text.includes(variable)) ||
  image?.name.value.includes(variable) === true ||
  services.some((service) => service.name.value.includes(variable)) ||
  [...variables.values()].some(({ values }) => values.some((value) => value.includes(variable)));

/** A use that an input makes, in any job of the pipelines. */
function composed(ctx: QueryContext, name: string, roots: readonly FilePath[]): string | undefined {
  for (const job of roots.flatMap((root) => ctx.get(jobsOfPipeline, root))) {
    for (const keyword of ["extends", "needs", "dependencies"]) {
      const at = composedIn(job.keywords.get(keyword)?.value, name);
      if (at !== undefined)
        return `An input brings the name \`${name}\` to ${placeText(ctx, at)}, so it can't be renamed there`;
    }
  }
  return undefined;
}

function composedIn(value: Value | undefined, name: string): Origin | undefined {
  switch (value?.kind) {
    case "scalar":
      return value.node.text === name && textAt(value.at).includes("$[[") ? value.at : undefined;
    case "list":
      return value.items.map((item) => composedIn(item, name)).find((at) => at !== undefined);
    case "map":
      return composedIn(value.entries.get("job")?.value, name);
    default:
      return undefined;
  }
}

export const stageRules: RenameRules = {
  blocked(ctx, mention, all) {
    const { name } = mention;
    const { roots } = linkedNames(ctx, mention);
    if (name === ".pre" || name === ".post") return `\`${name}\` is one of GitLab's own stages`;
    if (!all.some(({ role }) => role === "definition")) {
      return DEFAULT_STAGES.includes(name) &&
        roots.every((root) => ctx.get(pipelineOf, root).stages === undefined)
        ? `\`${name}\` is one of the stages that GitLab has where none are written`
        : undefinedName(ctx, "stage", name, roots);
    }
    for (const root of roots) {
      const reason = blockedStage(ctx, root, name);
      if (reason !== undefined) return reason;
    }
    return undefined;
  },
  refuses(ctx, mention, name) {
    const { roots } = linkedNames(ctx, mention);
    const problem = invalidName(name);
    if (problem !== undefined) return problem;
    return roots.some((root) => ctx.get(stagesOf, root).includes(name))
      ? `A stage of the name \`${name}\` exists already`
      : undefined;
  },
};

function blockedStage(ctx: QueryContext, root: FilePath, name: string): string | undefined {
  if (!ctx.get(pipelineFilesOf, root).isClosed)
    return `An include of \`${root}\` was not read: it may have jobs in the stage \`${name}\``;
  const listed = ctx
    .get(pipelineOf, root)
    .stages?.find(({ value, at }) => value === name && textAt(at).includes("$[["));
  if (listed !== undefined)
    return `An input brings the name \`${name}\` to ${placeText(ctx, listed.at)}, so it can't be renamed there`;
  for (const job of ctx.get(jobsOfPipeline, root).filter(({ stage }) => stage.value === name)) {
    if (textAt(job.stage.at).includes("$[["))
      return `An input puts the job \`${job.name}\` into the stage \`${name}\`, so it can't be renamed there`;
    if (!job.isHidden && !job.keywords.has("stage"))
      return `The job \`${job.name}\` names no stage, and GitLab then puts it into \`${name}\``;
    if (uses(job, "CI_JOB_STAGE"))
      return `The job \`${job.name}\` uses the name of its stage (\`$CI_JOB_STAGE\`), so another name changes what it does`;
  }
  return undefined;
}

const invalidName = (name: string): string | undefined => {
  if (name.trim() === "" || name !== name.trim())
    return "A name needs at least one letter, and no blanks around it";
  if (/[\n\r]|\$\[\[/.test(name)) return "A name stands on one line and holds no input";
  return name.length > LONGEST ? `A name has at most ${LONGEST} characters` : undefined;
};

/** Nothing that was read defines the name. */
const undefinedName = (ctx: QueryContext, what: string, name: string, roots: readonly FilePath[]): string =>
  roots.every((root) => ctx.get(pipelineFilesOf, root).isClosed)
    ? `No file of the pipeline defines the ${what} \`${name}\``
    : `The ${what} \`${name}\` seems to come from an include that was not read`;
