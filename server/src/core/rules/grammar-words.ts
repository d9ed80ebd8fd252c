// What is said of a reference that breaks the grammar, and what mends it.
import type { ImageReference } from "../model/docker/image-reference";
import { plainPlace, type GrammarProblem } from "../model/docker/reference-grammar";
import { showText } from "../model/docker/symbolic";
import { partOf, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft } from "./rule";

const HINTS: Readonly<Record<GrammarProblem["fault"], string>> = {
  scheme: "leave the scheme out",
  blank: "write it without blanks",
  character: "use letters, digits, `.`, `_` and `-`",
  "empty-component": "write one slash between two names",
  "no-tag": "write a tag behind the colon, or leave the colon out",
  "no-name": "complete the name",
  "two-colons": "write one tag",
  "tag-start": "begin the tag with a letter, a digit or `_`",
  "tag-length": "shorten the tag",
  component: "use lower-case letters and digits, with single separators between them",
  "name-length": "shorten the name",
  hexadecimal: "use a name",
  digest: "write `@sha256:` and 64 hexadecimal digits",
};

/** What is said of a reference that breaks the grammar. */
export function messageFor(reference: ImageReference, { fault, why, text }: GrammarProblem): string {
  const hint = /[<>]/.test(text) ? "put the real value in place of the placeholder" : HINTS[fault];
  return `\`${showText(reference.text)}\` is no image reference, because ${why}: it fails with "invalid reference format"; ${hint}`;
}

/** Removes or replaces the characters that are wrong; nothing where only a person knows what is meant. */
export function fixesFor(problems: readonly GrammarProblem[]): readonly FixDraft[] {
  const edits = problems.map(editFor);
  const places = edits.filter((edit) => edit !== undefined);
  const [one] = places;
  if (one === undefined || places.length < edits.length) return [];
  const changes = places.map(({ at, text }) => replaceText(at, text));
  return [{ title: one.title, safety: "suggested", edits: changes }];
}

function editFor(
  problem: GrammarProblem,
): { readonly at: Origin; readonly text: string; readonly title: string } | undefined {
  const whole = plainPlace(problem.part);
  if (whole === undefined) return undefined;
  const at = partOf(whole, problem.offset, problem.offset + problem.text.length);
  switch (problem.fault) {
    case "scheme":
      return { at, text: "", title: `Remove \`${problem.text}\`` };
    case "no-tag":
      return { at, text: "", title: "Remove the colon" };
    case "empty-component":
      return {
        at,
        text: problem.text.length > 1 ? "/" : "",
        title: problem.text.length > 1 ? "Write one slash" : "Remove the slash",
      };
    case "character":
      return problem.text === "+" ? { at, text: "_", title: "Replace `+` by `_`" } : undefined;
    default:
      return undefined;
  }
}
