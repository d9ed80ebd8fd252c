// Patterns over paths as `.dockerignore`, `.gitignore` and GitLab's `artifacts:paths` write them: `*`, `?`, `[a-z]`, `**` and `\`.
// Takes at most (pieces × length) steps, which no regular expression with that many stars would promise.

type Piece =
  /** One character. */
  | { readonly kind: "one"; readonly accepts: (character: string) => boolean }
  /** `*`: any run without a slash. */
  | { readonly kind: "name" }
  /** `**` at the end: anything. */
  | { readonly kind: "rest" }
  /** `**` + slash: nothing, or anything that ends in a slash. */
  | { readonly kind: "folders" };

/**
 * Makes a test for whole paths, whose parts are separated by `/`. It reads a pattern as Docker does.
 * https://github.com/moby/patternmatcher/blob/main/patternmatcher.go (`compile`)
 */
export function pathPattern(pattern: string): (path: string) => boolean {
  if (!SPECIAL.test(pattern)) return (path) => path === pattern;
  // `**x` is any path that ends in x, whereas `a**x` wants a folder between them (`suffixMatch` in the same place).
  const ending = pattern.slice(2);
  if (/^\*\*[^/]/.test(pattern) && !SPECIAL.test(ending)) return (path) => path.endsWith(ending);
  const pieces = piecesOf(pattern);
  return (path) => {
    let ends: ReadonlySet<number> = new Set([0]);
    for (const piece of pieces) {
      ends = endsBehind(piece, path, ends);
      if (ends.size === 0) return false;
    }
    return ends.has(path.length);
  };
}

const SPECIAL = /[*?[\\]/;

function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let index = 0;
  while (index < pattern.length) {
    const [piece, length] = pieceAt(pattern, index);
    pieces.push(piece);
    index += length;
  }
  return pieces;
}

function pieceAt(pattern: string, index: number): readonly [piece: Piece, length: number] {
  const character = pattern.charAt(index);
  if (pattern.startsWith("**", index)) {
    const length = pattern.charAt(index + 2) === "/" ? 3 : 2;
    return [{ kind: index + length >= pattern.length ? "rest" : "folders" }, length];
  }
  if (character === "*") return [{ kind: "name" }, 1];
  if (character === "?") return [{ kind: "one", accepts: (each) => each !== "/" }, 1];
  if (character === "[") return classAt(pattern, index) ?? [literal(character), 1];
  if (character === "\\" && index + 1 < pattern.length) return [literal(pattern.charAt(index + 1)), 2];
  return [literal(character), 1];
}

const literal = (character: string): Piece => ({ kind: "one", accepts: (each) => each === character });

/** `[a-z]`, `[^a]`; undefined where it is never closed. */
function classAt(pattern: string, index: number): readonly [piece: Piece, length: number] | undefined {
  const end = pattern.indexOf("]", index + 2);
  if (end === -1) return undefined;
  const inside = pattern.slice(index + 1, end);
  const isNegated = /^[\^!]/.test(inside);
  const ranges = rangesIn(isNegated ? inside.slice(1) : inside);
  const accepts = (each: string): boolean =>
    each !== "/" && ranges.some(([from, to]) => from <= each && each <= to) !== isNegated;
  return [{ kind: "one", accepts }, end + 1 - index];
}

function rangesIn(text: string): readonly (readonly [from: string, to: string])[] {
  const ranges: (readonly [string, string])[] = [];
  const characters = [...text.matchAll(/\\?(.)/gsu)].map(([, character = ""]) => character);
  for (let index = 0; index < characters.length; index += 1) {
    const from = characters[index] ?? "";
    const to = characters[index + 1] === "-" ? characters[index + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) index += 2;
  }
  return ranges;
}

function endsBehind(piece: Piece, path: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  const ends = new Set<number>();
  for (const start of starts) {
    switch (piece.kind) {
      case "one":
        if (start < path.length && piece.accepts(path.charAt(start))) ends.add(start + 1);
        break;
      case "name":
        addRunEnds(path, start, ends, true);
        break;
      case "rest":
        addRunEnds(path, start, ends, false);
        break;
      case "folders":
        addFolderEnds(path, start, ends);
    }
  }
  return ends;
}

function addRunEnds(path: string, start: number, ends: Set<number>, stopsAtSlash: boolean): void {
  for (let end = start; end <= path.length && !ends.has(end); end += 1) {
    ends.add(end);
    if (stopsAtSlash && path.charAt(end) === "/") return;
  }
}

function addFolderEnds(path: string, start: number, ends: Set<number>): void {
  ends.add(start);
  for (let slash = path.indexOf("/", start); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    if (ends.has(slash + 1)) return;
    ends.add(slash + 1);
  }
}
