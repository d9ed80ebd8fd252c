// Edits of the `image:` of a job: another name, an entrypoint. Each keeps the style in which it is written.
import type { QueryContext } from "../../query/query";
import { insertKeyAfter, rootMapOf, setKey } from "../../syntax/yaml-edit";
import { holderOf } from "../../syntax/yaml-find";
import { keyText, pairOf, type YamlMap, type YamlPair } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import { replace } from "../../text/edit";
import type { NewVariables } from "./edit";
import type { ImageUse } from "./job";
import { contentOf, yamlOf } from "./yaml-of";

type Edits = readonly ChunkEdit[];

/** `entrypoint: [""]`, with which the image runs a job's script. https://docs.gitlab.com/ci/docker/using_docker_images/ */
const NO_ENTRYPOINT = '[""]';

interface Place {
  readonly map: YamlMap;
  readonly pair: YamlPair;
}

/** The mapping that holds `image:`, the root's too. */
function placeOf(ctx: QueryContext, { value }: ImageUse): Place | undefined {
  const yaml = ctx.get(yamlOf, value.at.chunk.file);
  const held = yaml && holderOf(yaml, value.at);
  if (held !== undefined) return held;
  const block = yaml && contentOf(yaml)?.blocks.find(({ chunk }) => chunk === value.at.chunk);
  const map = block && rootMapOf(block);
  const pair = map?.pairs.find((each) => each.value.at.start === value.at.start);
  return map === undefined || pair === undefined ? undefined : { map, pair };
}

/**
 * Takes the entrypoint away, and gives the image another name where one is given. Undefined where an anchor brings the image, or
 * its name is no plain text.
 */
export function clearEntrypoint(ctx: QueryContext, image: ImageUse, name?: string): Edits | undefined {
  const { value } = image;
  if (value.kind === "map") {
    const renamed = name === undefined ? [] : [replace(image.name.at, name)];
    const isSet = pairOf(value.node, "entrypoint") !== undefined;
    return isSet ? renamed : [...renamed, ...setKey(value.node, "entrypoint", NO_ENTRYPOINT)];
  }
  const place = value.kind === "scalar" ? placeOf(ctx, image) : undefined;
  if (value.kind !== "scalar" || value.node.anchor !== undefined || place === undefined) return undefined;
  const { text, start, end } = { ...value.at, text: value.at.chunk.text };
  const written = name ?? text.slice(start, end);
  const key = keyText(place.pair);
  if (key !== "image" || written.includes("\n")) return undefined;
  return setKey(place.map, key, `name: ${written}\nentrypoint: ${NO_ENTRYPOINT}`);
}

/** Sets variables of whoever the image is written for; a new `variables:` stands behind the image. */
export function setVariablesBesideImage(
  ctx: QueryContext,
  image: ImageUse,
  variables: NewVariables,
): Edits | undefined {
  const place = placeOf(ctx, image);
  if (place === undefined || keyText(place.pair) !== "image") return undefined;
  const own = pairOf(place.map, "variables");
  if (own?.value.kind === "map") {
    const { value } = own;
    return variables.flatMap(([name, yaml]) => setKey(value, name, yaml));
  }
  if (own !== undefined) return undefined;
  const lines = variables.map(([name, yaml]) => `${name}: ${yaml}`).join("\n");
  return insertKeyAfter(place.map, place.pair, "variables", lines);
}
