// What a job builds, in the few words that fit above it.
import type { ContainerCommand } from "../../model/docker/command";
import { excludeEachOther } from "../../model/docker/command";
import { showText, textKey } from "../../model/docker/symbolic";
import type { ImageReference } from "../../model/docker/image-reference";
import type { PlacedBuild } from "../symbols/jobs-of-workspace";
import { counted } from "./lens";

/** "Builds api/Dockerfile (target production) → $CI_REGISTRY_IMAGE/api:main"; several builds are counted. */
export function buildTitle(builds: readonly PlacedBuild[]): string {
  const titles = [...new Set(builds.map((each) => `Builds ${sourceText(each)}${imageText(each)}`))];
  const [only] = titles;
  if (only !== undefined && titles.length === 1) return only;
  const isEither = builds.some((a) => builds.some((b) => areAlternatives(a.build.command, b.build.command)));
  return `Builds ${isEither ? "up to " : ""}${counted(titles.length, "image")}`;
}

const areAlternatives = (a: ContainerCommand, b: ContainerCommand): boolean =>
  a !== b && excludeEachOther(a.branches, b.branches);

function sourceText({ build: { file, target, context }, dockerfiles }: PlacedBuild): string {
  const [only, ...others] = dockerfiles ?? [];
  const stage = target === undefined ? "" : ` (target ${target.at.value})`;
  if (only !== undefined)
    return (others.length === 0 ? only : counted(others.length + 1, "Dockerfile")) + stage;
  const isLocal = !context.known || context.value.kind === "directory";
  return (file !== undefined && isLocal ? file.at.value : "an image") + stage;
}

/** More characters than this are cut: the rest of the line is for the file. */
const LONGEST = 60;

/** " → name:tag"; of several tags the name that they share. */
function imageText({ build: { tags, outputs } }: PlacedBuild): string {
  const references = [...tags, ...outputs].flatMap((each) => each.references);
  const distinct = [...new Map(references.map((each) => [textKey(each.text), each])).values()];
  const [only, ...others] = distinct;
  if (only === undefined) return "";
  const shown = showText(only.text);
  if (others.length === 0 && shown.length <= LONGEST) return ` → ${shown}`;
  const names = new Set(distinct.map(nameText));
  return names.size === 1 ? ` → ${nameText(only)}:…` : ` → ${names.size} names`;
}

function nameText({ text, tag }: ImageReference): string {
  const shown = showText(text);
  const written = tag.known && tag.value !== undefined ? showText(tag.value) : undefined;
  return written !== undefined && shown.endsWith(`:${written}`) ? shown.slice(0, -written.length - 1) : shown;
}
