// Includes and inputs where a page can't show it: exact places, limits, and what an edit computes again.
import assert from "node:assert/strict";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS, type Analysis, type Workspace } from "../../server/src/core/index";
import { matchesRegex } from "../../server/src/core/model/pipeline/inputs-regex";
import { jobOf, pipelineProblemsOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import { textAt } from "../../server/src/core/text/located";
import { isOutside, normalFolder } from "../../server/src/core/text/paths";
import { analyse, toSettings, type Files } from "../support/analyse";
import { databaseOf } from "../support/dump";

const BUILD = `spec:
  inputs:
    name:
    tag: { default: latest }
---
build-$[[ inputs.name ]]:
  image: docker:$[[ inputs.tag ]]
  script: "docker build -t a/$[[ inputs.name ]]:\\u0031 $[[ inputs.none ]] ."
other-$[[ inputs.name ]]:
  script: echo $[[ inputs.name ]]
`;

/** The problems of the pipeline, each with the text at its place. */
function problemsOf(files: Files): readonly (readonly [text: string, message: string])[] {
  return databaseOf(files)
    .get(pipelineProblemsOf, ".gitlab-ci.yml")
    .map(({ at, message }) => [textAt(at), message]);
}

describe("inputs", () => {
  it("keep the place of every character", () => {
    const database = databaseOf({ ".gitlab-ci.yml": "include: [{ local: b.yml, inputs: { name: web } }]\n", "b.yml": BUILD });
    const text = database.get(jobOf, rootKey(".gitlab-ci.yml", "build-web"))?.script[0]?.text;
    assert.equal(text?.text, "docker build -t a/web:1 $[[ inputs.none ]] .");
    const written = (part: string): string => {
      const start = text.text.indexOf(part);
      return textAt(text.at(start, start + part.length));
    };
    assert.equal(written("docker"), "docker");
    assert.equal(written("a/"), "a/");
    assert.equal(written("e"), "e");
    assert.equal(written("web"), "$[[ inputs.name ]]", "an inserted value stands for its block");
    assert.equal(written("b:1"), "$[[ inputs.name ]]:\\u0031", "a part of it counts as the whole");
    assert.equal(written("1"), "\\u0031", "behind it the template's own places go on");
    assert.equal(written("$[[ inputs.none ]]"), "$[[ inputs.none ]]");
    assert.equal(written(" ."), " .");
    const end = text.at(text.text.length, text.text.length);
    assert.equal(end.start, end.end);
    assert.equal(end.chunk.text.slice(end.start, end.start + 1), '"');
  });

  it("that are empty or whole values keep a place", () => {
    const template = 'spec: { inputs: { empty: { default: "" }, n: { type: number } } }\n---\na:\n  image: $[[ inputs.empty ]]\n  parallel: $[[ inputs.n ]]\n  script: echo\n';
    const job = databaseOf({ ".gitlab-ci.yml": "include: [{ local: t.yml, inputs: { n: 3 } }]\n", "t.yml": template }).get(
      jobOf,
      rootKey(".gitlab-ci.yml", "a"),
    );
    assert.equal(job?.image?.name.value, "");
    assert.equal(textAt(job.image.text.at(0, 0)), "");
    const parallel = job.keywords.get("parallel")?.value;
    assert.ok(parallel?.kind === "scalar");
    assert.equal(parallel.node.value, 3);
    assert.equal(textAt(parallel.node.mapped.at(0, 1)), "$[[ inputs.n ]]");
  });

  it("are complained about at the value, the key, or the file's name", () => {
    const include = "include:\n  - local: /b.yml\n    inputs: { tag: [1], nme: x }\n  - b.yml\n  - local: plain.yml\n    inputs: { x: 1 }\n";
    assert.deepEqual(problemsOf({ ".gitlab-ci.yml": include, "b.yml": BUILD, "plain.yml": "a: { script: echo }\n" }), [
      ["nme", "`b.yml`: unknown input arguments: nme"],
      ["{ tag: [1], nme: x }", "`b.yml`: `name` input: required value has not been provided"],
      ["[1]", "`b.yml`: `tag` input: provided value is not a string"],
      ["b.yml", "`b.yml`: `name` input: required value has not been provided"],
      ["x", "`plain.yml`: Given inputs not defined in the `spec` section of the included configuration file"],
      ["$[[ inputs.none ]]", "unknown interpolation key: `none`"],
    ]);
  });

  it("of a header that takes some from a file out of reach are not called unknown", () => {
    const template = "spec:\n  include: [{ remote: https://example.com/shared.yml }]\n---\na: { script: 'echo $[[ inputs.x ]]' }\n";
    assert.deepEqual(problemsOf({ ".gitlab-ci.yml": "include: [{ local: t.yml, inputs: { x: 1 } }]\n", "t.yml": template }), []);
  });

  it("are not written over by a fix", () => {
    const settings = toSettings({ rules: { "docker-image-unpinned": "warning" } });
    const fixes = (image: string): number => {
      const files = { ".gitlab-ci.yml": "include: [{ local: b.yml, inputs: { tag: latest } }]\n", "b.yml": `spec: { inputs: { tag: } }\n---\na:\n  image: ${image}\n  script: docker build .\n` };
      const found = analyse(files, settings).findings.filter(({ rule }) => rule === "docker-image-unpinned");
      assert.equal(found.length, 1);
      return found.flatMap((finding) => finding.fixes).length;
    };
    assert.equal(fixes("docker:$[[ inputs.tag ]]"), 0);
    assert.ok(fixes("docker:latest") > 0);
  });
});

describe("the expression of an input", () => {
  it("is tried where it ends in time and means the same", () => {
    assert.equal(matchesRegex("^v\\d+(\\.\\d+)*$", "v1.20.3"), true);
    assert.equal(matchesRegex("^v\\d+$", "x1"), false);
    assert.equal(matchesRegex("(?i)^MAIN$", "main"), true);
    assert.equal(matchesRegex("\\Aa\\z", "a"), true);
    assert.equal(matchesRegex("b", "abc"), true, "anywhere in the text");
    assert.equal(matchesRegex("^(a+)+$", `${"a".repeat(200)}b`), undefined);
    assert.equal(matchesRegex("[[:alpha:]]", "a"), undefined);
    assert.equal(matchesRegex("(", "a"), undefined);
  });
});

describe("includes", () => {
  it("are counted, and the one too many is named once", () => {
    const count = (files: number): Files => ({
      ".gitlab-ci.yml": `include:\n  - ci/*.yml\n  - last.yml\na: { script: echo }\n`,
      "last.yml": "last: { script: echo }\n",
      ...Object.fromEntries(Array.from({ length: files }, (_, index) => [`ci/${index}.yml`, `job-${index}: { script: echo }\n`])),
    });
    assert.deepEqual(problemsOf(count(149)), []);
    assert.deepEqual(problemsOf(count(150)), [["last.yml", "Maximum of 150 nested includes are allowed!"]]);
  });

  it("never leave the repository but for a named checkout", () => {
    const database = databaseOf({
      ".gitlab-ci-docker.yml": "include: { projects: { group/ci: ../ci } }\n",
      ".gitlab-ci.yml": "include:\n  - project: group/ci\n    file: [../secret.yml, a.yml, a/../../b.yml]\n  - ../other.yml\n",
    });
    database.get(pipelineProblemsOf, ".gitlab-ci.yml");
    assert.deepEqual([...database.wanted()], ["../ci/a.yml"]);
  });
});

describe("paths", () => {
  it("of folders are the same however they are written", () => {
    for (const written of ["../ci/", "./../ci", "x/../../ci", "..\\ci", "..//ci/."]) assert.equal(normalFolder(written), "../ci");
    assert.equal(normalFolder("."), "");
    assert.equal(normalFolder("/srv/ci/"), "/srv/ci");
    assert.deepEqual(["a/b", "..a", "../a", "/a", "C:/a"].map(isOutside), [false, false, true, true, true]);
  });
});

describe("an edit of a template that is included twice", () => {
  const files = (script: string, include = "web"): Files => ({
    ".gitlab-ci.yml": `include:
  - local: b.yml
    inputs: { name: api }
  - local: b.yml
    inputs: { name: ${include}, tag: v1 }
mine: { script: echo }
`,
    "b.yml": BUILD.replace("echo", script),
  });

  function workspace(texts: Files, before?: Workspace): Workspace {
    const sources = Object.entries(texts).map(([path, text]) => {
      const old = before?.files.get(path);
      return old?.text === text ? old : createSourceFile(path, "gitlab-ci", text);
    });
    return { files: new Map(sources.map((file) => [file.path, file])), paths: before?.paths ?? new Set(Object.keys(texts)), settings: DEFAULT_SETTINGS };
  }

  function counted(change: Files): Record<string, number> {
    const first = workspace(files("echo"));
    const analysis: Analysis = createAnalysis(first);
    analysis.report();
    const before = new Map(analysis.computed());
    analysis.update(workspace(change, first));
    analysis.report();
    const names = ["pipelineFilesOf", "inputHeaderOf", "resolvedJobOf"];
    return Object.fromEntries(names.map((name) => [name, (analysis.computed().get(name) ?? 0) - (before.get(name) ?? 0)]));
  }

  it("works out again the jobs that it makes, for each use", () => {
    assert.deepEqual(counted(files("printf")), { pipelineFilesOf: 0, inputHeaderOf: 0, resolvedJobOf: 2 });
  });

  it("leaves the jobs alone that get what they got", () => {
    // The header changes, the inputs stay what they were: the jobs of the edited file are not touched.
    const change = files("echo");
    const header = { ...change, "b.yml": (change["b.yml"] ?? "").replace("latest }", "latest, description: The tag }") };
    assert.deepEqual(counted(header), { pipelineFilesOf: 1, inputHeaderOf: 1, resolvedJobOf: 0 });
  });
});
