// Image references over symbolic text: registry, repository, tag and digest, by the grammar of distribution/reference.
// https://github.com/distribution/reference/blob/main/reference.go
import { lazyField } from "./lazy-field";
import { known, unknown, type Resolved } from "./resolved";
import {
  literal,
  literalText,
  showText,
  textKey,
  type SymbolicPart,
  type SymbolicText,
  type VariablePart,
} from "./symbolic";

export interface ImageReference {
  /** The whole reference, expanded. */
  readonly text: SymbolicText;
  /**
   * The registry's host and port; undefined for Docker Hub where none is written. Not known where the reference begins
   * with a variable that may hold one.
   */
  readonly registry: Resolved<SymbolicText | undefined>;
  /** The path without registry, tag and digest. Where the registry is not known, with what may be the registry. */
  readonly repository: SymbolicText;
  /** Undefined where no tag is written; not known where a variable at the end of the path may hold one. */
  readonly tag: Resolved<SymbolicText | undefined>;
  readonly digest: SymbolicText | undefined;
  /** Equal for references that mean the same image, as far as their text says. Worked out when asked. */
  readonly key: string;
}

/** Variables that hold a registry and a path, with the variable that holds the registry alone. */
const REGISTRY_OF: ReadonlyMap<string, string> = new Map([
  ["CI_REGISTRY_IMAGE", "CI_REGISTRY"],
  ["CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX", "CI_DEPENDENCY_PROXY_SERVER"],
  ["CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX", "CI_DEPENDENCY_PROXY_SERVER"],
]);

/** Variables that hold a host. */
const HOSTS = new Set([
  "CI_REGISTRY",
  "CI_DEPENDENCY_PROXY_SERVER",
  "CI_SERVER_HOST",
  "CI_SERVER_FQDN",
  "CI_TEMPLATE_REGISTRY_HOST",
]);

/** Takes a reference apart. Never fails: a text that breaks the grammar is cut where its separators stand. */
export function parseReference(text: SymbolicText): ImageReference {
  const [beforeDigest, digest] = cutAt(text, lastIndexOf(text, "@"));
  const slash = lastIndexOf(beforeDigest, "/");
  const colon = lastIndexOf(beforeDigest, ":");
  const hasTag = colon !== undefined && (slash === undefined || comparePlaces(colon, slash) > 0);
  const [name, tag] = hasTag ? cutAt(beforeDigest, colon) : [beforeDigest, undefined];
  const { registry, repository } = splitName(name);
  return withKey({
    text,
    registry,
    repository,
    digest,
    tag: tag === undefined ? impliedTag(name) : known(tag),
  });
}

const withKey = lazyField<ImageReference, "key">("key", (reference) =>
  textKey(normaliseReference(reference)),
);

/** A tag may hide in an unknown variable at the end of the path: `$IMAGE`. */
function impliedTag(name: SymbolicText): ImageReference["tag"] {
  const last = name.parts.at(-1);
  if (last?.kind !== "variable" || last.reason === "predefined") return known(undefined);
  return unknown(`\`$${last.name}\` may hold a tag`);
}

/**
 * The first component is a registry if it holds "." or ":", is "localhost", or holds an upper-case letter; with variables,
 * by what they are known to hold.
 */
function splitName(name: SymbolicText): Pick<ImageReference, "registry" | "repository"> {
  const [first, rest] = cutAt(name, firstIndexOf(name, "/"));
  const [only] = first.parts;
  if (only?.kind === "variable" && REGISTRY_OF.has(only.name) && only.change === undefined)
    return inPrefix(name, only);
  if (rest !== undefined && isRegistry(first)) return { registry: known(first), repository: rest };
  const open = first.parts.find((part) => part.kind === "variable" && part.reason !== "predefined");
  if (open?.kind !== "variable") return { registry: known(undefined), repository: name };
  return { registry: unknown(`\`$${open.name}\` may hold a registry`), repository: name };
}

/** `$CI_REGISTRY_IMAGE/x`: the registry is known by its own variable, the path keeps the variable. */
function inPrefix(name: SymbolicText, prefix: VariablePart): Pick<ImageReference, "registry" | "repository"> {
  const registry = REGISTRY_OF.get(prefix.name) ?? prefix.name;
  return { registry: known({ parts: [{ ...prefix, name: registry }] }), repository: name };
}

/** `registry:5000`, `localhost`, `$CI_REGISTRY`, `$CI_REGISTRY:5050`, `$HOST.example.com`. */
function isRegistry(text: SymbolicText): boolean {
  const [first] = text.parts;
  if (first?.kind === "variable" && HOSTS.has(first.name)) return true;
  return (
    literalText(text) === "localhost" ||
    text.parts.some((part) => part.kind === "literal" && /[.:A-Z]/.test(part.text))
  );
}

// ---- Normal form

/**
 * The reference in a canonical form, for comparison: no `docker.io/library/`, `:latest` where neither tag nor digest is
 * written, `$CI_REGISTRY_IMAGE` for `$CI_REGISTRY/$CI_PROJECT_PATH`. Where the tag is not known none is added.
 */
export function normaliseReference(reference: ImageReference): SymbolicText {
  const parts = [...nameParts(reference)];
  if (reference.tag.known && (reference.tag.value !== undefined || reference.digest === undefined)) {
    parts.push(literal(":"), ...(reference.tag.value?.parts ?? [literal("latest")]));
  }
  if (reference.digest !== undefined) parts.push(literal("@"), ...reference.digest.parts);
  return { parts };
}

/** Registry and path in canonical form, without tag and digest. */
export function normaliseName(reference: ImageReference): SymbolicText {
  return { parts: nameParts(reference) };
}

function nameParts({ registry, repository }: ImageReference): readonly SymbolicPart[] {
  const { parts } = repository;
  const [first] = parts;
  const host = registry.known ? registry.value : undefined;
  if (host === undefined) return withoutLibrary(parts);
  if (first?.kind === "variable" && REGISTRY_OF.has(first.name)) return parts;
  const shown = showText(host);
  if (/^((index|registry-1)\.)?docker\.io$/.test(shown)) return withoutLibrary(parts);
  if (shown === "$CI_REGISTRY" && isProjectPath(first))
    return [{ ...first, name: "CI_REGISTRY_IMAGE" }, ...parts.slice(1)];
  return [...host.parts, literal("/"), ...parts];
}

const isProjectPath = (part: SymbolicPart | undefined): part is VariablePart =>
  part?.kind === "variable" && part.name === "CI_PROJECT_PATH" && part.change === undefined;

function withoutLibrary(parts: readonly SymbolicPart[]): readonly SymbolicPart[] {
  const [first, ...rest] = parts;
  if (first?.kind !== "literal" || !first.text.startsWith("library/")) return parts;
  return [{ ...first, text: first.text.slice("library/".length) }, ...rest];
}

/** Whether two references mean the same image, as far as their text says. */
export const sameReference = (a: ImageReference, b: ImageReference): boolean => a.key === b.key;

/** Last component of the path where it is literal: "docker" for `registry.example.com/x/docker:29`. */
export function baseNameOf({ repository }: ImageReference): string | undefined {
  const slash = lastIndexOf(repository, "/");
  const [before, after] = cutAt(repository, slash);
  return literalText(after ?? before);
}

/** The registry as text: "docker.io" where none is written, undefined where it is not known. */
export function registryName({ registry }: ImageReference): string | undefined {
  if (!registry.known) return undefined;
  return registry.value === undefined ? "docker.io" : showText(registry.value);
}

// ---- Places in symbolic text

interface TextPlace {
  readonly part: number;
  readonly offset: number;
}

const comparePlaces = (a: TextPlace, b: TextPlace): number => a.part - b.part || a.offset - b.offset;

function firstIndexOf({ parts }: SymbolicText, character: string): TextPlace | undefined {
  for (let part = 0; part < parts.length; part += 1) {
    const piece = parts[part];
    const offset = piece?.kind === "literal" ? piece.text.indexOf(character) : -1;
    if (offset !== -1) return { part, offset };
  }
  return undefined;
}

function lastIndexOf({ parts }: SymbolicText, character: string): TextPlace | undefined {
  for (let part = parts.length - 1; part >= 0; part -= 1) {
    const piece = parts[part];
    const offset = piece?.kind === "literal" ? piece.text.lastIndexOf(character) : -1;
    if (offset !== -1) return { part, offset };
  }
  return undefined;
}

/** What stands before and behind the character at a place; the whole and nothing where there is no place. */
function cutAt(
  text: SymbolicText,
  place: TextPlace | undefined,
): readonly [SymbolicText, SymbolicText | undefined] {
  const piece = place === undefined ? undefined : text.parts[place.part];
  if (place === undefined || piece?.kind !== "literal") return [text, undefined];
  const before = slicePart(piece, 0, place.offset);
  const after = slicePart(piece, place.offset + 1, piece.text.length);
  return [
    { parts: [...text.parts.slice(0, place.part), ...before] },
    { parts: [...after, ...text.parts.slice(place.part + 1)] },
  ];
}

function slicePart(part: SymbolicPart, start: number, end: number): readonly SymbolicPart[] {
  if (part.kind !== "literal" || end <= start) return [];
  const { at } = part;
  // A place of another length (escapes, folded lines, a whole value) cannot be cut.
  const isPlain = at !== undefined && at.end - at.start === part.text.length;
  const place = isPlain ? { chunk: at.chunk, start: at.start + start, end: at.start + end } : at;
  return [{ ...part, text: part.text.slice(start, end), at: place }];
}
