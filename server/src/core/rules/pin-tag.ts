// Gives an image that passes between jobs a tag of its commit, wherever the pipeline names it.
import { isBare } from "./variable-uses";
import { usesOf } from "../model/flow/image-flow";
import type { ImageUse } from "../model/flow/image-use";
import type { MovingImage } from "../model/flow/moving-images";
import type { ImageReference } from "../model/docker/image-reference";
import type { SymbolicPart, VariablePart } from "../model/docker/symbolic";
import { sameOrigin, textAt, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft, Report, RuleContext } from "./rule";

/** The variable that holds the branch's name in the tag; undefined where there is none, or more than one. */
function tagVariable({ tag }: ImageReference): VariablePart | undefined {
  const parts = (tag.known ? tag.value : undefined)?.parts ?? [];
  const [only, ...others] = parts.filter((part): part is VariablePart => part.kind === "variable");
  return others.length === 0 ? only : undefined;
}

/** Where the tag is written, with the way to it: the variable that all jobs take it from, or the push. */
export function placeOfTag({ push, reference, users }: MovingImage): Report["at"] {
  const own = keyed(push, reference);
  const part: SymbolicPart | undefined = own && tagVariable(own);
  if (part?.at === undefined || part.via.length === 0) return push.at;
  const { at } = part;
  const isShared = users.every((use) => {
    const other = keyed(use, reference);
    const place = other && tagVariable(other)?.at;
    return place !== undefined && sameOrigin(place, at);
  });
  return isShared ? { at, via: [...push.at.via, ...part.via] } : push.at;
}

const keyed = ({ references, source }: ImageUse, { key }: ImageReference): ImageReference | undefined =>
  [...references, ...(source ?? [])].find((each) => each.key === key);

/** Every mention of the image in the pipeline; nothing where one of them is a cache, which would be a new one each time. */
export function pinTagFixes(ctx: RuleContext, moving: MovingImage): readonly FixDraft[] {
  const { reference, push, users } = moving;
  if (moving.kind !== "ref") return [];
  const uses = [...usesOf(ctx, push.job.root, [reference]), ...users];
  if (uses.some(({ action }) => action === "cache-from" || action === "cache-to")) return [];
  const places: Origin[] = [];
  for (const use of uses) {
    const own = keyed(use, reference);
    const part = own && tagVariable(own);
    if (part?.at === undefined || !isBare(part.at, part.name)) return [];
    const { at } = part;
    if (!places.some((other) => sameOrigin(other, at))) places.push(at);
  }
  return [
    {
      title: "Pass it on under `$CI_COMMIT_SHA`",
      safety: "suggested",
      edits: places.map((at) =>
        replaceText(at, textAt(at).startsWith("${") ? "${CI_COMMIT_SHA}" : "$CI_COMMIT_SHA"),
      ),
    },
  ];
}
