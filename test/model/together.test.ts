// Which jobs come into one pipeline, and in which pipelines a job runs without others.
import assert from "node:assert/strict";
import type { Job } from "../../server/src/core/model/pipeline/job";
import { jobOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import {
  canBeTogether,
  runsRarely,
  waysWithout,
  type Lasting,
} from "../../server/src/core/model/pipeline/together";
import { databaseOf } from "../support/dump";
import { contextOf } from "../support/dump-runs";

/** Two jobs that hold these lines besides their scripts, and a context to ask about them. */
function jobs(a: string, b: string) {
  const text = `a:\n  script: echo\n  ${a}\nb:\n  script: echo\n  ${b}\n`;
  const database = databaseOf({ ".gitlab-ci.yml": text });
  const named = (name: string): Job =>
    database.get(jobOf, rootKey(".gitlab-ci.yml", name)) ?? assert.fail(`no job ${name}`);
  return { ctx: contextOf(database), a: named("a"), b: named("b") };
}

/** The pipelines of job `b` that nothing of job `a` is left for: "branch", "tag", "merge_request", each once. */
function without(a: string, b: string, lasting: Lasting): string {
  const made = jobs(a, b);
  const ways = waysWithout(made.ctx, made.b, [made.a], lasting);
  return [...new Set(ways.flatMap(({ refs }) => refs))].sort().join(" ");
}

const MAIN = "rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]";
const BRANCHES = "only: [branches]";
const TAGS = "only: [tags]";
const RELEASE_TAGS = "rules: [{ if: $CI_COMMIT_TAG =~ /^v/ }]";
const REQUESTS = "rules: [{ if: $CI_MERGE_REQUEST_IID }]";
const SCHEDULES = `rules: [{ if: $CI_PIPELINE_SOURCE == "schedule" }]`;
const PUSHES = `rules: [{ if: $CI_PIPELINE_SOURCE == "push" }]`;
const CHANGES = "rules: [{ changes: [Dockerfile] }]";

describe("jobs of one pipeline", () => {
  const together = (first: string, second: string): string => {
    const { ctx, a, b } = jobs(first, second);
    assert.equal(canBeTogether(ctx, a, b), canBeTogether(ctx, b, a));
    return canBeTogether(ctx, a, b);
  };

  it("can be together, never are, or nobody can say", () => {
    assert.equal(together("", MAIN), "yes");
    assert.equal(together(MAIN, TAGS), "no");
    assert.equal(together(BRANCHES, REQUESTS), "no");
    assert.equal(together(SCHEDULES, PUSHES), "no");
    assert.equal(together(MAIN, "rules: [{ if: $CI_COMMIT_TAG == }]"), "unknown");
  });

  it("run rarely: on changes, schedules, or by hand", () => {
    const rarely = (lines: string): boolean => {
      const { ctx, a } = jobs(lines, "");
      return runsRarely(ctx, a);
    };
    for (const lines of [CHANGES, SCHEDULES, "only: { changes: [a] }", "only: [schedules]", "when: manual"])
      assert.ok(rarely(lines), lines);
    assert.ok(
      rarely(`rules: [{ changes: [a] }, { if: $CI_PIPELINE_SOURCE == "schedule" }, { when: manual }]`),
    );
    for (const lines of ["", MAIN, "rules: [{ changes: [a] }, { if: $CI_COMMIT_TAG }]"])
      assert.ok(!rarely(lines), lines);
  });

  it("are missed in each pipeline that has the one alone", () => {
    assert.equal(without("", "", "pipeline"), "");
    assert.equal(without(BRANCHES, "", "pipeline"), "tag");
    assert.equal(without(MAIN, BRANCHES, "pipeline"), "branch");
    assert.equal(without(PUSHES, MAIN, "pipeline"), "branch");
    assert.equal(without(PUSHES, REQUESTS, "pipeline"), "merge_request");
  });

  it("leave images of the commit to tags, schedules and merge requests, not to other branches", () => {
    assert.equal(without(BRANCHES, TAGS, "commit"), "");
    assert.equal(without(MAIN, RELEASE_TAGS, "commit"), "");
    assert.equal(without("only: [main]", TAGS, "commit"), "");
    assert.equal(without(PUSHES, SCHEDULES, "commit"), "");
    assert.equal(without(BRANCHES, REQUESTS, "commit"), "");
    assert.equal(without(REQUESTS, MAIN, "commit"), "");
    assert.equal(without(MAIN, BRANCHES, "commit"), "branch");
    assert.equal(without(TAGS, BRANCHES, "commit"), "branch");
  });

  it("leave images of the branch to later pipelines of the branch alone", () => {
    assert.equal(without(BRANCHES, SCHEDULES, "ref"), "");
    assert.equal(without(BRANCHES, TAGS, "ref"), "tag");
    assert.equal(without(BRANCHES, REQUESTS, "ref"), "");
    assert.equal(without("only: [main, develop]", BRANCHES, "ref"), "branch");
    assert.equal(without("only: [main, develop]", MAIN, "ref"), "");
  });

  it("are never missed where files or variables decide, or a rule is not understood", () => {
    assert.equal(without(CHANGES, "", "pipeline"), "");
    assert.equal(without("rules: [{ if: $BUILD }]", "", "pipeline"), "");
    assert.equal(without(MAIN, "rules: [{ if: $DEPLOY }]", "pipeline"), "");
    assert.equal(without(BRANCHES, "rules: [{ if: $CI_COMMIT_TAG == }]", "pipeline"), "");
    assert.equal(without("rules: [{ if: $CI_COMMIT_TAG == }]", "", "pipeline"), "");
  });
});
