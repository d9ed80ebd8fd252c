// What to say about an image that moves or is out of support, and the edit to another one.
import type { ImageWeakness } from "../model/docker/image-support";
import { textAt, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft } from "./rule";

/** What is wrong with an image, and what to use. */
export function aboutImage(image: string, weakness: ImageWeakness): string {
  const { replacement } = weakness;
  switch (weakness.kind) {
    case "floating": {
      const pinned =
        replacement === undefined
          ? "a version or a digest"
          : `a version, such as \`${withTag(image, replacement)}\``;
      return `\`${image}\` names no version, so it is another image on its next release day; pin ${pinned}`;
    }
    case "ended": {
      const todo =
        replacement === undefined
          ? "move to a supported release"
          : `move to a supported release, such as \`${withTag(image, replacement)}\``;
      return `\`${image}\` has been out of support since ${weakness.since}: it gets no security fixes, and mirrors of its packages may be gone; ${todo}`;
    }
    case "dead": {
      const todo =
        replacement === undefined
          ? weakness.instead.map((each) => `\`${each}\``).join(" or ")
          : `\`${replacement}\``;
      return `The image of \`${image}\` has not been maintained since ${weakness.since}: it gets no security fixes; use ${todo} instead`;
    }
  }
}

const withTag = (image: string, tag: string): string => `${image.replace(/:[\w.-]+$/, "")}:${tag}`;

/**
 * The same image by another reference, in all places. That a program runs on another release only its owner can say; a tag for
 * what `latest` means today changes nothing yet.
 */
export function otherImage(
  places: readonly Origin[],
  image: string,
  weakness: ImageWeakness,
): readonly FixDraft[] {
  if (weakness.replacement === undefined || places.some((at) => textAt(at) !== image)) return [];
  const pinned = weakness.kind === "dead" ? weakness.replacement : withTag(image, weakness.replacement);
  return [
    {
      title: `Change to \`${pinned}\``,
      safety: weakness.kind === "floating" ? "suggested" : "manual",
      edits: places.map((at) => replaceText(at, pinned)),
    },
  ];
}
