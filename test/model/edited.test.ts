// Whatever is typed: an analysis that lived through the edits reports what a new one reports.
import assert from "node:assert/strict";
import fc from "fast-check";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS, type FileKind, type Workspace } from "../../server/src/core/index";
import { largePipeline } from "../bench/pipeline";

const DIND = `image: docker
services:
  - docker:dind
default:
  tags: [docker]
variables:
  DOCKER_HOST: tcp://docker:2375
.login: &login
  before_script:
    - docker login -u gitlab-ci-token -p $CI_JOB_TOKEN $CI_REGISTRY
.rules: &rules
  - if: $CI_COMMIT_TAG
build:
  <<: *login
  rules: *rules
  script:
    - docker build -t $CI_REGISTRY_IMAGE:latest .
    - docker push $CI_REGISTRY_IMAGE:latest
test:
  <<: *login
  needs: [build]
  script: [docker run $CI_REGISTRY_IMAGE:latest npm test]
`;
const STARTS: readonly Readonly<Record<string, string>>[] = [
  { ".gitlab-ci.yml": DIND, Dockerfile: "FROM node\nCOPY . .\nRUN npm install\nCMD ['node']\n" },
  { ".gitlab-ci.yml": largePipeline(3), Dockerfile: "FROM node:22-alpine\nARG VERSION\nCOPY . .\n" },
];
const TYPED = ["x", " ", "\n", "#", "-", "$", '"', ":", "latest", "extends: .docker\n", "services: []\n", "tags: [a]\n"];

const edit = fc.record({
  file: fc.constantFrom(".gitlab-ci.yml", ".gitlab-ci.yml", "Dockerfile"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  deleted: fc.nat({ max: 20 }),
  typed: fc.constantFrom(...TYPED),
  /** Undoes all edits of the file instead. */
  undoes: fc.boolean(),
});

function workspaceOf(texts: Readonly<Record<string, string>>, before?: Workspace): Workspace {
  const files = Object.entries(texts).map(([path, text]) => {
    const kind: FileKind = path === "Dockerfile" ? "dockerfile" : "gitlab-ci";
    const old = before?.files.get(path);
    return old?.text === text ? old : createSourceFile(path, kind, text);
  });
  const paths = before?.paths ?? new Set(Object.keys(texts));
  return { files: new Map(files.map((file) => [file.path, file])), paths, settings: DEFAULT_SETTINGS };
}

describe("an edited analysis", () => {
  it("reports what a new one reports", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.constantFrom(...STARTS), fc.array(edit, { maxLength: 12 }), (start, edits) => {
        let texts = start;
        let workspace = workspaceOf(texts);
        const analysis = createAnalysis(workspace);
        analysis.report();
        for (const { file, at, deleted, typed, undoes } of edits) {
          const text = texts[file] ?? "";
          const offset = Math.floor(at * text.length);
          const typedIn = text.slice(0, offset) + typed + text.slice(offset + deleted);
          texts = { ...texts, [file]: undoes ? (start[file] ?? "") : typedIn };
          workspace = workspaceOf(texts, workspace);
          analysis.update(workspace);
          assert.deepEqual(analysis.report(), createAnalysis(workspaceOf(texts)).report());
        }
      }),
      { numRuns: 100, seed: 20_260_801 },
    );
  });
});
