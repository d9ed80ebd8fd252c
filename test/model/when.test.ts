// The questions that rules ask of when a job runs; the ways behind the answers are on the page when.md.
import assert from "node:assert/strict";
import { jobOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import * as when from "../../server/src/core/model/pipeline/when";
import { databaseOf } from "../support/dump";
import { contextOf } from "../support/dump-runs";

/** When a job runs that holds these lines besides its script. */
function runsWith(lines: string): when.JobRuns {
  const database = databaseOf({ ".gitlab-ci.yml": `build:\n  script: echo\n  ${lines}\n` });
  const job = database.get(jobOf, rootKey(".gitlab-ci.yml", "build")) ?? assert.fail("no job");
  return when.runsIn(contextOf(database), job);
}

const PLAIN = runsWith("");
const MAIN = runsWith("rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]");
const PROTECTED = runsWith(`rules: [{ if: $CI_COMMIT_REF_PROTECTED == "true" }]`);
const MERGE = runsWith(`rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]`);
const SWITCHED = runsWith("rules: [{ if: $CI_COMMIT_TAG && $DEPLOY }]");
const BROKEN = runsWith("rules: [{ if: $CI_COMMIT_TAG == }]");

describe("when a job runs", () => {
  it("for which refs and from which sources", () => {
    assert.equal(when.canRunForRef(PLAIN, "merge_request"), "no");
    assert.equal(when.canRunForRef(PLAIN, "tag"), "yes");
    assert.equal(when.canRunForRef(BROKEN, "tag"), "unknown");
    assert.equal(when.canRunFromSource(MERGE, "push"), "no");
    assert.equal(when.canRunFromSource(MERGE, "merge_request_event"), "yes");
    assert.equal(when.canRunFromSource(MAIN, "schedule"), "yes");
  });

  it("for the default branch alone, or for others", () => {
    assert.equal(when.canBeDefaultBranch(MAIN), "yes");
    assert.equal(when.canBeDefaultBranch(PLAIN), "yes");
    assert.equal(when.canBeDefaultBranch(MERGE), "no");
    assert.deepEqual(when.onlyRefsOf(MAIN), ["$CI_DEFAULT_BRANCH"]);
    assert.equal(when.onlyRefsOf(PLAIN), undefined);
  });

  it("for protected refs alone, or for others", () => {
    assert.equal(when.canBeUnprotected(PROTECTED), "no");
    assert.equal(when.canBeUnprotected(PLAIN), "yes");
    assert.equal(when.canBeUnprotected(MAIN), "unknown");
  });

  it("with which variables set", () => {
    assert.equal(when.isTagSet(SWITCHED), "yes");
    assert.equal(when.isTagSet(MAIN), "no");
    assert.equal(when.isTagSet(PLAIN), "unknown");
    assert.equal(when.isSet(SWITCHED, "DEPLOY"), "yes");
    assert.equal(when.isSet(MAIN, "DEPLOY"), "unknown");
    assert.equal(when.isSet(MERGE, "CI_COMMIT_BRANCH"), "no");
    assert.equal(when.isSet(MAIN, "CI_COMMIT_BRANCH"), "yes");
    assert.equal(when.isSet(MAIN, "CI_COMMIT_SHA"), "yes");
    assert.equal(when.isSet(MERGE, "CI_MERGE_REQUEST_IID"), "yes");
    assert.equal(when.isSet(MERGE, "CI_MERGE_REQUEST_LABELS"), "unknown");
    assert.equal(when.isSet(PLAIN, "CI_MERGE_REQUEST_LABELS"), "no");
  });
});
