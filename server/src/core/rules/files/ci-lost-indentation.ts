// Root keys that are no job: the body of a job, of `variables` or of `default` that has lost its indentation, texts and lists
// between jobs, mappings without a script. `filter_jobs!` in lib/gitlab/ci/config/entry/root.rb of gitlab-org/gitlab
import type { QueryContext } from "../../query/query";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { JOB_MARKS } from "../../model/pipeline/keywords";
import { lostIndentationOf, type LostRun } from "../../model/pipeline/lost-indentation";
import { rootKey } from "../../model/pipeline/resolve";
import { includedValueOf } from "../../model/pipeline/root-table";
import { isOwnPipeline, rootsOf } from "../../model/pipeline/roots";
import type { Value } from "../../model/pipeline/value";
import { keyText, type YamlPair } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { insertBefore } from "../edits";
import { indentFix } from "../indent-fix";
import { defineRule, type Report } from "../rule";

export const ciLostIndentation = defineRule({
  id: "ci-lost-indentation",
  title: "Root key that is no job",
  severity: "error",
  since: "0.1.0",
  inspects: "ci-file",
  rejectsPipeline: true,

  docs: {
    what: "Reports keywords of jobs that stand at the root of the file instead of below their job, entries of `variables` beside it, texts and lists where only jobs may stand, and jobs without `script`, `run` and `trigger`.",
    why: `GitLab takes every root key that it does not know for a job, and rejects the pipeline: "jobs build config should implement
the script:, run:, or trigger: keyword".`,
    fix: "Indent the lines below their job. Begin the name of what only others use with a dot: `.name` is no job.",
    example: {
      bad: `
build:
stage: build
script:
- npm ci
`,
      good: `
build:
  stage: build
  script:
  - npm ci
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/",
      "https://docs.gitlab.com/ci/jobs/#hide-a-job",
      "https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/jobs.rb",
    ],
  },

  *check(yaml, ctx) {
    const { path } = yaml;
    const lost = ctx.get(lostIndentationOf, path);
    if (lost.runs.length + lost.strays.length === 0) return;
    const roots = ctx
      .get(rootsOf, null)
      .filter((root) => ctx.get(pipelineFilesOf, root).files.includes(path));
    const severity = roots.some((root) => ctx.get(isOwnPipeline, root)) ? "error" : "warning";
    const isCompleted = (pair: YamlPair): boolean =>
      roots.some((root) => isMap(ctx.get(includedValueOf, rootKey(root, nameOf(pair)))));
    const [run, ...others] = lost.runs;
    // What else is wrong at the root of such a file comes from the same cause.
    if (run !== undefined) yield* lostReport(run, others, severity);
    else for (const pair of lost.strays) if (!isCompleted(pair)) yield strayReport(pair, severity);
  },

  alsoInspects: {
    *job(job, ctx) {
      if (!job.isClosed || JOB_MARKS.some((mark) => job.keywords.has(mark))) return;
      if (
        job.isHidden ||
        !ctx.get(isOwnPipeline, job.root) ||
        mirrorsPipeline(job.keywords.get("needs")?.value)
      )
        return;
      const isLost = job.definitions.some(({ key }) => isHead(ctx, key.at.chunk.file, job.name));
      if (isLost) return;
      yield {
        at: job.nameAt,
        message: `\`${job.name}\` has no \`script\`, so GitLab rejects the pipeline ("${job.keywords.has("needs") ? `jobs:${job.name} config should contain either a trigger or a needs:pipeline` : answer(job.name)}"); add one, or begin the name with a dot if others only build on it`,
      };
    },
  },
});

const nameOf = (pair: YamlPair): string => keyText(pair) ?? "";
const isMap = (value: Value | undefined): boolean => value?.kind === "map" || value?.kind === "unknown";

const answer = (name: string): string =>
  `jobs ${name} config should implement the script:, run:, or trigger: keyword`;

/** `needs: {pipeline: group/project}` takes over the state of another pipeline. https://docs.gitlab.com/ci/yaml/#needspipeline */
const mirrorsPipeline = (needs: Value | undefined): boolean =>
  needs?.kind === "unknown" || (needs?.kind === "map" && needs.entries.has("pipeline"));

const isHead = (ctx: QueryContext, path: FilePath, name: string): boolean =>
  ctx.get(lostIndentationOf, path).runs.some(({ head }) => head !== undefined && nameOf(head) === name);

// ---- Runs

/** One finding for a file: where one body lost its indentation, the others did so too. */
function* lostReport(
  first: LostRun,
  others: readonly LostRun[],
  severity: "error" | "warning",
): Iterable<Report> {
  const [entry] = first.entries;
  if (entry === undefined) return;
  yield {
    at: (first.head ?? entry).key.at,
    severity,
    message: messageFor(first.head, entry),
    related: [
      ...(first.head === undefined ? [] : [{ at: entry.key.at, message: "this belongs below it" }]),
      ...others.flatMap(({ head, entries }) => {
        const at = (head ?? entries[0])?.key.at;
        return at === undefined ? [] : [{ at, message: "here too" }];
      }),
    ],
    fixes: indentFix([first, ...others]),
  };
}

function messageFor(head: YamlPair | undefined, entry: YamlPair): string {
  const name = nameOf(entry);
  if (head === undefined)
    return `\`${name}\` stands at the root and in no job, so GitLab takes it for a job without a script ("${answer(name)}"); put it below the name of a job`;
  const above = nameOf(head);
  const isJob = above !== "variables" && above !== "default" && !above.startsWith(".");
  const isEmpty = head.value.kind !== "map";
  const failed = isJob && isEmpty ? above : name;
  const what = isEmpty ? `\`${above}\` is empty and ` : "";
  return `${what}\`${name}\` stands at the root instead of below ${isEmpty ? "it" : `\`${above}\``}, so GitLab rejects the pipeline ("${answer(failed)}"); indent the lines below \`${above}\``;
}

// ---- Strays

function strayReport(pair: YamlPair, severity: "error" | "warning"): Report {
  const name = nameOf(pair);
  const { value } = pair;
  const isNothing = value.kind === "scalar" && value.value === null;
  const what = isNothing ? "is empty" : value.kind === "seq" ? "is a list" : "is a text";
  const todo = isNothing
    ? "give it a script or remove it"
    : "begin its name with a dot if others only use it, or put it where it belongs";
  return {
    at: pair.key.at,
    severity,
    message: `\`${name}\` ${what}, and GitLab takes every root key that it does not know for a job ("${answer(name)}"); ${todo}`,
    fixes:
      value.anchor === undefined || value.kind !== "seq"
        ? []
        : [
            {
              title: `Hide it as \`.${name}\``,
              safety: severity === "error" ? "safe" : "suggested",
              edits: [insertBefore(pair.key.at, ".")],
            },
          ],
  };
}
