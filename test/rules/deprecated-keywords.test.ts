// What the fixes of deprecated-keywords promise: `rules` let a job into the same pipelines as `only` and `except` did, by GitLab's own
// code (lib/gitlab/ci/build/policy/*.rb, lib/gitlab/ci/build/rules.rb, lib/gitlab/ci/pipeline/expression/) played on many pipelines,
// and by the model's answers; a root keyword that was moved gives the same jobs.
import assert from "node:assert/strict";
import { effectiveKeywordsOf, jobNamesOf, jobOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import type { Value } from "../../server/src/core/model/pipeline/value";
import {
  parseExpression,
  type Expression,
  type Operand,
} from "../../server/src/core/model/pipeline/when-expression";
import * as when from "../../server/src/core/model/pipeline/when";
import { PIPELINE_SOURCES, REF_KINDS } from "../../server/src/core/model/pipeline/when-way";
import { rules } from "../../server/src/core/rules";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import { analyse, only } from "../support/analyse";
import { databaseOf } from "../support/dump";
import { contextOf } from "../support/dump-runs";
import { applyFix, fixesOf } from "../support/fixes";

const CI = ".gitlab-ci.yml";
const settings = only(
  DEFAULT_SETTINGS,
  rules.map(({ id }) => id),
  ["deprecated-keywords"],
);

// ---- Pipelines, and what GitLab does with them

interface Pipeline {
  readonly kind: "branch" | "tag" | "merge_request";
  readonly ref: string;
  readonly source: string;
  readonly project: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly hasChanges: boolean;
}

/** No branch is called like a keyword (`tags`, `web`): GitLab would take it for both. */
const NAMES = ["master", "Release/1", "release/2", "wip-x", "v1", "feature"];

function* pipelines(): Iterable<Pipeline> {
  for (const kind of REF_KINDS)
    for (const source of ["push", "web", "schedule", "trigger", "merge_request_event", "parent_pipeline"]) {
      if ((source === "merge_request_event") !== (kind === "merge_request") && source !== "parent_pipeline") continue;
      for (const ref of NAMES)
        for (const project of ["group/project", "other/fork"])
          for (const variables of [{}, { A: "1" }, { A: "", B: "yes" }, { A: "1", B: "yes" }])
            for (const hasChanges of [true, false])
              yield { kind, ref, source, project, variables, hasChanges };
    }
}

function variablesOf({ kind, ref, source, project, variables }: Pipeline): Readonly<Record<string, string>> {
  return {
    ...variables,
    CI_COMMIT_REF_NAME: ref,
    CI_PIPELINE_SOURCE: source,
    CI_PROJECT_PATH: project,
    ...(kind === "branch" ? { CI_COMMIT_BRANCH: ref } : {}),
    ...(kind === "tag" ? { CI_COMMIT_TAG: ref } : {}),
  };
}

/** nil, text, pattern or boolean, as in Ruby. */
type Evaluated = string | RegExp | boolean | undefined;

const isTruthy = (value: Evaluated): boolean => value !== undefined && value !== false;
/** `present?` */
const isPresent = (value: Evaluated): boolean => (typeof value === "string" ? value.trim() !== "" : isTruthy(value));

function operand(value: Operand, variables: Readonly<Record<string, string>>): Evaluated {
  switch (value.kind) {
    case "variable":
      return variables[value.name];
    case "text":
      return value.text;
    case "pattern":
      return new RegExp(value.source, value.flags.includes("i") ? "i" : "");
    case "boolean":
      return value.value;
    default:
      return undefined;
  }
}

function evaluate(expression: Expression, variables: Readonly<Record<string, string>>): Evaluated {
  switch (expression.kind) {
    case "value":
      return operand(expression.value, variables);
    case "not":
      return !isTruthy(evaluate(expression.inner, variables));
    case "and": {
      const left = evaluate(expression.left, variables);
      return isTruthy(left) ? evaluate(expression.right, variables) : left;
    }
    case "or": {
      const left = evaluate(expression.left, variables);
      return isTruthy(left) ? left : evaluate(expression.right, variables);
    }
    case "compare":
      return compare(expression, variables);
  }
}

function compare(
  { operator, left, right }: Extract<Expression, { kind: "compare" }>,
  variables: Readonly<Record<string, string>>,
): boolean {
  const [a, b] = [operand(left, variables), operand(right, variables)];
  if (operator === "==" || operator === "!=") return (a === b) === (operator === "==");
  return (b instanceof RegExp && b.test(typeof a === "string" ? a : "")) === (operator === "=~");
}

function holds(text: string, pipeline: Pipeline): boolean {
  const expression = parseExpression(text) ?? assert.fail(`no expression: ${text}`);
  return isPresent(evaluate(expression, variablesOf(pipeline)));
}

const textsOf = (value: Value | undefined): readonly string[] =>
  value?.kind === "list" ? value.items.flatMap(textsOf) : value?.kind === "scalar" ? [value.node.text] : [];

/** policy/refs.rb */
function matchesRef(item: string, pipeline: Pipeline): boolean {
  const { kind, source, project } = pipeline;
  const [pattern = "", path = project] = item.split("@");
  const name = source.replace(/_event$/, "");
  const plural = `${name}${name.endsWith("sh") ? "es" : "s"}`;
  const keywords = [name, plural, ...(kind === "tag" ? ["tags"] : kind === "branch" ? ["branches"] : [])];
  return path === project && (keywords.includes(pattern) || matchesName(pattern, pipeline));
}

function matchesName(pattern: string, { kind, ref }: Pipeline): boolean {
  const [, body, flags = ""] = /^\/(.+)\/([ismU]*)$/.exec(pattern) ?? [];
  if (kind === "merge_request") return false;
  return body === undefined ? pattern === ref : new RegExp(body, flags.replace(/[^i]/g, "")).test(ref);
}

/** Whether each part of a policy holds: refs, variables, changes. */
function parts(policy: Value, pipeline: Pipeline): readonly boolean[] {
  if (policy.kind !== "map") return [textsOf(policy).some((item) => matchesRef(item, pipeline))];
  return [...policy.entries].map(([key, { value }]) => {
    if (key === "changes") return pipeline.hasChanges;
    const texts = textsOf(value);
    return key === "variables"
      ? texts.some((text) => holds(text, pipeline))
      : texts.some((item) => matchesRef(item, pipeline));
  });
}

type Keywords = ReadonlyMap<string, { readonly value: Value }>;

/** `when` of a job in a pipeline, "never" where it does not run. */
function runs(keywords: Keywords, pipeline: Pipeline, workflow: boolean): string {
  const otherwise = textsOf(keywords.get("when")?.value)[0] ?? "on_success";
  const rulesValue = keywords.get("rules")?.value;
  if (rulesValue?.kind === "list") return byRules(rulesValue.items, pipeline, otherwise);
  const excluded = keywords.get("except")?.value;
  const isOut = excluded !== undefined && parts(excluded, pipeline).some(Boolean);
  return isIncluded(keywords.get("only")?.value, pipeline, workflow) && !isOut ? otherwise : "never";
}

/** Where `only` names no refs, branches and tags are meant; where it is not written, only without `workflow:rules`. */
function isIncluded(policy: Value | undefined, pipeline: Pipeline, workflow: boolean): boolean {
  const isPlain = pipeline.kind !== "merge_request";
  if (policy === undefined) return workflow || isPlain;
  const hasRefs = policy.kind !== "map" || policy.entries.has("refs");
  return (hasRefs || isPlain) && parts(policy, pipeline).every(Boolean);
}

function byRules(items: readonly Value[], pipeline: Pipeline, otherwise: string): string {
  const rule = items.find((item) => {
    if (item.kind !== "map") return assert.fail("a rule that is no mapping");
    const [condition] = textsOf(item.entries.get("if")?.value);
    const isMeant = condition === undefined || holds(condition, pipeline);
    return isMeant && (!item.entries.has("changes") || pipeline.hasChanges);
  });
  if (rule?.kind !== "map") return "never";
  return textsOf(rule.entries.get("when")?.value)[0] ?? otherwise;
}

// ---- The policies that are rewritten

const POLICIES: readonly (readonly [lines: string, workflow?: boolean])[] = [
  ["only: [tags]"],
  ["only: [branches]"],
  ["only: [branches, tags]"],
  ["only: [master]"],
  ["only: [master, tags, web]"],
  ["only: [tags@group/project, master@other/fork]"],
  ["only: [/^release/, /^v\\d/]"],
  ["only: [/^Release\\/.+$/i]"],
  ["only: [/^release/.+$/]"],
  ["only: [/^v.+$/i]\n  except: [branches]"],
  ["only: [merge_requests]"],
  ["only: [merge_requests, master]\n  except: [schedules]"],
  ["only: [schedules]\n  except: [tags]"],
  ["only: [pushes, triggers]\n  except: [master, merge_requests]"],
  ["except: [tags]"],
  ["except: [branches]"],
  ["except: [schedules, merge_requests]"],
  ["except: [master, /^wip-/]"],
  ["except: [master@other/fork]"],
  ["except: [schedules]", true],
  ["except: [tags, /^wip-/]\n  when: always", true],
  ["only: { variables: [$A, $B] }"],
  ["only: { variables: [$A], refs: [branches, merge_requests] }"],
  ['only: { variables: [$A && $B, $A || $B == "yes"] }'],
  ["only: { changes: [src/**/*], refs: [master, tags] }\n  except: [schedules]"],
  ["only: [branches]\n  except: { variables: [$A] }"],
  ["only: [branches]\n  except: { variables: [$A, $B], refs: [master], changes: ['*.md'] }"],
  ["only: [branches]\n  when: manual"],
  ["only: { refs: [branches] }\n  except: { changes: ['*.md'] }", true],
  ["only: { variables: [$B] }", true],
];

const WORKFLOW = "workflow:\n  rules:\n    - when: always\n";

describe("fixes of deprecated-keywords", () => {
  for (const [lines, workflow = false] of POLICIES) {
    it(`run the job in the same pipelines: ${lines.replace(/\n\s*/g, ", ")}${workflow ? ", workflow:rules" : ""}`, () => {
      const before = `${workflow ? WORKFLOW : ""}job:\n  script: make\n  ${lines}\n`;
      const fixes = fixesOf(analyse({ [CI]: before }, settings).findings);
      const fix = fixes.find((each) => each.fix.safety === "suggested") ?? assert.fail("no fix");
      const after = applyFix({ [CI]: before }, fix.fix)[CI] ?? "";
      assert.doesNotMatch(after, /\b(?:only|except):/);
      assertSame(before, after, workflow);
    });
  }

  for (const lines of [
    "only: [/.*/]",
    "only: [/^a@b/]",
    "only: ['/(?=x)y/']",
    "only: [/x/y/z]",
    "only: { kubernetes: active }",
    "only: { changes: [$DIR/*] }",
    "only: [tags]\n  except: [tags]",
    "only: tags",
    "only: [$REF]",
    "only: [tags]\n  rules: []",
  ]) {
    it(`are not offered: ${lines.replace(/\n\s*/g, ", ")}`, () => {
      const { findings } = analyse({ [CI]: `job:\n  script: make\n  ${lines}\n` }, settings);
      assert.notEqual(findings.length, 0);
      assert.deepEqual(fixesOf(findings), []);
    });
  }

  it("that move root keywords leave every job as it was", () => {
    const before = {
      [CI]: `stages: [test]
services:
  - name: postgres:18
    variables: { A: b }
.shared: &shared
  tags: [docker]
cache: &cache
  key: x # by x
  paths: [a]
variables: { B: c }

# set up
before_script:
  - |
    one

      two
  - >-
    three
    four
image: "node:24"
test: { <<: *shared, script: make, inherit: { default: [image] } }
other: { extends: .shared, script: make, before_script: [], services: null }
cached: { script: make, cache: { <<: *cache, policy: pull } }
`,
    };
    const [fix, ...others] = fixesOf(analyse(before, settings).findings);
    assert.ok(fix !== undefined && others.length === 0);
    const after = applyFix(before, fix.fix);
    assert.deepEqual(analyse(after, settings).findings, []);
    assert.equal(jobs(after), jobs(before));
  });
});

function assertSame(before: string, after: string, workflow: boolean): void {
  const [old, now] = [before, after].map((text) => {
    const database = databaseOf({ [CI]: text });
    const keywords = database.get(effectiveKeywordsOf, rootKey(CI, "job"))?.keywords ?? assert.fail("no job");
    const job = database.get(jobOf, rootKey(CI, "job")) ?? assert.fail("no job");
    return { keywords, answers: answersOf(when.runsIn(contextOf(database), job)) };
  });
  assert.ok(old !== undefined && now !== undefined);
  for (const pipeline of pipelines()) {
    assert.equal(
      runs(now.keywords, pipeline, workflow),
      runs(old.keywords, pipeline, workflow),
      `${JSON.stringify(pipeline)}\n${after}`,
    );
  }
  for (const [question, answer] of Object.entries(old.answers)) {
    // What is known exactly before may be known less well behind, and the other way round: it must not be the contrary.
    const other = now.answers[question] ?? [];
    assert.ok(
      answer.every((each, index) => each === other[index] || [each, other[index]].includes("unknown")),
      `${question}: ${answer.join()} is ${other.join()}\n${after}`,
    );
  }
}

/** What rules ask of the ways in which a job can run. */
const answersOf = (ways: when.JobRuns): Readonly<Record<string, readonly string[]>> => ({
  refs: REF_KINDS.map((ref) => when.canRunForRef(ways, ref)),
  sources: PIPELINE_SOURCES.map((source) => when.canRunFromSource(ways, source)),
  slash: [when.canBeBranchWithSlash(ways)],
  names: when.onlyRefsOf(ways) ?? ["any"],
  isDefault: [when.canBeDefaultBranch(ways)],
  isUnprotected: [when.canBeUnprotected(ways)],
  tag: [when.isTagSet(ways)],
});

/** The effective jobs as text, without places. */
function jobs(files: Readonly<Record<string, string>>): string {
  const database = databaseOf(files);
  const plain = (value: Value): unknown => {
    if (value.kind === "scalar") return value.node.value;
    if (value.kind === "list") return value.items.map(plain);
    return value.kind === "map" ? [...value.entries].map(([key, entry]) => [key, plain(entry.value)]) : value.because;
  };
  return JSON.stringify(
    database.get(jobNamesOf, CI).map((name) => {
      const keywords = database.get(effectiveKeywordsOf, rootKey(CI, name))?.keywords;
      return [name, [...(keywords ?? [])].map(([key, { value }]) => [key, plain(value)]).sort()];
    }),
    null,
    1,
  );
}
