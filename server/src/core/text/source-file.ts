// One immutable version of one file. Everything below this file sees `\n` line breaks only, and no byte order mark.
import { createLineIndex, type LineIndex } from "./line-index";

/** Path below the repository's root, with `/` between its parts and none in front: `ci/docker.yml`. */
export type FilePath = string;

/** What a file is to us; `other` files are only ever asked whether they exist. */
export type FileKind =
  | "gitlab-ci"
  | "dockerfile"
  | "runner-config"
  | "configuration"
  | "dockerignore"
  | "shell"
  | "markdown"
  | "other";

/** Identity (`===`) is the cache key: an edit makes a new object. */
export interface SourceFile {
  readonly path: FilePath;
  readonly kind: FileKind;
  /** The text with LF line breaks, without byte order mark. */
  readonly text: string;
  readonly lines: LineIndex;
}

/**
 * Makes a source file from text as it was read. Line breaks become `\n` and a byte order mark goes; neither moves
 * any line/character position, so positions can be handed to editors unchanged.
 */
export function createSourceFile(path: FilePath, kind: FileKind, raw: string): SourceFile {
  const text = normalise(raw);
  return Object.freeze({ path, kind, text, lines: createLineIndex(text) });
}

/** LF line breaks (also for a lone CR, which the language server protocol counts as a line break), no byte order mark. */
export function normalise(raw: string): string {
  const text = raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw;
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
