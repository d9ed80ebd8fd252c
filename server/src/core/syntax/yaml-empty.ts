// Blocks and files without entries: comments between documents, and what is refused instead of read.
import type { Chunk } from "../text/located";
import type { FilePath } from "../text/source-file";
import type { SyntaxProblem, YamlBlock, YamlDocument, YamlFile } from "./yaml-nodes";

export const emptyBlock = (chunk: Chunk, problems: readonly SyntaxProblem[]): YamlBlock =>
  Object.freeze({ chunk, pairs: [], root: undefined, anchors: [], aliases: [], problems });

/** A file that is no text, by the NUL character at `zero`: one block, one problem. */
export function refusedFile(path: FilePath, text: string, zero: number): YamlFile {
  const chunk: Chunk = Object.freeze({ file: path, text });
  const message = "this is no text file: it holds a NUL character, so it is not checked";
  const problem: SyntaxProblem = { message, at: { chunk, start: zero, end: zero + 1 } };
  const document: YamlDocument = { blocks: [emptyBlock(chunk, [problem])] };
  return Object.freeze({ path, documents: [document], chunks: new Map([[chunk, 0]]), problems: [] });
}
