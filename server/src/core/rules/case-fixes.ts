// Fixes for capitals in image references: lower case, slugs, and the image name that GitLab writes in lower case.
import { plainPlace } from "../model/docker/reference-grammar";
import type { LiteralPart, VariablePart } from "../model/docker/symbolic";
import { textAt, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft } from "./rule";
import { onePerPlace, replaceVariable, type VariableUse } from "./variable-uses";

/** The literal text in lower case, at all its places. */
export function lowerCase(parts: readonly LiteralPart[]): readonly FixDraft[] {
  const places = parts.map(plainPlace).filter((place) => place !== undefined);
  if (places.length < parts.length) return [];
  const edits = places.map((place) => replaceText(place, textAt(place).toLowerCase()));
  return [{ title: "Write it in lower case", safety: "suggested", edits }];
}

/** `$CI_REGISTRY/$CI_PROJECT_PATH`, also with the path in two parts. */
const OWN_IMAGE =
  /\$(?:CI_REGISTRY|\{CI_REGISTRY\})\/(?:\$(?:CI_PROJECT_PATH|\{CI_PROJECT_PATH\})|\$(?:CI_PROJECT_NAMESPACE|\{CI_PROJECT_NAMESPACE\})\/\$(?:CI_PROJECT_NAME|\{CI_PROJECT_NAME\}))(?!\w)/g;

/** Another variable that says the same in lower case; nothing where none does. */
export function lowerVariable(uses: readonly VariableUse[], name: string): readonly FixDraft[] {
  const whole = onePerPlace(uses).map(({ at }) => ownImageAround(at));
  const places = whole.filter((place) => place !== undefined);
  if (places.length === whole.length) {
    const edits = places.map((place) =>
      replaceText(place, textAt(place).endsWith("}") ? "${CI_REGISTRY_IMAGE}" : "$CI_REGISTRY_IMAGE"),
    );
    return [{ title: "Use `$CI_REGISTRY_IMAGE`", safety: "suggested", edits }];
  }
  const [first] = uses;
  const slug = first && slugOf(first.part);
  return slug === undefined
    ? []
    : replaceVariable(`Use \`$${slug}\``, uses, name, (written) => written.replace(name, slug));
}

/** The variable that holds the same as a slug. */
export function slugOf({ properties: { replacement } }: VariablePart): string | undefined {
  return replacement?.endsWith("_SLUG") === true ? replacement : undefined;
}

/** The registry and the path as they stand around one of their variables. */
export function ownImageAround(at: Origin): Origin | undefined {
  const line = { start: Math.max(at.start - 100, 0), end: at.end + 100 };
  for (const match of at.chunk.text.slice(line.start, line.end).matchAll(OWN_IMAGE)) {
    const start = line.start + match.index;
    const end = start + match[0].length;
    if (start <= at.start && at.end <= end) return { chunk: at.chunk, start, end };
  }
  return undefined;
}
