// Edits of one service of a job: give it a key, variables, or take it away. Each keeps the style of the list it stands in.
import { removeItem, setKey } from "../../syntax/yaml-edit";
import { pairOf, type YamlSeq } from "../../syntax/yaml-nodes";
import { insertAt, type ChunkEdit } from "../../text/edit";
import type { Job, Service } from "./job";
import type { ListValue, ScalarValue, Value } from "./value";

type Edits = readonly ChunkEdit[];

/**
 * Sets a key of a service (`alias`, `command`); a service that is the name alone becomes a mapping. `yaml` is the value as YAML
 * on one line. Undefined where the service can't be edited: it is brought by an anchor of its own.
 */
export function setServiceKey(job: Job, service: Service, key: string, yaml: string): Edits | undefined {
  const { value } = service;
  if (value.kind === "map") return setKey(value.node, key, yaml);
  return value.kind === "scalar" ? asMapping(job, value, [[key, yaml]]) : undefined;
}

/** Sets a variable of a service alone. https://docs.gitlab.com/ci/services/#available-settings-for-services */
export function setServiceVariable(
  job: Job,
  service: Service,
  name: string,
  yaml: string,
): Edits | undefined {
  const { value } = service;
  if (value.kind === "scalar") return asMapping(job, value, [["variables", `${name}: ${yaml}`]]);
  if (value.kind !== "map") return undefined;
  const own = pairOf(value.node, "variables");
  if (own === undefined || (own.value.kind === "scalar" && own.value.value === null))
    return setKey(value.node, "variables", `${name}: ${yaml}`);
  return own.value.kind === "map" ? setKey(own.value, name, yaml) : undefined;
}

/** Removes a service from the list in which it is written. Undefined where it is the only one: the list would be empty. */
export function removeService(job: Job, service: Service): Edits | undefined {
  const place = placeOf(job, service.value);
  return place === undefined || place.seq.items.length < 2 ? undefined : removeItem(place.seq, place.index);
}

/** `- docker:dind` as `- name: docker:dind` with further entries; `variables` take one entry, which stands below them. */
function asMapping(
  job: Job,
  value: ScalarValue,
  entries: readonly (readonly [key: string, yaml: string])[],
): Edits | undefined {
  const { node } = value;
  const place = placeOf(job, value);
  // An anchor in front of the name would name the key; a text over several lines can't be a value of one line.
  if (place === undefined || node.anchor !== undefined || node.tag !== undefined) return undefined;
  const { chunk, start, end } = node.at;
  if (chunk.text.slice(start, end).includes("\n") || node.style === "literal" || node.style === "folded")
    return undefined;
  if (place.seq.flow) {
    const rest = entries.map(([key, yaml]) => `, ${key}: ${key === "variables" ? `{ ${yaml} }` : yaml}`);
    return [insertAt(chunk, start, "{ name: "), insertAt(chunk, end, `${rest.join("")} }`)];
  }
  const pad = " ".repeat(start - (chunk.text.lastIndexOf("\n", start - 1) + 1));
  const lines = entries.map(([key, yaml]) =>
    key === "variables" ? `\n${pad}variables:\n${pad}  ${yaml}` : `\n${pad}${key}: ${yaml}`,
  );
  const lineEnd = chunk.text.indexOf("\n", end);
  return [
    insertAt(chunk, start, "name: "),
    insertAt(chunk, lineEnd === -1 ? chunk.text.length : lineEnd, lines.join("")),
  ];
}

interface Place {
  readonly seq: YamlSeq;
  readonly index: number;
}

/** The list in which a service is written; undefined where it comes there by an alias. */
function placeOf(job: Job, service: Value): Place | undefined {
  const services = job.keywords.get("services")?.value;
  return services?.kind === "list" ? placeIn(services, service) : undefined;
}

function placeIn(list: ListValue, service: Value): Place | undefined {
  for (const item of list.items) {
    if (item.kind === "list") {
      const place = placeIn(item, service);
      if (place !== undefined) return place;
    }
    if (item !== service || item.kind === "unknown") continue;
    const index = list.node.items.findIndex((node) => node === item.node);
    return index === -1 ? undefined : { seq: list.node, index };
  }
  return undefined;
}
