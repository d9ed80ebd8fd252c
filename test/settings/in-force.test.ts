// What the configuration file says, and what fixes write into it, in a whole workspace.
import assert from "node:assert/strict";
import { analyse, type Files } from "../support/analyse";

const CONFIGURATION = ".gitlab-ci-docker.yml";

const problemsOf = (files: Files): readonly string[] =>
  analyse(files).problems.map(({ at, message }) => `${at.file}:${at.start}-${at.end} ${message}`);

describe("settings in force: entries", () => {
  const pipeline = { "ci/main.yml": "build: { script: make }\n" };

  it("reports a file that is not there, at its place, with the one that may be meant", () => {
    const text = "entry:\n  - ci/main.yml\n  - ./ci/mian.yml\n  - other/zzz\n";
    assert.deepEqual(problemsOf({ ...pipeline, [CONFIGURATION]: text }), [
      `${CONFIGURATION}:27-40 There is no file \`ci/mian.yml\`, so no pipeline starts from it; did you mean \`ci/main.yml\`?`,
      `${CONFIGURATION}:45-54 There is no file \`other/zzz\`, so no pipeline starts from it`,
    ]);
  });

  it("says once that a pattern is none, and nothing of what is there", () => {
    assert.deepEqual(problemsOf({ ...pipeline, [CONFIGURATION]: "entry: [ci/*.yml]\n" }), [
      `${CONFIGURATION}:8-16 Patterns are not read here; write the path of each file`,
    ]);
    assert.deepEqual(problemsOf({ ...pipeline, [CONFIGURATION]: "entry: [/ci/main.yml]\n" }), []);
  });

  it("says once that a key is half typed", () => {
    for (const text of ["rul", "rules:\n  lat", "rules:\n  latest-race: off\n  dock\n", "ignore: []\nentr\n"])
      assert.equal(problemsOf({ ...pipeline, [CONFIGURATION]: text }).length, 1, text);
  });
});

describe("settings in force: what a fix writes", () => {
  const job = (tags: string): string =>
    `{ image: "docker:29.6.2-cli", services: *dind, tags: ${tags}, script: docker info }`;
  const pipeline = `.dind: &dind [docker:29.6.2-dind]\none: ${job("[big]")}\ntwo: ${job("[small, $ARCH]")}\nthree: ${job("[]")}\n`;
  const fixesWith = (files: Files) =>
    analyse({ ".gitlab-ci.yml": pipeline, ...files })
      .findings.filter(({ rule }) => rule === "dind-not-privileged")
      .flatMap(({ fixes }) => fixes);

  it("makes one file for the tags of all jobs that use a service; tags that are not known are left out", () => {
    assert.deepEqual(
      fixesWith({}).map(({ creates }) => creates),
      [
        [
          {
            file: CONFIGURATION,
            text: "runners:\n  - tags: [big]\n    privileged: true\n  - tags: []\n    privileged: true\n",
          },
        ],
      ],
    );
  });

  it("fills an empty list in brackets", () => {
    assert.deepEqual(
      fixesWith({ [CONFIGURATION]: "runners: []\n" }).map(({ edits }) => edits.map(({ newText }) => newText)),
      [["{tags: [big], privileged: true}, {tags: [], privileged: true}"]],
    );
  });

  it("is believed: the daemon is no finding then, and nothing is said of what nobody said", () => {
    const text = fixesWith({})[0]?.creates[0]?.text ?? "";
    const ids = analyse({
      ".gitlab-ci.yml": pipeline.replace(", $ARCH", ""),
      [CONFIGURATION]: `${text}  - { tags: [small], privileged: true }\n`,
    }).findings.map(({ rule }) => rule);
    assert.equal(ids.includes("dind-not-privileged"), false);
    assert.equal(ids.includes("dind-certs-not-shared"), false);
  });
});

describe("findings: jobs", () => {
  const jobsOf = (text: string): readonly (readonly string[])[] =>
    analyse({ ".gitlab-ci.yml": text })
      .findings.filter(({ rule }) => rule === "docker-image-unpinned")
      .map(({ jobs }) => jobs);

  it("leaves hidden jobs out where visible ones are affected", () => {
    const shared = "x: &image docker:latest\n";
    assert.deepEqual(
      jobsOf(`${shared}.hidden: { image: *image }\nbuild: { image: *image, script: docker info }\n`),
      [["build"]],
    );
    assert.deepEqual(jobsOf(`.hidden: { image: "docker:latest" }\nbuild: { script: make }\n`), [[".hidden"]]);
  });
});
