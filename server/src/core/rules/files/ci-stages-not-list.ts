// `stages` must be a list of names, and each job's stage must be one of them: otherwise GitLab makes no pipeline at all.
// https://docs.gitlab.com/ci/yaml/#stages , lib/gitlab/ci/config/entry/stages.rb of gitlab-org/gitlab
import type { QueryContext } from "../../query/query";
import { nearestName } from "../../settings/nearest";
import type { Job } from "../../model/pipeline/job";
import { pipelineOf, rootKey } from "../../model/pipeline/resolve";
import { referencedOf } from "../../model/pipeline/reference";
import type { ListValue, ScalarValue, Value } from "../../model/pipeline/value";
import { textAt } from "../../text/located";
import { indentAt, replaceText, startsLine } from "../edits";
import { isInput, isText, stagesOf, shortList } from "../stage-names";
import { defineRule, type FixDraft, type Report } from "../rule";

export const ciStagesNotList = defineRule({
  id: "ci-stages-not-list",
  title: "`stages` is not a list, or a job's stage is not in it",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  rejectsPipeline: true,

  docs: {
    what: "Reports `stages` that is a single text or holds something other than names, and jobs whose `stage` is not in the list.",
    why: `YAML folds lines without dashes into one text (\`"build containerize"\`), and GitLab rejects the pipeline with
"stages config should be an array of strings". A job whose stage is not listed is rejected with "chosen stage does not
exist; available stages are .pre, build, .post".`,
    fix: "Put `- ` before each stage, and list every stage that a job names.",
    example: {
      bad: `
stages:
  build
  containerize

build:
  stage: build
  script: npm run build
`,
      good: `
stages:
  - build
  - containerize

build:
  stage: build
  script: npm run build
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/#stages",
      "https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/stages.rb",
    ],
  },

  *check(job, ctx) {
    const written = ctx.get(referencedOf, rootKey(job.root, "stages")).value;
    if (written?.kind === "scalar" && written.node.value !== null) {
      if (!isInput(written)) yield notList(written);
      return;
    }
    if (written?.kind === "map") {
      yield {
        at: written,
        message: `\`stages\` is a mapping, not a list, ${REJECTED}; write \`- name\` for each stage`,
      };
      return;
    }
    if (written?.kind === "list") yield* badItems(written);
    const own = job.keywords.get("stage")?.value;
    if (own === undefined || isText(own)) yield* unknownStage(job, written, ctx);
    else yield stageNotText(own);
  },
});

const REJECTED = 'so GitLab rejects the pipeline ("stages config should be an array of strings")';

const textOf = (value: ScalarValue): string =>
  value.node.text.length > 60 ? `${value.node.text.slice(0, 60)}…` : value.node.text;

function notList(value: ScalarValue): Report {
  return {
    at: value,
    message: `\`stages\` is the single text "${textOf(value)}", not a list, ${REJECTED}; put \`- \` before each stage`,
    fixes: listFix(value),
  };
}

function listFix(value: ScalarValue): readonly FixDraft[] {
  const words = value.node.text.split(/[\s,]+/).filter((word) => word !== "");
  if (
    words.length === 0 ||
    value.node.anchor !== undefined ||
    !words.every((word) => /^[\w.][\w./-]*$/.test(word))
  )
    return [];
  const indent = indentAt(value.at);
  const list = startsLine(value.at)
    ? words.map((word) => `- ${word}`).join(`\n${indent}`)
    : `[${words.join(", ")}]`;
  return [{ title: "Make `stages` a list", safety: "safe", edits: [replaceText(value.at, list)] }];
}

function* badItems(list: ListValue): Iterable<Report> {
  for (const item of list.items) {
    if (item.kind === "list") yield* badItems(item);
    const isBad = item.kind === "map" || (item.kind === "scalar" && typeof item.node.value !== "string");
    if (isBad)
      yield {
        at: item,
        message: `This item of \`stages\` is not a text, ${REJECTED}; write the stage's name`,
      };
  }
}

/** `stage: 1` is a number for YAML. lib/gitlab/ci/config/entry/stage.rb of gitlab-org/gitlab */
function stageNotText(value: Value): Report {
  const kind = value.kind === "scalar" ? typeof value.node.value : "mapping or list";
  const text = textAt(value.at);
  return {
    at: value,
    message: `\`stage\` is a ${kind}, not a text, so GitLab rejects the pipeline ("stage config should be a string"); write the stage's name`,
    fixes:
      value.kind !== "scalar" || !/^[\w.-]+$/.test(text)
        ? []
        : [
            {
              title: "Put the stage into quotes",
              safety: "safe",
              edits: [replaceText(value.at, `"${text}"`)],
            },
          ],
  };
}

function* unknownStage(job: Job, written: Value | undefined, ctx: QueryContext): Iterable<Report> {
  const stages = stagesOf(written);
  const stage = job.stage.value;
  if (stages === undefined || !job.isClosed || /\$/.test(stage) || !ctx.get(pipelineOf, job.root).isClosed)
    return;
  if ([".pre", ".post", ...stages].includes(stage)) return;
  const available = shortList([".pre", ...stages, ".post"]);
  const isWritten = job.keywords.has("stage");
  const subject = isWritten
    ? `The stage \`${stage}\` is not in \`stages\``
    : `Without \`stage\` a job belongs to \`${stage}\`, which is not in \`stages\``;
  yield {
    at: job.stage,
    message: `${subject}, so GitLab rejects the pipeline ("chosen stage ${stage} does not exist; available stages are ${available}"); list it or choose another`,
    fixes: isWritten ? nearestFix(job, stages) : [],
  };
}

function nearestFix(job: Job, stages: readonly string[]): readonly FixDraft[] {
  const nearest = nearestName(job.stage.value, [".pre", ...stages, ".post"]);
  if (nearest === undefined) return [];
  return [
    {
      title: `Change the stage to \`${nearest}\``,
      safety: "suggested",
      edits: [replaceText(job.stage.at, nearest)],
    },
  ];
}
