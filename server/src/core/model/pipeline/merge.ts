// The deep merge that includes and `extends` share: mappings merge key by key, anything else is replaced, and each value
// keeps its own place and way. ActiveSupport's `deep_merge`, which GitLab uses for both.
import type { Hop } from "../../text/located";
import type { Entry, ListValue, MapValue, Value } from "./value";

/** `over` wins. Keys keep the order of `base`, new ones follow. */
export function mergeValues(base: Value, over: Value): Value {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const entry of over.entries.values()) {
    const below = entries.get(entry.key);
    entries.set(
      entry.key,
      below === undefined ? entry : { ...entry, value: mergeValues(below.value, entry.value) },
    );
  }
  return { ...over, entries };
}

/** The same value, further away: the hops stand in front of the way that each part already came. */
export function throughHops(value: Value, hops: readonly Hop[]): Value {
  let last: readonly Hop[] = [];
  let longer = hops;
  /** Most parts of a value came the same way: they go on sharing it. */
  const lengthened = (via: readonly Hop[]): readonly Hop[] => {
    if (via !== last) {
      last = via;
      longer = via.length === 0 ? hops : [...hops, ...via];
    }
    return longer;
  };
  return moved(value, lengthened);
}

function moved(value: Value, lengthened: (via: readonly Hop[]) => readonly Hop[]): Value {
  const via = lengthened(value.via);
  switch (value.kind) {
    case "scalar":
      return { kind: value.kind, node: value.node, at: value.at, via };
    case "unknown":
      return { ...value, via };
    case "list":
      return { ...value, via, items: value.items.map((item) => moved(item, lengthened)) };
    case "map": {
      const entries = new Map<string, Entry>();
      for (const { key, keyAt, value: inner } of value.entries.values())
        entries.set(key, { key, keyAt, value: moved(inner, lengthened) });
      return { ...value, via, entries };
    }
  }
}

/** A value whose parts are changed; the same value where none of them is. */
export function mapParts(value: ListValue | MapValue, change: (part: Value) => Value): Value {
  if (value.kind === "list") {
    let items: Value[] | undefined;
    value.items.forEach((item, index) => {
      const changed = change(item);
      if (changed === item) return;
      items ??= [...value.items];
      items[index] = changed;
    });
    return items === undefined ? value : { ...value, items };
  }
  let entries: Map<string, Entry> | undefined;
  for (const entry of value.entries.values()) {
    const changed = change(entry.value);
    if (changed === entry.value) continue;
    entries ??= new Map(value.entries);
    entries.set(entry.key, { ...entry, value: changed });
  }
  return entries === undefined ? value : { ...value, entries };
}
