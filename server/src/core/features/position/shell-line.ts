// The shell command that is being typed at a cursor, by its text alone: half a command is seldom a command already.
import { lineStartAt } from "../../text/line-start";

export interface ShellLine {
  /** Finished words in front of the cursor, without quotes; assignments and wrappers (`sudo`, `time`) left out. */
  readonly words: readonly string[];
  /** The word that is being typed, without its opening quote. */
  readonly typed: string;
  /** Offset in the text at which it begins, behind an opening quote. */
  readonly start: number;
  /** Words behind the cursor, up to the command's end. */
  readonly after: readonly string[];
}

/**
 * Reads the command around an offset of a script's text, whose lines may stand indented in a YAML file. Lines that end with a
 * backslash go on.
 */
export function shellLineAt(text: string, from: number, offset: number): ShellLine {
  const before = text.slice(from, offset);
  const { words, typed, start } = lastCommand(before);
  const end = /(?<!\\)\n/.exec(text.slice(offset))?.index ?? text.length - offset;
  const behind = lastWordCut(text.slice(offset, offset + end));
  return { words: withoutWrappers(words), typed, start: from + start, after: behind };
}

/** Where the command's first line begins: above it lines that end with a backslash. */
export function commandStart(text: string, lineStart: number): number {
  let start = lineStart;
  while (start > 0 && /\\\n$/.test(text.slice(Math.max(0, start - 2), start))) {
    start = lineStartAt(text, start - 1);
  }
  return start;
}

interface Cut {
  readonly words: readonly string[];
  readonly typed: string;
  readonly start: number;
}

/** A blank, what ends a command, or a piece of a word: a quoted text, an escaped character, a line that goes on. */
const TOKEN = /(\\[ \t]*\n|[ \t]+)|([\n;&|(`]+)|("[^"]*"?|'[^']*'?|\\[^]?|[^\s;&|(`"'\\]+)/g;

/** Words of the last command of a text. */
function lastCommand(text: string): Cut {
  let words: string[] = [];
  let word: { text: string; start: number } | undefined;
  for (const { 0: token, 1: blank, 2: end, index } of text.matchAll(TOKEN)) {
    if (blank === undefined && end === undefined) {
      const quote = /^["']/.test(token) ? 1 : 0;
      word ??= { text: "", start: index + quote };
      word.text += token.replace(/^(["'])([^]*?)\1?$/, "$2");
      continue;
    }
    if (word !== undefined) words.push(word.text);
    if (end !== undefined) words = [];
    word = undefined;
  }
  return { words, typed: word?.text ?? "", start: word?.start ?? text.length };
}

/** Words of a text up to the end of its command; the rest of the word at its beginning is none of them. */
function lastWordCut(text: string): readonly string[] {
  const [command = ""] = text.replace(/\\\s*\n/g, " ").split(/[;&|`)]/);
  const rest = command.replace(/^\S+/, "");
  return [...rest.matchAll(/"([^"]*)"?|'([^']*)'?|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}

const WRAPPERS = new Set([
  "sudo",
  "time",
  "exec",
  "command",
  "env",
  "nohup",
  "then",
  "do",
  "else",
  "if",
  "!",
  "-",
]);

function withoutWrappers(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !WRAPPERS.has(word) && !/^[A-Za-z_]\w*=/.test(word));
  return first === -1 ? [] : words.slice(first);
}
