// Edits in the words of the pipeline: set a variable, add a service. Each keeps the style of the file it writes to.
import type { QueryContext } from "../../query/query";
import { appendItem, setKey } from "../../syntax/yaml-edit";
import { holderOf } from "../../syntax/yaml-find";
import { keyText, pairOf, type YamlMap, type YamlPair } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import type { Origin } from "../../text/located";
import type { Job } from "./job";
import { yamlOf } from "./yaml-of";

/** Name -> value as YAML text: `"/certs"` with its quotes. */
export type NewVariables = readonly (readonly [name: string, yaml: string])[];

/** The job's own mapping in the file that wins; undefined where the job is an alias or has no mapping of its own. */
export function ownBody(job: Job): YamlMap | undefined {
  const value = job.definitions.at(-1)?.value;
  return value?.kind === "map" ? value : undefined;
}

const pairIn = (map: YamlMap, key: string): YamlPair | undefined => pairOf(map, key);

/**
 * Sets variables in the mapping that holds a given one, so that what belongs together stays together. Variables that the
 * mapping has already keep their place. Undefined where that mapping can't be found.
 */
export function setVariablesBeside(
  ctx: QueryContext,
  at: Origin,
  variables: NewVariables,
): readonly ChunkEdit[] | undefined {
  const yaml = ctx.get(yamlOf, at.chunk.file);
  if (yaml === undefined) return undefined;
  const map = holderOf(yaml, at)?.map;
  return map === undefined ? undefined : setAll(map, variables);
}

/** Sets variables of a job, in its own `variables:` or a new one. Undefined where the job has no mapping to write to. */
export function setJobVariables(job: Job, variables: NewVariables): readonly ChunkEdit[] | undefined {
  const body = ownBody(job);
  if (body === undefined) return undefined;
  const pair = pairIn(body, "variables");
  if (pair === undefined)
    return setKey(body, "variables", variables.map(([name, yaml]) => `${name}: ${yaml}`).join("\n"));
  return pair.value.kind === "map" ? setAll(pair.value, variables) : undefined;
}

function setAll(map: YamlMap, variables: NewVariables): readonly ChunkEdit[] {
  const missing = variables.filter(([name]) => !map.pairs.some((pair) => keyText(pair) === name));
  const present = variables.filter(([name]) => map.pairs.some((pair) => keyText(pair) === name));
  const replaced = present.flatMap(([name, yaml]) => setKey(map, name, yaml));
  if (missing.length === 0) return replaced;
  return [...replaced, ...missing.flatMap(([name, yaml]) => setKey(map, name, yaml))];
}

/**
 * Adds a service (the YAML of an item, indented from column 0) to a job. Undefined where the job's services are written
 * somewhere else: a list of its own would replace them.
 */
export function addService(job: Job, service: string): readonly ChunkEdit[] | undefined {
  const body = ownBody(job);
  if (body === undefined) return undefined;
  const own = pairIn(body, "services");
  if (own?.value.kind === "seq") return appendItem(own.value, service);
  if (own !== undefined || job.keywords.has("services")) return undefined;
  return setKey(body, "services", `- ${service.replaceAll("\n", "\n  ")}`);
}
