// The ready-made configurations of `snippets/*.json` and where they belong. They are served as completion items, in
// our files only: a snippet that the manifest contributes for `yaml` would be offered in every YAML file.
import ciSnippets from "../../../../snippets/gitlab-ci.json";
import dockerfileSnippets from "../../../../snippets/dockerfile.json";
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
  /** One or two sentences: what it does and what it needs. */
  readonly description: string;
  /** Text in the snippet syntax of the language server protocol (tab stops, choices), LF line breaks, no last one. */
  readonly body: string;
  readonly placement: SnippetPlacement;
}

/** One entry of a snippet file in VS Code's format. */
interface Definition {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const readDefinitions = (
  definitions: Readonly<Record<string, Definition>>,
  placement: SnippetPlacement,
): readonly Snippet[] =>
  Object.entries(definitions).map(([name, { prefix, description, body }]) =>
    Object.freeze({ name, prefix, description, body: body.join("\n"), placement }),
  );

const SNIPPETS: ReadonlyMap<FileKind, readonly Snippet[]> = new Map([
  ["gitlab-ci", readDefinitions(ciSnippets, "top-level")],
  ["dockerfile", readDefinitions(dockerfileSnippets, "whole-file")],
  ["runner-config", readDefinitions(runnerSnippets, "top-level")],
]);

/** The snippets for a kind of file, in the order in which a list shows them; empty for kinds that have none. */
export function snippetsFor(kind: FileKind): readonly Snippet[] {
  return SNIPPETS.get(kind) ?? [];
}
