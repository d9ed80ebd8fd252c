// Capitals in image references: a path must be in lower case, a first component with capitals is taken for a host.
// https://github.com/distribution/reference/blob/main/normalize.go
import type { QueryContext } from "../../query/query";
import { GIT_CONFIG_FILE, ownProjectOf } from "../own-project";
import type { ImageReference } from "./image-reference";
import type { LiteralPart, VariablePart } from "./symbolic";

/** The literal parts of a path that hold capitals. */
export function capitalsIn({ repository }: ImageReference): readonly LiteralPart[] {
  const found: LiteralPart[] = [];
  // An unknown variable may hold a tag, in which capitals are right, until a slash follows.
  let mayBeTag = false;
  for (const part of repository.parts) {
    if (part.kind === "variable") {
      mayBeTag ||= part.reason !== "predefined";
      continue;
    }
    const slash = part.text.indexOf("/");
    const path = !mayBeTag ? part.text : slash === -1 ? "" : part.text.slice(slash);
    if (/[A-Z]/.test(path) && !/[<>{}$@]|__[A-Z_]+__/.test(part.text)) found.push(part);
    mayBeTag &&= slash === -1;
  }
  return found;
}

/** `MyOrg` in `MyOrg/app`: what is taken for a host for no other reason than its capitals. */
export function hostByCapitals({ registry }: ImageReference): LiteralPart | undefined {
  const text = registry.known && registry.value !== undefined ? registry.value : undefined;
  const [part, ...others] = text?.parts ?? [];
  if (text === undefined || part?.kind !== "literal" || others.length > 0) return undefined;
  return /^[\w-]*[A-Z][\w-]*$/.test(part.text) && !/^__|__$/.test(part.text) ? part : undefined;
}

/** The variables of a path whose values are not made of lower-case letters alone, as far as the table says. */
export const mayHoldCapitals = ({ repository }: ImageReference): readonly VariablePart[] =>
  repository.parts.filter(
    (part): part is VariablePart =>
      part.kind === "variable" && part.reason === "predefined" && part.properties.mayUpper,
  );

/** The project's path with its capitals, by Git's configuration; undefined where that does not say it. */
export function projectPathAsWritten(ctx: QueryContext): string | undefined {
  const own = ctx.get(ownProjectOf, null);
  if (own === undefined) return undefined;
  const text = ctx.file(GIT_CONFIG_FILE)?.text ?? "";
  const at = text.toLowerCase().indexOf(own.path);
  return at === -1 ? undefined : text.slice(at, at + own.path.length);
}
