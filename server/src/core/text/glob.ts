// The glob of GitLab's `include:local`, which the `ignore` setting and Runner's lists of allowed images share.

type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "name" | "path" };

/**
 * Makes a test for a glob over whole texts. `**` is anything, `*` anything but a slash: so `dir/**.yml` is the directory and
 * all below it, `dir/**\/*.yml` only what is below it.
 * https://docs.gitlab.com/ci/yaml/includes/#use-includelocal-with-wildcard-file-paths
 *
 * Takes at most (pieces × length) steps, which no regular expression with that many stars would promise.
 */
export function globMatcher(glob: string): (text: string) => boolean {
  const pieces = glob
    .split(/(\*{2,}|\*)/)
    .filter((part) => part !== "")
    .map((part): Piece =>
      part === "*" ? { kind: "name" } : /^\*+$/.test(part) ? { kind: "path" } : { kind: "text", text: part },
    );
  return (text) => {
    // Ends of all prefixes of `text` that the pieces so far can match.
    let ends: ReadonlySet<number> = new Set([0]);
    for (const piece of pieces) {
      ends = endsBehind(piece, text, ends);
      if (ends.size === 0) return false;
    }
    return ends.has(text.length);
  };
}

function endsBehind(piece: Piece, text: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  const ends = new Set<number>();
  if (piece.kind === "text") {
    for (const start of starts) if (text.startsWith(piece.text, start)) ends.add(start + piece.text.length);
    return ends;
  }
  for (const start of starts) {
    for (let end = start; end <= text.length && !ends.has(end); end += 1) {
      ends.add(end);
      if (piece.kind === "name" && text.charAt(end) === "/") break;
    }
  }
  return ends;
}
