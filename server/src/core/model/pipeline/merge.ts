// The deep merge that includes and `extends` share: mappings merge key by key, anything else is replaced, and each value
// keeps its own place and way. ActiveSupport's `deep_merge`, which GitLab uses for both.
import type { Hop } from "../../text/located";
import type { Entry, Value } from "./value";

/** `over` wins. Keys keep the order of `base`, new ones follow. */
export function mergeValues(base: Value, over: Value): Value {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    entries.set(
      key,
      below === undefined ? entry : { ...entry, value: mergeValues(below.value, entry.value) },
    );
  }
  return { ...over, entries };
}

/** The same value, further away: the hops stand in front of the way that each part already came. */
export function throughHops(value: Value, hops: readonly Hop[]): Value {
  const via = [...hops, ...value.via];
  switch (value.kind) {
    case "scalar":
    case "unknown":
      return { ...value, via };
    case "list":
      return { ...value, via, items: value.items.map((item) => throughHops(item, hops)) };
    case "map":
      return {
        ...value,
        via,
        entries: mapEntries(value.entries, (entry) => ({ ...entry, value: throughHops(entry.value, hops) })),
      };
  }
}

export function mapEntries(
  entries: ReadonlyMap<string, Entry>,
  change: (entry: Entry) => Entry,
): ReadonlyMap<string, Entry> {
  const result = new Map<string, Entry>();
  for (const [key, entry] of entries) result.set(key, change(entry));
  return result;
}
