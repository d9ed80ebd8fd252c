// A cache of its own in the registry, with the layers of all stages: where one can be written, and what it is called.
// https://docs.docker.com/build/cache/backends/registry/
import type { QueryContext } from "../../query/query";
import type { Build } from "../docker/image-build";
import { literal, showText, type SymbolicText } from "../docker/symbolic";
import { normaliseName } from "../docker/image-reference";
import { builderOf } from "./builder";

/** Whether the builder of a build can export a cache. */
export function canExportCache(ctx: QueryContext, { command }: Build): boolean {
  const { kind, driver, store } = builderOf(ctx, command);
  if (kind !== "buildkit" || driver === undefined) return false;
  return driver === "docker" ? store === "containerd" : true;
}

/**
 * A cache beside the image that a build names first: `NAME:buildcache`. Undefined where the name is not known, or holds what
 * the shell works out.
 */
export function registryCacheOf({ tags }: Build): string | undefined {
  const [reference, ...others] = tags[0]?.references ?? [];
  if (reference === undefined || others.length > 0) return undefined;
  const name = normaliseName(reference);
  const isPlain = name.parts.every(
    (part) => part.kind === "literal" || (part.reason === "predefined" && part.change === undefined),
  );
  if (!isPlain || !reference.registry.known || reference.registry.value === undefined) return undefined;
  return showText(withTag(name));
}

const withTag = ({ parts }: SymbolicText): SymbolicText => ({ parts: [...parts, literal(":buildcache")] });
