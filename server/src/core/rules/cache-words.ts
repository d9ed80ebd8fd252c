// Words and edits that the rules about caches in registries share.
import type { JobCommand } from "../model/docker/command";
import type { CacheSpecification } from "../model/docker/image-build";
import { canExportCache, registryCacheOf } from "../model/flow/cache-export";
import type { CacheRead } from "../model/flow/cache-reads";
import { meansSame } from "../model/flow/image-use";
import { isNeededBehind } from "../model/flow/pulled-use";
import { imageUsesOf } from "../model/flow/uses-of-job";
import type { QueryContext } from "../query/query";
import type { ChunkEdit } from "../text/edit";
import type { Origin } from "../text/located";
import { withoutCommand, wordsBehindVerb } from "./command-edit";
import { replaceInScript } from "./edits";
import type { FixDraft } from "./rule";

/** The image of a `--cache-from` as it is written: `X` of `type=registry,ref=X`. */
export function writtenImage({ use }: CacheRead): string {
  const { value } = use.at;
  return /(?:^|,)ref=([^,]+)/.exec(value)?.[1] ?? value;
}

const specificationFor = ({ use, build }: CacheRead): CacheSpecification | undefined =>
  build.cacheFrom.find(({ value }) => value.at === use.at);

/** Puts another image into a `--cache-from`; undefined where the word is not just that, or comes from a variable. */
export function readFrom(read: CacheRead, image: string): ChunkEdit | undefined {
  const at = specificationFor(read)?.value.argument.at;
  return at && imageInWord(read.build.command, at, writtenImage(read), image);
}

/** The same in the pulls of a job that only fetch this cache; undefined where one of them can't be edited. */
export function pullFrom(
  ctx: QueryContext,
  { use }: CacheRead,
  image: string,
): readonly ChunkEdit[] | undefined {
  const pulls = imageUsesOf(ctx, use.job).filter(
    ({ action, references }) => action === "pull" && meansSame(references, use.references),
  );
  const edits = pulls.flatMap(
    ({ command, at }) => (command && imageInWord(command, at.at, at.value, image)) ?? [],
  );
  return edits.length < pulls.length ? undefined : edits;
}

function imageInWord(
  { item }: JobCommand,
  at: Origin,
  written: string,
  image: string,
): ChunkEdit | undefined {
  const source = at.chunk.text.slice(at.start, at.end);
  const start = source.indexOf(written);
  if (start === -1 || source.indexOf(written, start + 1) !== -1 || source.includes("\n")) return undefined;
  if (source.startsWith("'") && image.includes("$")) return undefined;
  const place = { chunk: at.chunk, start: at.start + start, end: at.start + start + written.length };
  return replaceInScript(item, place, image);
}

/**
 * Lets a build keep a cache of its own in the registry, with the layers of all stages, and read that one instead. Nothing where its
 * builder can't, or where the job sends nothing to a registry yet and so may not be logged in.
 */
export function ownCacheFix(ctx: QueryContext, read: CacheRead): readonly FixDraft[] {
  const { build, use } = read;
  const cache = canExportCache(ctx, build) ? registryCacheOf(build) : undefined;
  const pushes = imageUsesOf(ctx, use.job).some(({ action }) => action === "push" || action === "cache-to");
  if (cache === undefined || !pushes) return [];
  const from = readFrom(read, cache);
  const to = wordsBehindVerb(build.command, `--cache-to type=registry,ref=${cache},mode=max`);
  if (from === undefined || to === undefined) return [];
  return [{ title: OWN_CACHE, safety: "suggested", edits: [...idlePulls(ctx, read), to, from] }];
}

/** BuildKit asks the registry itself: the pulls that only fetched the cache can go. */
const idlePulls = (ctx: QueryContext, { use }: CacheRead): readonly ChunkEdit[] =>
  imageUsesOf(ctx, use.job).flatMap(({ action, command, references: [reference] }) =>
    action === "pull" &&
    command !== undefined &&
    reference !== undefined &&
    meansSame([reference], use.references) &&
    !isNeededBehind(ctx, command, reference)
      ? (withoutCommand(command) ?? [])
      : [],
  );

export const OWN_CACHE = "Keep a cache of all stages in the registry";
