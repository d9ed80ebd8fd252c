// The grammar of image references over symbolic text: what is wrong already in the parts that are known.
// https://github.com/distribution/reference/blob/main/regexp.go , reference.go (NameTotalLengthMax)
import { partOf, textAt, type Origin } from "../../text/located";
import type { LiteralPart, SymbolicPart, SymbolicText } from "./symbolic";

export type GrammarFault =
  | "scheme"
  | "blank"
  | "character"
  | "empty-component"
  | "no-tag"
  | "no-name"
  | "two-colons"
  | "tag-start"
  | "tag-length"
  | "component"
  | "name-length"
  | "hexadecimal"
  | "digest";

export interface GrammarProblem {
  readonly fault: GrammarFault;
  /** What is wrong, as a phrase: "it ends with a colon". */
  readonly why: string;
  /** The characters that are wrong. */
  readonly text: string;
  /** The part that holds the first of them. */
  readonly part: LiteralPart;
  /** Offset of the first of them in the part. */
  readonly offset: number;
}

/**
 * The place of a literal part where each of its characters has one of its own; undefined behind escapes and folded lines.
 * The quotes of a word without variables are left out.
 */
export function plainPlace({ at, text }: LiteralPart): Origin | undefined {
  if (at === undefined) return undefined;
  if (at.end - at.start === text.length) return at;
  const isQuoted = [`"${text}"`, `'${text}'`].includes(textAt(at));
  return isQuoted ? partOf(at, 1, 1 + text.length) : undefined;
}

/** Stands for a value that is not known. */
const VARIABLE = "\0";
/** Stands where a variable was that is empty by what the files say: somebody may set it elsewhere. */
const GAP = "\u0001";

/** Longest tag, and longest name without tag. https://github.com/distribution/reference/blob/main/regexp.go */
const LONGEST_TAG = 128;
const LONGEST_NAME = 255;

interface Flat {
  readonly text: string;
  /** The part of each character. */
  readonly parts: readonly SymbolicPart[];
  /** Where each part begins. */
  readonly starts: ReadonlyMap<SymbolicPart, number>;
}

/** What nearly every reference looks like, with a letter for each variable: nothing to be looked at. */
const PLAIN = /^(?=.{1,120}$)(?![0-9a-f]{64}$)[a-z0-9]+(?:[./_-][a-z0-9]+)*(?::[\w][\w.-]*)?$/;

/** The first fault of a reference that no value of its variables can mend; undefined where there is none. */
export function grammarProblem(reference: SymbolicText): GrammarProblem | undefined {
  if (PLAIN.test(reference.parts.map((part) => (part.kind === "literal" ? part.text : "x")).join("")))
    return undefined;
  const flat = flatten(reference);
  if (isPlaceholder(flat.text)) return undefined;
  for (const check of CHECKS) {
    const found = check(flat.text);
    if (found === undefined) continue;
    const part = flat.parts[found.at];
    if (part?.kind !== "literal") continue;
    const offset = found.at - (flat.starts.get(part) ?? 0);
    return { fault: found.fault, why: found.why, text: found.text, part, offset };
  }
  return undefined;
}

/** Whether a reference stops being one when a variable is empty: `app:$TAG`, `$HOST/app`, but not `app:1$SUFFIX`. */
export function breaksWithout(reference: SymbolicText, name: string): boolean {
  const left = reference.parts.filter((part) => part.kind === "literal" || part.name !== name);
  const text = left.map((part) => (part.kind === "literal" ? part.text : VARIABLE)).join("");
  const [beforeDigest = ""] = text.split("@");
  return beforeDigest === "" || /^[/:]|\/\/|\/:|:\/|[/:]$|:[.-][^/]*$/.test(beforeDigest);
}

/** What a program or the shell fills in: `{{ image }}`, `{a,b}`, `<%= x %>`, `__IMAGE__`, `@IMAGE@`. */
const isPlaceholder = (text: string): boolean => /[{}]|<%|__[A-Z][A-Z_]*__|@[A-Z_]+@/.test(text);

// ---- Flat text

function flatten({ parts }: SymbolicText): Flat {
  let text = "";
  const owners: SymbolicPart[] = [];
  const starts = new Map<SymbolicPart, number>();
  const push = (part: SymbolicPart, piece: string): void => {
    text += piece;
    for (let count = piece.length; count > 0; count -= 1) owners.push(part);
  };
  let before: SymbolicPart | undefined;
  for (const part of parts) {
    if (part.kind === "variable" || part.text === "") push(part, part.kind === "variable" ? VARIABLE : GAP);
    else {
      if (isBehindVariable(part, before)) push(part, GAP);
      starts.set(part, text.length);
      push(part, part.text);
    }
    before = part;
  }
  if (before?.kind === "literal" && isBeforeVariable(before)) push(before, GAP);
  return { text, parts: owners, starts };
}

/** An empty variable leaves no part: only the text in the file shows that one stands in front of a part. */
function isBehindVariable({ at }: LiteralPart, before: SymbolicPart | undefined): boolean {
  if (at === undefined) return true;
  const written = /(?:\$\{?(\w+)[^{}\s]*\}?|%(\w+)%)["']?$/.exec(
    at.chunk.text.slice(Math.max(at.start - 200, 0), at.start),
  );
  if (written === null) return false;
  if (before === undefined) return true;
  if (before.kind === "variable") return false;
  const name = written[1] ?? written[2];
  return !before.via.some((hop) => (hop.kind === "variable" || hop.kind === "script") && hop.name === name);
}

const isBeforeVariable = ({ at }: LiteralPart): boolean =>
  at === undefined || /^["']?[$%`]/.test(at.chunk.text.slice(at.end, at.end + 2));

// ---- Checks, in the order in which they tell most

interface Found {
  readonly fault: GrammarFault;
  readonly at: number;
  readonly why: string;
  readonly text: string;
}

type Check = (text: string) => Found | undefined;

const find = (text: string, expression: RegExp, fault: GrammarFault, why: (match: string) => string) => {
  const match = expression.exec(text);
  if (match === null) return undefined;
  return { fault, at: match.index, why: why(match[0]), text: match[0] };
};

const scheme: Check = (text) =>
  find(text, /^https?:\/\//, "scheme", (match) => `\`${match}\` in front of it makes it an URL`);

const blank: Check = (text) => find(text, /\s(?=\S)/, "blank", () => "it holds a blank");

/** What may stand for something else is let pass: globs, escapes, and dollar signs that nobody expands. */
const STRANGE = /[^A-Za-z0-9._:/@\s*?[\]\\$%~=!^\0\u0001+-]/u;

const character: Check = (text) => find(text, STRANGE, "character", (match) => `it holds \`${match}\``);

const component: Check = (text) =>
  find(text, /^\/|\/\/+/, "empty-component", (match) =>
    match.length > 1 ? "there is nothing between two slashes" : "it begins with a slash",
  );

const ending: Check = (text) =>
  find(text, /:$/, "no-tag", () => "it ends with a colon and has no tag behind it") ??
  find(text, /^[:@]|\/(?=[:@])|\/$/, "no-name", () => "a name is missing beside the slash or the colon");

/** Where the last component begins. A host's port stands before it. */
const lastOf = (text: string): number => text.lastIndexOf("/") + 1;

const tag: Check = (text) => {
  const start = lastOf(text);
  const [last = ""] = text.slice(start).split("@");
  const move = (found: Found | undefined): Found | undefined => found && { ...found, at: found.at + start };
  return (
    move(find(last, /:[^\0\u0001:]*:/, "two-colons", () => "it holds two colons behind the last slash")) ??
    move(find(last, /:[.-]/, "tag-start", (match) => `a tag cannot begin with \`${match.slice(1)}\``)) ??
    move(find(last, /\+/, "character", () => "it holds `+`")) ??
    move(longTag(last))
  );
};

const longTag = (last: string): Found | undefined => {
  const value = /:([\w.-]+)$/.exec(last)?.[1] ?? "";
  return value.length > LONGEST_TAG
    ? {
        fault: "tag-length",
        at: last.indexOf(":"),
        why: `its tag is longer than ${LONGEST_TAG} characters`,
        text: value,
      }
    : undefined;
};

/** The name of a registry's host, with a port. Whether it is taken for one is asked elsewhere. */
const HOST =
  /^(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])(?:\.(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9]))*(?::\d+)?$/i;

/** Components of the path that are wholly known: letters and digits with single separators between them. */
const path: Check = (text) => {
  const name = nameOf(text);
  const components = name.split("/");
  let at = 0;
  for (const [index, each] of components.entries()) {
    const isHost = index === 0 && components.length > 1 && HOST.test(each);
    const isKnown = /^[\w.-]+$/.test(each);
    if (isKnown && !isHost && !/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/i.test(each))
      return { fault: "component", at, why: `\`${each}\` is no part of a name`, text: each };
    at += each.length + 1;
  }
  return undefined;
};

const nameOf = (text: string): string => {
  const [beforeDigest = ""] = text.split("@");
  const start = lastOf(beforeDigest);
  const colon = beforeDigest.indexOf(":", start);
  return colon === -1 ? beforeDigest : beforeDigest.slice(0, colon);
};

const length: Check = (text) => {
  const name = nameOf(text);
  if (name.length > LONGEST_NAME && !/[\0\u0001]/.test(name))
    return {
      fault: "name-length",
      at: 0,
      why: `its name is longer than ${LONGEST_NAME} characters`,
      text: name,
    };
  return /^[0-9a-f]{64}$/.test(text)
    ? { fault: "hexadecimal", at: 0, why: "64 hexadecimal digits are an id and no name", text }
    : undefined;
};

/** https://github.com/opencontainers/go-digest/blob/master/digest.go */
const digest: Check = (text) => {
  const at = text.indexOf("@");
  const value = text.slice(at + 1);
  if (at === -1 || /[\0\u0001]/.test(value)) return undefined;
  const isRight = value.startsWith("sha256:")
    ? /^sha256:[0-9a-f]{64}$/.test(value)
    : /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(value);
  return isRight ? undefined : { fault: "digest", at: at + 1, why: `\`${value}\` is no digest`, text: value };
};

const CHECKS: readonly Check[] = [scheme, blank, character, component, ending, digest, tag, path, length];
