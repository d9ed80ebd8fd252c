// Command lines that register a runner: `gitlab-runner register …` in scripts, in the code blocks of Markdown files, in RUN
// instructions and in pipelines. https://docs.gitlab.com/runner/register/
import { defineQuery, type QueryContext } from "../../query/query";
import { commandsOf, parseShell } from "../../syntax/shell";
import type { SimpleCommand, Word } from "../../syntax/shell-nodes";
import type { YamlNode } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import { identityText, sliceText, type MappedText } from "../../text/mapped-text";
import type { FilePath, SourceFile } from "../../text/source-file";
import { dockerfileTreeOf } from "../docker/dockerfile";
import { yamlOf } from "../pipeline/yaml-of";

export interface RegisterFlag {
  /** Long name without dashes: "registration-token" for `-r`. */
  readonly name: string;
  /** As written, without its value. */
  readonly written: string;
  /** Undefined for a switch without `=value`, and where the command ends too early. */
  readonly value: RegisterValue | undefined;
  /** From the flag to its value's end. */
  readonly at: Origin;
  readonly nameAt: Origin;
}

export interface RegisterValue {
  /** After quote removal, expansions as written. */
  readonly text: string;
  readonly isStatic: boolean;
  readonly at: Origin;
}

/** One `gitlab-runner register`. */
export interface RegisterLine {
  readonly path: FilePath;
  /** "markdown" lines are examples for people. */
  readonly source: "script" | "markdown" | "dockerfile" | "pipeline";
  readonly flags: readonly RegisterFlag[];
  /** From the program's name to the end of the command. */
  readonly at: Origin;
  /** The words `gitlab-runner register`. */
  readonly nameAt: Origin;
}

/** Cheap test of a text before it is read. */
export const mayRegister = (text: string): boolean =>
  /gitlab(?:-ci-multi)?-runner[^\n]*\sregister\b/.test(text);

/** Whether a file may hold such lines. */
export const mayRegisterIn = defineQuery<FilePath, boolean>({
  name: "mayRegisterIn",
  compute: (ctx, path) => mayRegister(ctx.file(path)?.text ?? ""),
});

const registerLines = defineQuery<FilePath, readonly RegisterLine[]>({
  name: "registerLinesOf",
  compute: (ctx, path) => {
    const file = ctx.file(path);
    if (file === undefined || !mayRegister(file.text)) return [];
    return scriptsOf(ctx, file).flatMap(({ text, source }) => linesIn(text, path, source));
  },
});

/** The lines of a file that register a runner, in order; none where the file is not loaded. */
export const registerLinesOf = (ctx: QueryContext, path: FilePath): readonly RegisterLine[] =>
  ctx.get(registerLines, path);

// ---- Where shell text stands

interface Source {
  readonly text: MappedText;
  readonly source: RegisterLine["source"];
}

function scriptsOf(ctx: QueryContext, file: SourceFile): readonly Source[] {
  const chunk = { file: file.path, text: file.text };
  switch (file.kind) {
    case "shell":
      return [{ text: identityText(chunk, 0, file.text.length), source: "script" }];
    case "markdown":
      return fences(file.text).map(([start, end]) => ({
        text: sliceText(identityText(chunk, 0, file.text.length), start, end),
        source: "markdown",
      }));
    case "dockerfile":
      return (dockerfileTreeOf(ctx, file.path)?.instructions ?? []).flatMap(({ keyword, rest }) =>
        keyword === "RUN" && mayRegister(rest.text) ? [{ text: rest, source: "dockerfile" as const }] : [],
      );
    case "gitlab-ci": {
      const pairs = ctx
        .get(yamlOf, file.path)
        ?.documents.flatMap(({ blocks }) => blocks.flatMap((each) => each.pairs));
      return (pairs ?? [])
        .flatMap(({ value }) => scalarsIn(value))
        .map((text) => ({ text, source: "pipeline" }));
    }
    default:
      return [];
  }
}

/** Code blocks of Markdown that hold shell text, also those inside lists. */
function fences(text: string): readonly (readonly [number, number])[] {
  const pattern = /^[ \t>]*(```+|~~~+)[ \t]*(\w*)[^\n]*\n([\s\S]*?)^[ \t>]*\1/gm;
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [whole, fence = "", language = "", body = ""] = match;
    if (!/^(?:|sh|shell|bash|zsh|console|text|plaintext)$/i.test(language)) return [];
    const start = match.index + whole.lastIndexOf(body, whole.lastIndexOf(fence));
    return [[start, start + body.length] as const];
  });
}

function scalarsIn(node: YamlNode): readonly MappedText[] {
  switch (node.kind) {
    case "scalar":
      return mayRegister(node.text) ? [node.mapped] : [];
    case "seq":
      return node.items.flatMap(scalarsIn);
    case "map":
      return node.pairs.flatMap(({ value }) => scalarsIn(value));
    case "alias":
      return [];
  }
}

// ---- Commands

function linesIn(text: MappedText, path: FilePath, source: RegisterLine["source"]): readonly RegisterLine[] {
  const script = parseShell(source === "markdown" ? withoutPrompts(text.text) : text.text);
  return commandsOf(script).flatMap(({ command }): readonly RegisterLine[] => {
    const verb = verbOf(command);
    const program = command.words[verb - 1];
    const register = command.words[verb];
    const last = command.words.at(-1);
    if (program === undefined || register === undefined || last === undefined) return [];
    return [
      {
        path,
        source,
        flags: flagsIn(command.words.slice(verb + 1), text),
        at: text.at(program.start, last.end),
        nameAt: text.at(program.start, register.end),
      },
    ];
  });
}

/** `$ gitlab-runner …` of a console: the prompt becomes a blank, so that places stay. */
const withoutPrompts = (text: string): string =>
  text.replace(/^([ \t]*)[$#](?=[ \t]+\S*(?:gitlab|sudo|docker))/gm, "$1 ");

/** What may run the program, or start a container of it. Other commands only print its name. */
const LAUNCHERS =
  /(?:^|\/)(?:sudo|env|exec|nohup|time|command|docker(?:-compose)?|podman|nerdctl|kubectl|ssh)$/;
const PROGRAM = /(?:^|\/)gitlab(?:-ci-multi)?-runner(?::[\w.-]+)?$/;

/** Position of `register` behind the program or, with `docker run`, behind its image; 0 where there is none. */
function verbOf({ words }: SimpleCommand): number {
  const first = words[0]?.text ?? "";
  if (!LAUNCHERS.test(first) && !PROGRAM.test(first)) return 0;
  const isVerb = (word: Word, at: number): boolean =>
    word.text === "register" && PROGRAM.test(words[at - 1]?.text ?? "");
  return Math.max(words.findIndex(isVerb), 0);
}

/** https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/commands/register.go */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["r", "registration-token"],
  ["t", "token"],
  ["u", "url"],
  ["n", "non-interactive"],
  ["c", "config"],
]);

/** Switches take a value only behind `=`. */
const SWITCHES =
  /^(?:non-interactive|leave-runner|run-untagged|locked|paused|docker-privileged|docker-services_privileged|docker-tlsverify|docker-disable-cache|docker-oom-kill-disable|docker-disable-entrypoint-overwrite|kubernetes-privileged|debug-trace-disabled)$/;

function flagsIn(words: readonly Word[], text: MappedText): readonly RegisterFlag[] {
  return words.flatMap((word, index) => {
    const match = /^--?([A-Za-z][\w.-]*)(=?)/.exec(word.text);
    return match === null ? [] : [flagOf(word, words[index + 1], match, text)];
  });
}

function flagOf(word: Word, next: Word | undefined, match: RegExpExecArray, text: MappedText): RegisterFlag {
  const [head, name = "", equals] = match;
  const long = SHORT.get(name) ?? name;
  const isAttached = equals === "=";
  const takesNext = !isAttached && !SWITCHES.test(long) && next !== undefined && !FLAG.test(next.text);
  const length = isAttached ? head.length - 1 : head.length;
  return {
    name: long,
    written: head.slice(0, length),
    value: isAttached ? attached(word, head.length, text) : takesNext ? separate(next, text) : undefined,
    at: text.at(word.start, takesNext ? next.end : word.end),
    nameAt: text.at(word.start, word.start + length),
  };
}

const FLAG = /^-{1,2}[A-Za-z]/;

const separate = (word: Word, text: MappedText): RegisterValue => ({
  text: word.text,
  isStatic: word.isStatic,
  at: text.at(word.start, word.end),
});

/** `--name=value`: the value's place is what stands behind the equals sign. */
const attached = (word: Word, from: number, text: MappedText): RegisterValue => ({
  text: word.text.slice(from),
  isStatic: word.isStatic,
  at: text.at(word.start + word.source.indexOf("=") + 1, word.end),
});

/** The last use of a flag, which is the one that counts; undefined where it is not given. */
export const registerFlag = (line: RegisterLine, name: string): RegisterFlag | undefined =>
  line.flags.findLast((flag) => flag.name === name);
