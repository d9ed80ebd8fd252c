// Reads a Dockerfile into our tree: the only importer of `dockerfile-ast`, which cuts the text into instructions. Never
// throws; what BuildKit would refuse to read is named in `problems`.
import { DockerfileParser, type Dockerfile } from "dockerfile-ast";
import type { Chunk, Origin } from "../text/located";
import type { LineIndex, Position } from "../text/line-index";
import type { SourceFile } from "../text/source-file";
import { readHeredocs, readLogicalLine, type EscapeCharacter } from "./dockerfile-lines";
import type { DockerfileDirective, DockerfileInstruction, DockerfileTree } from "./dockerfile-nodes";
import { readInstruction } from "./dockerfile-operands";
import type { SyntaxProblem } from "./yaml-nodes";

const keywords = new Set(
  (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER " +
    "VOLUME WORKDIR"
  ).split(" "),
);

/**
 * Reads a Dockerfile.
 *
 * @param file the whole file, which becomes one chunk
 * @param previous the tree of an earlier version, given back where the text is the same
 * @returns the tree, frozen. A half-typed file gives every instruction that can be told from the others.
 */
export function parseDockerfile(file: SourceFile, previous?: DockerfileTree): DockerfileTree {
  if (previous !== undefined && previous.path === file.path && previous.chunk.text === file.text)
    return previous;
  const chunk: Chunk = Object.freeze({ file: file.path, text: file.text });
  const parsed = DockerfileParser.parse(file.text);
  const escape: EscapeCharacter = parsed.getEscapeCharacter() === "`" ? "`" : "\\";
  const directives = directivesOf(chunk, file.lines, parsed);
  const problems: SyntaxProblem[] = [];
  const instructions = readInstructions({ chunk, lines: file.lines, escape, problems }, parsed);
  problems.push(...problemsOf(chunk, instructions));
  return Object.freeze({ path: file.path, chunk, directives, escape, instructions, problems });
}

interface Reading {
  readonly chunk: Chunk;
  readonly lines: LineIndex;
  readonly escape: EscapeCharacter;
  readonly problems: SyntaxProblem[];
}

/** Disagreements about here-documents in one file that are worth parsing its rest again. */
const mostRepairs = 20;

/**
 * The parser takes `RUN cat 3<<EOF` for an instruction without a here-document and `\<<EOF` for one with: where what
 * we read ends elsewhere, the rest is cut anew.
 */
function readInstructions(reading: Reading, parsed: Dockerfile): readonly DockerfileInstruction[] {
  const { chunk, lines } = reading;
  const instructions: DockerfileInstruction[] = [];
  let pending = rangesOf(lines, parsed);
  let repairs = 0;
  for (let index = 0, end = 0; index < pending.length; index += 1) {
    const range = pending[index];
    if (range === undefined || range.start < end) continue;
    const instruction = readAt(reading, range.start);
    instructions.push(instruction);
    end = instruction.at.end;
    if (
      chunk.text.slice(Math.min(end, range.end), Math.max(end, range.end)).trim() === "" ||
      repairs === mostRepairs
    )
      continue;
    repairs += 1;
    pending = rangesOf(
      lines,
      DockerfileParser.parse(withoutHead(chunk.text, parsed.getDirectives().length, end)),
    );
    index = -1;
  }
  return Object.freeze(instructions);
}

/** The text with blanks in place of everything up to an offset but the directives: all offsets stay. */
function withoutHead(text: string, directives: number, end: number): string {
  let head = 0;
  for (let line = 0; line < directives; line += 1) head = text.indexOf("\n", head) + 1;
  return text.slice(0, head) + text.slice(head, end).replace(/[^\n]/g, " ") + text.slice(end);
}

function readAt(reading: Reading, start: number): DockerfileInstruction {
  const { chunk, escape } = reading;
  const line = readLogicalLine(chunk, start, escape);
  const heredocs = readHeredocs(chunk, line, escape);
  const instruction = readInstruction(line.text, { chunk, start, end: heredocs.end }, heredocs.list, escape);
  const isExecForm = instruction.json !== undefined || instruction.trigger?.json !== undefined;
  if (heredocs.list.length > 0 && isExecForm) {
    return readInstruction(line.text, { chunk, start, end: line.end }, [], escape);
  }
  if (heredocs.open !== undefined) {
    const at = line.text.at(heredocs.open.start, heredocs.open.end);
    reading.problems.push({
      message: `unterminated heredoc: no line says \`${delimiterOf(heredocs.list)}\``,
      at,
    });
  }
  return instruction;
}

const delimiterOf = (list: DockerfileInstruction["heredocs"]): string => list.at(-1)?.delimiter ?? "";

interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

const rangesOf = (lines: LineIndex, parsed: Dockerfile): readonly OffsetRange[] =>
  parsed.getInstructions().map((instruction) => offsetsOf(lines, instruction.getRange()));

const offsetsOf = (
  lines: LineIndex,
  range: { readonly start: Position; readonly end: Position },
): OffsetRange => ({
  start: lines.offsetAt(range.start),
  end: lines.offsetAt(range.end),
});

function directivesOf(chunk: Chunk, lines: LineIndex, parsed: Dockerfile): readonly DockerfileDirective[] {
  const behindShebang = /^#![^\n]*\n(#[ \t]*syntax[ \t]*=[ \t]*(\S[^\n]*?)[ \t]*)(?:\n|$)/i.exec(chunk.text);
  if (behindShebang !== null) {
    // BuildKit skips a shebang in front of `# syntax`:
    // https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/directives.go
    const start = chunk.text.indexOf("\n") + 1;
    const at: Origin = { chunk, start, end: start + (behindShebang[1]?.length ?? 0) };
    return [{ name: "syntax", value: behindShebang[2] ?? "", at }];
  }
  return parsed.getDirectives().map((directive) => {
    const range = offsetsOf(lines, directive.getRange());
    const value = offsetsOf(lines, directive.getValueRange());
    // The parser ends a value at its first blank.
    const written = chunk.text.slice(value.start, range.end).trimEnd();
    return { name: directive.getName().toLowerCase(), value: written, at: { chunk, ...range } };
  });
}

/** What BuildKit says before it looks at single instructions. */
function problemsOf(chunk: Chunk, instructions: readonly DockerfileInstruction[]): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  if (instructions.length === 0) {
    return [{ message: "file with no instructions", at: { chunk, start: 0, end: chunk.text.length } }];
  }
  for (const instruction of instructions) {
    const { keyword, keywordAt } = instruction.trigger ?? instruction;
    // A line of a template engine is no instruction yet.
    if (!keywords.has(keyword) && !/^[{<@%]/.test(keyword)) {
      problems.push({ message: `unknown instruction: ${keyword}`, at: keywordAt });
    }
  }
  const first = instructions.find(({ keyword }) => keywords.has(keyword) && keyword !== "ARG");
  if (first !== undefined && first.keyword !== "FROM") {
    const message = `no build stage in current context: \`${first.keyword}\` stands in front of the first \`FROM\``;
    problems.push({ message, at: first.keywordAt });
  }
  return problems;
}
