// Which rules run on what: one query per subject, so that an edit runs again only the rules whose subject it reaches.
import { defineQuery, type QueryContext } from "./query/query";
import type { FilePath } from "./text/source-file";
import {
  jobNamesOf,
  jobOf,
  orphanTemplatesOf,
  pipelineOf,
  rootKey,
  type RootKey,
} from "./model/pipeline/resolve";
import { yamlOf } from "./model/pipeline/yaml-of";
import { dockerfileOf } from "./model/docker/dockerfile";
import { runnerConfigOf } from "./model/runner/config";
import { registerLinesOf } from "./model/runner/register";
import { settingsOf } from "./model/settings-of";
import { rules } from "./rules/index";
import { looksAt, type RuleContext, type Subject, type Subjects } from "./rules/rule";
import { checkSubject, type Check, type Checked } from "./rules/run";
import { selectRules, type SelectedRule } from "./rules/select";

/** The rules that are switched on. */
export const selectedRules = defineQuery<null, readonly SelectedRule[]>({
  name: "selectedRules",
  compute: (ctx) => selectRules(rules, ctx.get(settingsOf, null).settings),
});

/** All rules on one job. */
export const jobChecks = defineQuery<RootKey, readonly Checked[]>({
  name: "jobChecks",
  compute: (ctx, key) => {
    const job = ctx.get(jobOf, key);
    return job === undefined || job.isTrigger ? [] : checkAll(ctx, { inspects: "job", subject: job });
  },
});

/** The jobs of a pipeline on which rules run: the visible ones, and templates that no visible job builds on. */
export const checkedJobsOf = defineQuery<FilePath, readonly RootKey[]>({
  name: "checkedJobsOf",
  compute: (ctx, root) => {
    const orphans = new Set(ctx.get(orphanTemplatesOf, root));
    const names = ctx.get(jobNamesOf, root).filter((name) => !name.startsWith(".") || orphans.has(name));
    return names.map((name) => rootKey(root, name));
  },
});

export const pipelineChecks = defineQuery<FilePath, readonly Checked[]>({
  name: "pipelineChecks",
  compute: (ctx, root) => checkAll(ctx, { inspects: "pipeline", subject: ctx.get(pipelineOf, root) }),
});

export const ciFileChecks = defineQuery<FilePath, readonly Checked[]>({
  name: "ciFileChecks",
  compute: (ctx, path) => checkFile(ctx, "ci-file", ctx.get(yamlOf, path)),
});

export const dockerfileChecks = defineQuery<FilePath, readonly Checked[]>({
  name: "dockerfileChecks",
  compute: (ctx, path) => checkFile(ctx, "dockerfile", dockerfileOf(ctx, path)?.tree),
});

export const runnerConfigChecks = defineQuery<FilePath, readonly Checked[]>({
  name: "runnerConfigChecks",
  compute: (ctx, path) => checkFile(ctx, "runner-config", runnerConfigOf(ctx, path)),
});

export const registerChecks = defineQuery<FilePath, readonly Checked[]>({
  name: "registerChecks",
  compute: (ctx, path) =>
    registerLinesOf(ctx, path).flatMap((subject) => checkAll(ctx, { inspects: "register-line", subject })),
});

function checkFile<S extends Subject>(
  ctx: QueryContext,
  inspects: S,
  subject: Subjects[S] | undefined,
): readonly Checked[] {
  // The pair is right by construction: both come with the same S, which the union of pairs cannot express.
  return subject === undefined ? [] : checkAll(ctx, { inspects, subject } as unknown as Check);
}

function checkAll(ctx: QueryContext, check: Check): readonly Checked[] {
  const plain: RuleContext = { ...ctx, options: NO_OPTIONS };
  const checked: Checked[] = [];
  for (const selected of ctx.get(rulesFor, check.inspects)) {
    const { rule, options } = selected;
    const run = (): Checked =>
      checkSubject(rule, check, Object.keys(options).length === 0 ? plain : { ...ctx, options });
    // Each rule by itself: most look at a few parts of a job, and an edit that changes another leaves what they said. Other
    // subjects are data, which changes as a whole.
    const result = check.inspects === "job" ? ctx.part(selected, run) : run();
    if (result.reports.length > 0 || result.fault !== undefined) checked.push(result);
  }
  return checked;
}

const NO_OPTIONS: RuleContext["options"] = {};

/** The rules that are switched on and look at one kind of subject. */
const rulesFor = defineQuery<Subject, readonly SelectedRule[]>({
  name: "rulesFor",
  compute: (ctx, inspects) => ctx.get(selectedRules, null).filter(({ rule }) => looksAt(rule, inspects)),
});
