// The tool has nothing to say about what its own snippets insert.
import assert from "node:assert/strict";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS } from "../../server/src/core/index";
import type { FileKind, SourceFile } from "../../server/src/core/index";
import { snippetsFor, type Snippet } from "../../server/src/core/features/snippets";
import { expandSnippet } from "./expand";

const KINDS: readonly FileKind[] = ["gitlab-ci", "dockerfile", "runner-config"];
const PATH_OF: Partial<Record<FileKind, string>> = {
  "gitlab-ci": ".gitlab-ci.yml",
  dockerfile: "Dockerfile",
  "runner-config": "runner/config.toml",
};

/** The runner that a job of a snippet needs; the descriptions name them too. */
const RUNNER_FOR: Readonly<Record<string, string>> = {
  "glci-socket": "glci-runner-socket",
  "glci-dind-kubernetes": "glci-runner-kubernetes",
  "glci-buildkit-rootless": "glci-runner-socket",
};

const all = KINDS.flatMap((kind) => snippetsFor(kind).map((snippet) => ({ kind, snippet })));

const snippetWith = (prefix: string): Snippet => {
  const found = all.find(({ snippet }) => snippet.prefix === prefix);
  if (found === undefined) throw new Error(`no snippet ${prefix}`);
  return found.snippet;
};

const fileOf = (kind: FileKind, snippet: Snippet): SourceFile =>
  createSourceFile(PATH_OF[kind] ?? "other", kind, expandSnippet(snippet.body) + "\n");

/** A small repository with one snippet inserted, and the files that it speaks of beside it. */
function repositoryWith(kind: FileKind, snippet: Snippet, withRunner: boolean): readonly SourceFile[] {
  const file = fileOf(kind, snippet);
  if (kind !== "gitlab-ci") return [file];
  const dockerfile = createSourceFile("Dockerfile", "dockerfile", 'FROM alpine:3.22\nCMD ["true"]\n');
  const runner = snippetWith(RUNNER_FOR[snippet.prefix] ?? "glci-runner-dind");
  return withRunner ? [file, dockerfile, fileOf("runner-config", runner)] : [file, dockerfile];
}

function findingsIn(
  files: readonly SourceFile[],
): readonly { rule: string; severity: string; message: string }[] {
  const report = createAnalysis({
    files: new Map(files.map((file) => [file.path, file])),
    paths: new Set(files.map((file) => file.path)),
    settings: DEFAULT_SETTINGS,
  }).report();
  assert.deepEqual(report.faults, []);
  assert.deepEqual(report.problems, []);
  return report.findings.map(({ rule, severity, message }) => ({ rule, severity, message }));
}

describe("what the tool says about snippets", () => {
  for (const { kind, snippet } of all) {
    it(`${snippet.prefix}: the tool says nothing about it beside its runner`, () => {
      assert.deepEqual(findingsIn(repositoryWith(kind, snippet, true)), []);
    });

    it(`${snippet.prefix}: at most a hint without a runner in sight`, () => {
      const loud = findingsIn(repositoryWith(kind, snippet, false)).filter(
        ({ severity }) => severity !== "hint",
      );
      assert.deepEqual(loud, []);
    });
  }
});
