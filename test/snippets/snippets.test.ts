// Each snippet inserts text that its language can read, says when to choose it, and is offered in its own kind of file only.
import assert from "node:assert/strict";
import { parseDocument } from "yaml";
import { DockerfileParser } from "dockerfile-ast";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { snippetsFor } from "../../server/src/core/features/snippets";
import { DEFAULT_SETTINGS, type FileKind } from "../../server/src/core/index";
import { expandSnippet } from "./expand";
import { ALL, snippetWith } from "./repository";

const PREFIXES: Partial<Record<FileKind, RegExp>> = {
  "gitlab-ci": /^glci-(?!runner-|config-)[a-z]+(-[a-z]+)*$/,
  dockerfile: /^dockerfile-[a-z]+(-[a-z]+)*$/,
  "runner-config": /^glci-runner-[a-z]+(-[a-z]+)*$/,
  configuration: /^glci-config-[a-z]+$/,
};

/** The approaches that people take to build images in GitLab CI; each has its snippet. */
const APPROACHES: Readonly<Record<string, readonly string[]>> = {
  "a shell runner": ["glci-shell", "glci-runner-shell"],
  "Docker-in-Docker, with TLS and without": ["glci-dind", "glci-dind-plain", "glci-runner-dind"],
  "the runner's socket": ["glci-socket", "glci-runner-socket"],
  Kubernetes: ["glci-dind-kubernetes", "glci-runner-kubernetes"],
  "artifacts between jobs": ["glci-artifacts", "dockerfile-prebuilt"],
  "the builder pattern": ["glci-builder-pattern"],
  "multi-stage builds": [
    "dockerfile-go",
    "dockerfile-node",
    "dockerfile-rust",
    "dockerfile-java",
    "dockerfile-python",
  ],
  "layer caches": [
    "glci-cache-pull",
    "glci-cache-stages",
    "glci-cache-files",
    "glci-cache-inline",
    "glci-cache-buildx",
  ],
  "the storage driver": ["glci-storage-driver"],
  "ways to log in": ["glci-login-job", "glci-login-access-token", "glci-login-deploy-token"],
  "promotion and releases": ["glci-promote", "glci-release-tag"],
  "cleaning up": ["glci-cleanup-tag", "glci-prune"],
  "secrets at build time": ["glci-build-secret", "dockerfile-secret"],
  "builders without a daemon": ["glci-buildkit-rootless", "glci-buildah", "glci-runner-buildkit"],
};

describe("snippets", () => {
  it("are at least thirty, under prefixes of their own", () => {
    const prefixes = ALL.map(({ snippet }) => snippet.prefix);
    assert.equal(new Set(prefixes).size, prefixes.length);
    assert.equal(new Set(ALL.map(({ snippet }) => snippet.name)).size, prefixes.length);
    assert.ok(prefixes.length >= 30, `only ${String(prefixes.length)}`);
    for (const { kind, snippet } of ALL) {
      assert.match(snippet.prefix, PREFIXES[kind] ?? /^$/);
      assert.match(snippet.description, /\.$/, `${snippet.prefix}: a description is a sentence`);
      assert.match(snippet.when, /\.$/, `${snippet.prefix}: when to choose it is a sentence`);
      assert.equal(snippet.placement, kind === "dockerfile" ? "whole-file" : "top-level");
    }
  });

  for (const [approach, prefixes] of Object.entries(APPROACHES)) {
    it(`cover ${approach}`, () => {
      for (const prefix of prefixes) assert.ok(snippetWith(prefix));
    });
  }

  it("are offered for no other kind of file", () => {
    for (const kind of ["dockerignore", "shell", "markdown", "other"] as const) {
      assert.deepEqual(snippetsFor(kind), []);
    }
  });

  it("speak of snippets that exist", () => {
    const named = ALL.flatMap(({ snippet }) =>
      [...`${snippet.description} ${snippet.when}`.matchAll(/\b(?:glci|dockerfile)-[a-z-]*[a-z]/g)].map(
        ([prefix]) => prefix,
      ),
    );
    assert.ok(named.length > 20);
    for (const prefix of named) assert.ok(snippetWith(prefix));
  });

  it("insert the version of Docker that fixes insert", () => {
    const versions = ALL.flatMap(({ snippet }) =>
      [...snippet.body.matchAll(/\bdocker:(\d[\w.]*)-(?:cli|dind)\b/g)].map(([, version]) => version),
    );
    assert.ok(versions.length > 20);
    assert.deepEqual([...new Set(versions)], [DEFAULT_SETTINGS.dockerVersion]);
  });

  for (const { snippet } of ALL) {
    it(`${snippet.prefix} numbers its tab stops from 1, and ends at the last`, () => {
      const stops = [...snippet.body.matchAll(/(?<!\\)\$\{?(\d+)/g)].map(([, stop]) => Number(stop));
      const own = [...new Set(stops)].sort((a, b) => a - b);
      assert.deepEqual(
        own,
        own.map((_, index) => index),
      );
      assert.match(snippet.body, /\$0$/);
    });
  }

  for (const snippet of snippetsFor("gitlab-ci")) {
    it(`${snippet.prefix} is a YAML mapping of jobs`, () => {
      for (const [name, job] of Object.entries(mappingOf(snippet.body))) {
        const { script, before_script: before } = job as { script?: unknown; before_script?: unknown };
        assert.ok(Array.isArray(name.startsWith(".") ? before : script), `${name} has a script`);
      }
    });
  }

  for (const snippet of snippetsFor("configuration")) {
    it(`${snippet.prefix} is a YAML mapping of one setting`, () => {
      assert.equal(Object.keys(mappingOf(snippet.body)).length, 1);
    });
  }

  for (const snippet of snippetsFor("runner-config")) {
    it(`${snippet.prefix} is TOML that registers one runner`, () => {
      const value = getStaticTOMLValue(parseTOML(expandSnippet(snippet.body))) as { runners?: unknown[] };
      assert.equal(value.runners?.length, 1);
    });
  }

  for (const snippet of snippetsFor("dockerfile")) {
    it(`${snippet.prefix} is a Dockerfile whose stages copy from stages that are there`, () => {
      const dockerfile = DockerfileParser.parse(expandSnippet(snippet.body));
      const stages = dockerfile.getFROMs().map((from) => from.getBuildStage());
      const sources = dockerfile
        .getCOPYs()
        .map((copy) => copy.getFromFlag()?.getValue())
        .filter((source) => source != null);
      for (const source of sources) assert.ok(stages.includes(source), `--from=${source}`);
      assert.equal(sources.length > 0, stages.length > 1);
    });
  }
});

function mappingOf(body: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(expandSnippet(body), { uniqueKeys: true });
  assert.deepEqual(document.errors, []); // a second document would be one
  const mapping = document.toJS() as Record<string, unknown>; // the caller looks at what is in it
  assert.ok(Object.keys(mapping).length > 0);
  return mapping;
}
