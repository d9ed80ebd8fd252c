// Whose part of the project registry a reference lies in: images of a project lie below the project's path.
// https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images
import type { QueryContext } from "../../query/query";
import { ownProjectOf, type OwnProject } from "../own-project";
import type { ImageReference } from "./image-reference";
import type { SymbolicPart } from "./symbolic";

export interface ProjectPath {
  /** "unknown": a path is written out, and nothing says what the own one is. */
  readonly is: "own" | "own-written-out" | "foreign" | "unknown";
  /** What was compared, as in the reference: "group/project". */
  readonly text: string;
}

/** Of a reference below `$CI_REGISTRY` or `$CI_REGISTRY_IMAGE`; undefined where variables hide the path. */
export function projectPathOf(ctx: QueryContext, { repository }: ImageReference): ProjectPath | undefined {
  const [first, second] = repository.parts;
  const own = ctx.get(ownProjectOf, null);
  if (first?.kind === "literal") return writtenOut(own, literalStart(repository.parts));
  switch (plainName(first)) {
    case "CI_REGISTRY_IMAGE":
    case "CI_PROJECT_PATH":
      return behindPath(second);
    case "CI_PROJECT_NAMESPACE":
      return belowNamespace(own, repository.parts.slice(1));
    // A project lies in a group or below a user: its name alone is never its path.
    case "CI_PROJECT_NAME":
      return endsHere(second) ? { is: "foreign", text: "$CI_PROJECT_NAME" } : undefined;
    default:
      return undefined;
  }
}

/** The name of a predefined variable that is used as it is. */
const plainName = (part: SymbolicPart | undefined): string | undefined =>
  part?.kind === "variable" && part.reason === "predefined" && part.change === undefined
    ? part.name
    : undefined;

/** `$CI_REGISTRY_IMAGE-cache` would be the image of a project `…-cache`. */
function behindPath(part: SymbolicPart | undefined): ProjectPath | undefined {
  if (endsHere(part)) return { is: "own", text: "" };
  return part?.kind === "literal" ? { is: "foreign", text: part.text } : undefined;
}

/** The path ends, or goes on with "/". */
const endsHere = (part: SymbolicPart | undefined): boolean =>
  part === undefined || (part.kind === "literal" && part.text.startsWith("/"));

/** The literal text at the start of a path, up to the last "/" in front of a variable. */
function literalStart(parts: readonly SymbolicPart[]): string {
  let text = "";
  for (const part of parts) {
    if (part.kind === "variable") return text.slice(0, Math.max(text.lastIndexOf("/"), 0));
    text += part.text;
  }
  return text;
}

function writtenOut(own: OwnProject | undefined, text: string): ProjectPath | undefined {
  const path = text.toLowerCase();
  // One segment alone says nothing: the next ones may come from variables.
  if (!path.includes("/")) return undefined;
  if (own === undefined) return { is: "unknown", text };
  if (`${path}/`.startsWith(`${own.path}/`))
    return { is: "own-written-out", text: text.slice(0, own.path.length) };
  return own.path.startsWith(`${path}/`) ? undefined : { is: "foreign", text };
}

/** What stands behind `$CI_PROJECT_NAMESPACE`: `/$CI_PROJECT_NAME`, or another name. */
function belowNamespace(
  own: OwnProject | undefined,
  [slash, name, after]: readonly SymbolicPart[],
): ProjectPath | undefined {
  if (slash?.kind !== "literal" || !slash.text.startsWith("/")) return undefined;
  if (slash.text === "/")
    return plainName(name) === "CI_PROJECT_NAME" && endsHere(after) ? { is: "own", text: "" } : undefined;
  const segment = segmentOf(slash.text, name !== undefined);
  if (segment === undefined) return undefined;
  const text = `$CI_PROJECT_NAMESPACE/${segment}`;
  if (own === undefined) return { is: "unknown", text };
  const isOwn = own.path.split("/").at(-1) === segment.toLowerCase();
  return { is: isOwn ? "own-written-out" : "foreign", text };
}

/** The name behind the slash; undefined where a variable right behind it belongs to it. */
const segmentOf = (text: string, goesOn: boolean): string | undefined =>
  (goesOn ? /^\/([^/]+)(?=\/)/ : /^\/([^/]+)/).exec(text)?.[1];
