// The ready-made configurations of `snippets/*.json` and where they belong. They are served as completion items, in
// our files only: a snippet that the manifest contributes for `yaml` would be offered in every YAML file.
import configurationSnippets from "../../../../snippets/configuration.json";
import dockerfileSnippets from "../../../../snippets/dockerfile.json";
import ciBuildSnippets from "../../../../snippets/gitlab-ci-build.json";
import ciCacheSnippets from "../../../../snippets/gitlab-ci-cache.json";
import ciDaemonSnippets from "../../../../snippets/gitlab-ci-daemon.json";
import ciRegistrySnippets from "../../../../snippets/gitlab-ci-registry.json";
import runnerSnippets from "../../../../snippets/runner-config.json";
import type { FileKind } from "../text/source-file";

/**
 * Where a snippet may be inserted: `top-level` at column 0 of a line that begins no value of the block above it (a
 * job beside the other jobs, a `[[runners]]` table beside the other tables); `whole-file` only while the file has no
 * instruction yet, since a Dockerfile of several stages is written from its first line.
 */
export type SnippetPlacement = "top-level" | "whole-file";

export interface Snippet {
  /** The title that a list shows. */
  readonly name: string;
  /** What the user types: `glci-dind`, `dockerfile-go`. */
  readonly prefix: string;
  /** One or more sentences: what it does and what it needs. */
  readonly description: string;
  /** One or more sentences: when to choose it, and when another. */
  readonly when: string;
  /** Text in the snippet syntax of the language server protocol (tab stops, choices), LF line breaks, no last one. */
  readonly body: string;
  readonly placement: SnippetPlacement;
}

/** Snippets of one file of definitions, which belong together. */
export interface SnippetGroup {
  readonly title: string;
  readonly kind: FileKind;
  readonly snippets: readonly Snippet[];
}

/** One entry of a snippet file: VS Code's format, and `when`, which VS Code does not know. */
interface Definition {
  readonly prefix: string;
  readonly description: string;
  readonly when: string;
  readonly body: readonly string[];
}

const group = (
  title: string,
  kind: FileKind,
  definitions: Readonly<Record<string, Definition>>,
): SnippetGroup => {
  const placement = kind === "dockerfile" ? "whole-file" : "top-level";
  const snippets = Object.entries(definitions).map(([name, { prefix, description, when, body }]) =>
    Object.freeze({ name, prefix, description, when, body: body.join("\n"), placement }),
  );
  return { title, kind, snippets };
};

/** All snippets, group by group, in the order in which lists show them. */
export const SNIPPET_GROUPS: readonly SnippetGroup[] = [
  group("Pipelines: how a job reaches Docker", "gitlab-ci", ciDaemonSnippets),
  group("Pipelines: registry, login, release", "gitlab-ci", ciRegistrySnippets),
  group("Pipelines: layer caches", "gitlab-ci", ciCacheSnippets),
  group("Pipelines: ways to build", "gitlab-ci", ciBuildSnippets),
  group("Dockerfiles", "dockerfile", dockerfileSnippets),
  group("GitLab Runner's config.toml", "runner-config", runnerSnippets),
  group("Our own .gitlab-ci-docker.yml", "configuration", configurationSnippets),
];

const BY_KIND: ReadonlyMap<FileKind, readonly Snippet[]> = new Map(
  [...new Set(SNIPPET_GROUPS.map(({ kind }) => kind))].map((kind) => [
    kind,
    SNIPPET_GROUPS.filter((each) => each.kind === kind).flatMap(({ snippets }) => snippets),
  ]),
);

/** The snippets for a kind of file, in the order in which a list shows them; empty for kinds that have none. */
export function snippetsFor(kind: FileKind): readonly Snippet[] {
  return BY_KIND.get(kind) ?? [];
}
