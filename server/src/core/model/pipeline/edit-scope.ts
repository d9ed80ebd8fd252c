// Edits that hold for everybody who gets a value: variables beside the service that they are for, in a template, in `default`, or in
// the job itself.
import type { QueryContext } from "../../query/query";
import { insertKeyFirst, rootMapOf, setKey } from "../../syntax/yaml-edit";
import { keyText, pairOf, type YamlBlock, type YamlMap } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { NewVariables } from "./edit";
import { contentOf, rootPairOf, yamlOf } from "./yaml-of";

type Edits = readonly ChunkEdit[];

/** Root keys whose values are for all jobs: what belongs to them stands in the root's `variables`. */
const FOR_ALL_JOBS: ReadonlySet<string | undefined> = new Set(["default", "image", "services"]);

/**
 * Sets variables for all who get what is written at a place: those of the job or template that it stands in, or the pipeline's
 * where it stands in `default` or at the root. Undefined where there is no mapping to write to.
 */
export function setVariablesInScope(
  ctx: QueryContext,
  at: Origin,
  variables: NewVariables,
): Edits | undefined {
  const block = blockAt(ctx, at);
  const pair = block?.pairs.find((each) => each.at.start <= at.start && at.end <= each.at.end);
  if (block === undefined || pair === undefined) return undefined;
  if (FOR_ALL_JOBS.has(keyText(pair))) return setPipelineVariables(ctx, at.chunk.file, block, variables);
  return pair.value.kind === "map" ? setVariablesIn(pair.value, variables) : undefined;
}

/**
 * Gives all jobs of a pipeline a service (YAML of a list item) and variables, in `default` and `variables` of its root file. New
 * entries stand behind what the file says for all jobs already, or at its start. Undefined where `default` is no mapping, or has
 * services that are no list.
 */
export function setForAllJobs(
  ctx: QueryContext,
  root: FilePath,
  serviceItem: string,
  variables: NewVariables,
): Edits | undefined {
  const blocks = ctx.get(yamlOf, root);
  const content = blocks && contentOf(blocks)?.blocks.filter(({ pairs }) => pairs.length > 0);
  const general = content?.findLast(({ pairs }) => pairs.some((pair) => GENERAL.has(keyText(pair))));
  const first = content?.[0];
  if (first === undefined) return undefined;
  const own = rootPairOf(ctx, root, "default");
  const item = `- ${serviceItem.replaceAll("\n", "\n  ")}`;
  const service =
    own === undefined
      ? addRoot(general, first, "default", `services:\n  ${item.replaceAll("\n", "\n  ")}`)
      : own.value.kind === "map" && pairOf(own.value, "services") === undefined
        ? setKey(own.value, "services", item)
        : undefined;
  const set =
    rootPairOf(ctx, root, "variables") === undefined
      ? addRoot(general, first, "variables", linesOf(variables))
      : setPipelineVariables(ctx, root, first, variables);
  return service === undefined || set === undefined ? undefined : [...service, ...set];
}

/** Root keys that are for all jobs, behind which others of their kind may stand. */
const GENERAL: ReadonlySet<string | undefined> = new Set([
  "after_script",
  "before_script",
  "cache",
  "default",
  "image",
  "include",
  "stages",
  "variables",
  "workflow",
]);

function addRoot(
  general: YamlBlock | undefined,
  first: YamlBlock,
  key: string,
  yaml: string,
): Edits | undefined {
  const map = rootMapOf(general ?? first);
  if (map === undefined) return undefined;
  return general === undefined ? insertKeyFirst(map, key, yaml) : setKey(map, key, yaml);
}

function blockAt(ctx: QueryContext, { chunk }: Origin): YamlBlock | undefined {
  const yaml = ctx.get(yamlOf, chunk.file);
  const content = yaml && contentOf(yaml);
  return content?.blocks.find((block) => block.chunk === chunk);
}

/** The root's `variables:`; a new entry stands behind the block that is given. */
function setPipelineVariables(
  ctx: QueryContext,
  file: FilePath,
  block: YamlBlock,
  variables: NewVariables,
): Edits | undefined {
  const own = rootPairOf(ctx, file, "variables");
  if (own?.value.kind === "map") return setAll(own.value, variables);
  const root = rootMapOf(block);
  if (own !== undefined || root === undefined) return undefined;
  return setKey(root, "variables", linesOf(variables));
}

function setVariablesIn(map: YamlMap, variables: NewVariables): Edits | undefined {
  const own = pairOf(map, "variables");
  if (own?.value.kind === "map") return setAll(own.value, variables);
  const isFree = own === undefined || (own.value.kind === "scalar" && own.value.value === null);
  return isFree ? setKey(map, "variables", linesOf(variables)) : undefined;
}

const setAll = (map: YamlMap, variables: NewVariables): Edits =>
  variables.flatMap(([name, yaml]) => setKey(map, name, yaml));

const linesOf = (variables: NewVariables): string =>
  variables.map(([name, yaml]) => `${name}: ${yaml}`).join("\n");
