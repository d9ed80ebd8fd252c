// A small repository for each snippet: the file that it is inserted into, and beside it what its description names.
import { createSourceFile, type FileKind, type SourceFile } from "../../server/src/core/index";
import { SNIPPET_GROUPS, type Snippet } from "../../server/src/core/features/snippets";
import { expandSnippet } from "./expand";

export interface Offered {
  readonly kind: FileKind;
  readonly snippet: Snippet;
}

export const ALL: readonly Offered[] = SNIPPET_GROUPS.flatMap(({ kind, snippets }) =>
  snippets.map((snippet) => ({ kind, snippet })),
);

/** Where a snippet's file lies, and what may stand there already: other jobs, other runners, other settings. */
const FILES: Partial<Record<FileKind, { readonly path: string; readonly before: string }>> = {
  "gitlab-ci": {
    path: ".gitlab-ci.yml",
    before: `stages:
  - build
  - test
  - deploy

variables:
  GIT_DEPTH: "1"

lint:
  stage: test
  image: alpine:3.23
  script:
    - ./lint.sh

`,
  },
  dockerfile: { path: "Dockerfile", before: "# The image of the service.\n" },
  "runner-config": {
    path: "runner/config.toml",
    before: `concurrent = 4

[[runners]]
  name = "tests"
  url = "https://gitlab.com/"
  token = "glrt-"
  executor = "docker"
  [runners.docker]
    image = "alpine:3.23"

`,
  },
  configuration: { path: ".gitlab-ci-docker.yml", before: "dockerVersion: 29.6.2\n" },
};

/** The runner that a job of a snippet needs, where it is not `glci-runner-dind`; the descriptions name them too. */
const RUNNER_FOR: Readonly<Record<string, string>> = {
  "glci-socket": "glci-runner-socket",
  "glci-shell": "glci-runner-shell",
  "glci-prune": "glci-runner-shell",
  "glci-dind-kubernetes": "glci-runner-kubernetes",
  "glci-buildkit-rootless": "glci-runner-buildkit",
};

/** The Dockerfile that a job of a snippet builds, where one of a single stage would not do. */
const DOCKERFILE_FOR: Readonly<Record<string, string>> = {
  "glci-artifacts": "dockerfile-prebuilt",
  "glci-build-secret": "dockerfile-secret",
  "glci-build-target": "dockerfile-test-stage",
  "glci-builder-pattern": "dockerfile-node",
  "glci-cache-buildx": "dockerfile-node",
  "glci-cache-files": "dockerfile-java",
  "glci-cache-stages": "dockerfile-rust",
  "glci-multi-platform": "dockerfile-go-platforms",
};

const SMALL_DOCKERFILE = `ARG BASE_PREFIX
FROM \${BASE_PREFIX}alpine:3.23
CMD ["true"]
`;

export function snippetWith(prefix: string): Snippet {
  const found = ALL.find(({ snippet }) => snippet.prefix === prefix);
  if (found === undefined) throw new Error(`no snippet ${prefix}`);
  return found.snippet;
}

export type Place = "empty file" | "below other entries";

/** The file after a snippet was inserted and nothing was changed in it. */
export function fileWith({ kind, snippet }: Offered, place: Place): SourceFile {
  const { path, before } = FILES[kind] ?? { path: "other", before: "" };
  const text = `${expandSnippet(snippet.body)}\n`;
  return createSourceFile(path, kind, place === "empty file" ? text : before + text);
}

/** The repository around it: for a pipeline also Dockerfiles, and `runners` if they are to be known. */
export function repositoryOf(offered: Offered, place: Place, runners: boolean): readonly SourceFile[] {
  const file = fileWith(offered, place);
  if (offered.kind !== "gitlab-ci") return [file];
  const { prefix } = offered.snippet;
  const built = DOCKERFILE_FOR[prefix];
  const dockerfile = built === undefined ? SMALL_DOCKERFILE : `${expandSnippet(snippetWith(built).body)}\n`;
  const runner = snippetWith(RUNNER_FOR[prefix] ?? "glci-runner-dind");
  return [
    file,
    ...["Dockerfile", "api/Dockerfile", "web/Dockerfile"].map((path) =>
      createSourceFile(path, "dockerfile", dockerfile),
    ),
    ...(runners ? [fileWith({ kind: "runner-config", snippet: runner }, "empty file")] : []),
  ];
}
