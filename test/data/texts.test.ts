// Every fact that has a text in hovers and completion has one, and no text speaks of what the tables do not know.
import { strict as assert } from "node:assert";
import { DOCKER_FLAGS, flagsOf } from "../../server/src/core/data/docker-flags";
import { flagText, verbText, verbUrl } from "../../server/src/core/data/docker-texts";
import { keywordsBelow, keywordText } from "../../server/src/core/data/keywords";
import { PREDEFINED_VARIABLES } from "../../server/src/core/data/predefined-variables";
import { predefinedText } from "../../server/src/core/data/predefined-texts";
import { RUNNER_SETTINGS } from "../../server/src/core/data/runner-settings";
import { runnerSettingText } from "../../server/src/core/data/runner-setting-texts";
import {
  SAMPLE_PIPELINES,
  SAMPLE_PROJECT,
  sampleValue,
  slugOf,
} from "../../server/src/core/data/sample-pipelines";
import { referenceFault } from "../../server/src/core/model/docker/reference-check";

const without = (names: Iterable<string>, text: (name: string) => string | undefined): readonly string[] =>
  [...names].filter((name) => text(name) === undefined);

describe("texts of the tables", () => {
  it("say what every predefined variable holds", () => {
    assert.deepEqual(without(PREDEFINED_VARIABLES.keys(), predefinedText), []);
    assert.equal(predefinedText("CI_NO_SUCH_THING"), undefined);
    assert.equal(predefinedText("constructor"), undefined);
  });

  it("say what every setting of the runner is for", () => {
    for (const [table, settings] of RUNNER_SETTINGS)
      assert.deepEqual(
        without(settings.keys(), (name) => runnerSettingText(table, name)),
        [],
        table,
      );
  });

  it("say what the options of a build do", () => {
    const names = [
      ...new Set([...(flagsOf("docker", "build")?.byName.values() ?? [])].map(({ name }) => name)),
    ];
    const silent = without(names, (name) => flagText("build", name));
    // Limits of the legacy builder, and what only debugging needs.
    assert.deepEqual(
      silent.filter(
        (name) => !/^(cpu|memory|cgroup|isolation|invoke|call|policy|debug|detach|stream|help)/.test(name),
      ),
      [],
    );
  });

  it("speak of verbs that the tables have", () => {
    const verbs = Object.keys(DOCKER_FLAGS["docker"]?.verbs ?? {}).filter(
      (verb) => verbText(verb) !== undefined,
    );
    assert.ok(verbs.length > 40);
    assert.equal(verbUrl("build"), "https://docs.docker.com/reference/cli/docker/buildx/build/");
    assert.equal(verbUrl("images"), "https://docs.docker.com/reference/cli/docker/image/ls/");
    assert.equal(verbUrl("login"), "https://docs.docker.com/reference/cli/docker/login/");
  });

  it("explain keywords with the page of each", () => {
    const all = keywordsBelow("").flatMap((name) => [
      name,
      ...keywordsBelow(name).map((each) => `${name}:${each}`),
    ]);
    assert.ok(all.length > 60);
    for (const name of all)
      assert.match(keywordText(name)?.url ?? "", /^https:\/\/docs\.gitlab\.com\/ci\/yaml\/#[a-z_-]+$/, name);
  });

  it("end without a blank, and none but whole sentences with a full stop", () => {
    for (const name of PREDEFINED_VARIABLES.keys())
      assert.doesNotMatch(predefinedText(name) ?? "", /[.\s]$/, name);
  });
});

describe("example pipelines", () => {
  it("have values for what images are named by", () => {
    for (const sample of SAMPLE_PIPELINES) {
      for (const name of ["CI_REGISTRY_IMAGE", "CI_COMMIT_REF_NAME", "CI_COMMIT_SHA", "CI_PROJECT_PATH"])
        assert.ok(sampleValue(sample, name, SAMPLE_PROJECT) !== undefined, name);
      assert.equal(sampleValue(sample, "CI_COMMIT_REF_SLUG", SAMPLE_PROJECT), slugOf(sample.refName));
    }
  });

  it("have the registry of GitLab.com for projects there", () => {
    const [sample] = SAMPLE_PIPELINES;
    assert.ok(sample !== undefined);
    const image = sampleValue(sample, "CI_REGISTRY_IMAGE", { host: "gitlab.com", path: "Group/App" });
    assert.equal(image, "registry.gitlab.com/group/app");
  });

  it("make slugs as GitLab does", () => {
    assert.equal(slugOf("Feature/LOGIN_v2-"), "feature-login-v2");
    assert.equal(slugOf("x".repeat(80)).length, 63);
  });
});

describe("whole references", () => {
  const cases: readonly (readonly [reference: string, fault: RegExp | undefined])[] = [
    ["alpine", undefined],
    ["alpine:3.22", undefined],
    ["localhost:5000/a/b__c:x", undefined],
    ["registry.example.com:5000/group/app", undefined],
    [`app@sha256:${"0".repeat(64)}`, undefined],
    [`app:1@sha256:${"0".repeat(64)}`, undefined],
    ["app:feature/login", /hold `\/`/],
    ["registry.example.com/app:feature/login", /hold `\/`/],
    ["app:", /no tag/],
    ["app:-x", /begin with `-`/],
    ["app:a+b", /hold `\+`/],
    [`app:${"x".repeat(129)}`, /128/],
    ["App:1", /lower case/],
    ["registry.example.com//app", /empty/],
    ["registry.example.com/app/", /empty/],
    ["my app", /hold ` `/],
    ["app@sha256:123", /no digest/],
    ["", /no name/],
  ];
  for (const [reference, fault] of cases) {
    it(`${JSON.stringify(reference.slice(0, 50))} is ${fault === undefined ? "one" : "none"}`, () => {
      const found = referenceFault(reference);
      if (fault === undefined) assert.equal(found, undefined);
      else assert.match(found ?? "", fault);
    });
  }
});
