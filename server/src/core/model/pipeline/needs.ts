// `needs:` as it is written, and what is written like it (`dependencies:`). https://docs.gitlab.com/ci/yaml/#needs
import type { Origin } from "../../text/located";
import { isNullValue } from "./default";
import type { MapValue, Value } from "./value";

/** One item of `needs:`. */
export interface Need {
  /** Undefined for a whole pipeline of another project (`pipeline: group/project`). */
  readonly job: string | undefined;
  readonly artifacts: boolean;
  readonly optional: boolean;
  /** The job stands in another project or pipeline. */
  readonly isForeign: boolean;
}

export interface WrittenNeed extends Need {
  readonly at: Origin;
}

export interface Needs {
  readonly items: readonly WrittenNeed[];
  /** False where an item could not be read. */
  readonly isExact: boolean;
}

/** The items of `needs:` or `dependencies:`, nested lists flattened; undefined where it is absent. */
export function readNeeds(value: Value | undefined): Needs | undefined {
  if (value === undefined) return undefined;
  const items: WrittenNeed[] = [];
  let isExact = true;
  const read = (item: Value): void => {
    if (item.kind === "list") {
      item.items.forEach(read);
      return;
    }
    // GitLab leaves an empty item out: an entry without a value is unspecified (entry/needs.rb).
    if (isNullValue(item)) return;
    const need = needOf(item);
    if (need === undefined) isExact = false;
    else items.push(need);
  };
  read(value);
  return { items, isExact };
}

function needOf(item: Value): WrittenNeed | undefined {
  if (item.kind === "map") return mappedNeed(item);
  return item.kind === "scalar" ? { ...PLAIN, job: item.node.text, at: item.at } : undefined;
}

const PLAIN = { artifacts: true, optional: false, isForeign: false } as const;

function mappedNeed(map: MapValue): WrittenNeed | undefined {
  const job = map.entries.get("job")?.value;
  const isForeign = map.entries.has("pipeline") || map.entries.has("project");
  if (job?.kind !== "scalar")
    return isForeign && job === undefined ? { ...PLAIN, job: undefined, isForeign, at: map.at } : undefined;
  return {
    job: job.node.text,
    artifacts: !isBoolean(map, "artifacts", false),
    optional: isBoolean(map, "optional", true),
    isForeign,
    at: job.at,
  };
}

function isBoolean(map: MapValue, key: string, wanted: boolean): boolean {
  const value = map.entries.get(key)?.value;
  return value?.kind === "scalar" && value.node.value === wanted;
}

/** Jobs that `trigger: { include: [{ artifact: …, job: … }] }` names. */
export function readTriggerJobs(trigger: Value | undefined): readonly WrittenNeed[] {
  const include = trigger?.kind === "map" ? trigger.entries.get("include")?.value : undefined;
  const items = include?.kind === "list" ? include.items : include === undefined ? [] : [include];
  return items.flatMap((item) =>
    item.kind === "map" && item.entries.has("artifact") ? (mappedNeed(item) ?? []) : [],
  );
}
