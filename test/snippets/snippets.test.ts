// Each snippet inserts text that its language can read, and is offered in its own kind of file only.
import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { DockerfileParser } from "dockerfile-ast";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { snippetsFor } from "../../server/src/core/features/snippets";
import type { FileKind } from "../../server/src/core/index";
import { expandSnippet } from "./expand";

const KINDS: readonly FileKind[] = ["gitlab-ci", "dockerfile", "runner-config"];

const all = KINDS.flatMap((kind) => snippetsFor(kind).map((snippet) => ({ kind, snippet })));

describe("snippets", () => {
  it("cover the configurations that are asked for, under prefixes of their own", () => {
    const prefixes = all.map(({ snippet }) => snippet.prefix);
    assert.equal(new Set(prefixes).size, prefixes.length);
    assert.ok(prefixes.length >= 12, `only ${String(prefixes.length)}`);
    for (const { kind, snippet } of all) {
      assert.match(snippet.prefix, kind === "dockerfile" ? /^dockerfile-[a-z]+$/ : /^glci-[a-z]+(-[a-z]+)*$/);
      assert.match(snippet.description, /\.$/, `${snippet.prefix}: a description is a sentence`);
      assert.equal(snippet.placement, kind === "dockerfile" ? "whole-file" : "top-level");
    }
  });

  it("are offered for no other kind of file", () => {
    for (const kind of ["configuration", "dockerignore", "shell", "other"] as const) {
      assert.deepEqual(snippetsFor(kind), []);
    }
  });

  it("name the runner snippet that a job needs, and it exists", () => {
    for (const { snippet } of all) {
      for (const [prefix] of snippet.description.matchAll(/glci-[a-z-]+/g)) {
        assert.ok(
          snippetsFor("gitlab-ci")
            .concat(snippetsFor("runner-config"))
            .some((other) => other.prefix === prefix),
          `${snippet.prefix} speaks of ${prefix}`,
        );
      }
    }
  });

  for (const snippet of snippetsFor("gitlab-ci")) {
    it(`${snippet.prefix} is a YAML mapping of jobs`, () => {
      const documents = parseAllDocuments(expandSnippet(snippet.body), { uniqueKeys: true });
      assert.equal(documents.length, 1);
      assert.ok(!("empty" in documents));
      for (const document of documents) {
        assert.deepEqual(document.errors, []);
        const jobs = document.toJS() as Record<string, { script?: unknown }>;
        assert.ok(Object.keys(jobs).length > 0);
        for (const [name, job] of Object.entries(jobs))
          assert.ok(Array.isArray(job.script), `${name} has a script`);
      }
    });
  }

  for (const snippet of snippetsFor("runner-config")) {
    it(`${snippet.prefix} is TOML that registers one runner`, () => {
      const value = getStaticTOMLValue(parseTOML(expandSnippet(snippet.body))) as { runners?: unknown[] };
      assert.equal(value.runners?.length, 1);
    });
  }

  for (const snippet of snippetsFor("dockerfile")) {
    it(`${snippet.prefix} is a Dockerfile of several stages that copies between them`, () => {
      const dockerfile = DockerfileParser.parse(expandSnippet(snippet.body));
      assert.ok(dockerfile.getFROMs().length >= 2);
      const stages = dockerfile.getFROMs().map((from) => from.getBuildStage());
      const sources = dockerfile.getCOPYs().map((copy) => copy.getFromFlag()?.getValue());
      for (const source of sources)
        assert.ok(source == null || stages.includes(source), `--from=${String(source)}`);
      assert.ok(sources.some((source) => source != null));
    });
  }
});
