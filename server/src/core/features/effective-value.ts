// Plain values with their origins: what a job's keywords come to, in the shape that GitLab gives them.
import type { Hop, Origin } from "../text/located";
import { scalarText } from "../model/pipeline/variables";
import type { Entry, MapValue, ScalarValue, Value } from "../model/pipeline/value";

/** Where a value is written, and the hops from there to the job, use site first. `P` is how places are said. */
export interface EffectiveOrigin<P> {
  readonly at: P;
  readonly via: readonly { readonly kind: Hop["kind"]; readonly name: string; readonly at: P }[];
}

/** A value as JSON has it, each part with its origin; undefined for what is written nowhere: GitLab's own default. */
export type EffectiveValue<P> = { readonly origin: EffectiveOrigin<P> | undefined } & (
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly items: readonly EffectiveValue<P>[] }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, EffectiveValue<P>> }
  /** It stands in a file that can't be read, or there is a problem at its place. */
  | { readonly kind: "unknown"; readonly because: string }
);

/** A value whose places are still relative to chunks. */
export type ChunkValue = EffectiveValue<Origin>;

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Values alone, by key. What is not known is left out, here and in lists: the problems say where. */
export function jsonOf(entries: ReadonlyMap<string, EffectiveValue<unknown>>): {
  readonly [key: string]: JsonValue;
} {
  const known = [...entries].flatMap(([key, value]) => {
    const json = jsonValue(value);
    return json === undefined ? [] : [[key, json] as const];
  });
  return Object.fromEntries(known);
}

function jsonValue(value: EffectiveValue<unknown>): JsonValue | undefined {
  switch (value.kind) {
    case "scalar":
      return value.value;
    case "list":
      return value.items.map(jsonValue).filter((item) => item !== undefined);
    case "map":
      return jsonOf(value.entries);
    case "unknown":
      return undefined;
  }
}

/** The same value with places said otherwise; an origin without a place is dropped. */
export function mapPlaces<P, Q>(
  value: EffectiveValue<P>,
  placeOf: (place: P) => Q | undefined,
): EffectiveValue<Q> {
  const origin = value.origin && mapOrigin(value.origin, placeOf);
  switch (value.kind) {
    case "scalar":
    case "unknown":
      return { ...value, origin };
    case "list":
      return { ...value, origin, items: value.items.map((item) => mapPlaces(item, placeOf)) };
    case "map": {
      const entries = [...value.entries].map(([key, entry]) => [key, mapPlaces(entry, placeOf)] as const);
      return { ...value, origin, entries: new Map(entries) };
    }
  }
}

export function mapOrigin<P, Q>(
  { at, via }: EffectiveOrigin<P>,
  placeOf: (place: P) => Q | undefined,
): EffectiveOrigin<Q> | undefined {
  const place = placeOf(at);
  if (place === undefined) return undefined;
  const hops = via.flatMap((hop) => {
    const hopPlace = placeOf(hop.at);
    return hopPlace === undefined ? [] : [{ ...hop, at: hopPlace }];
  });
  return { at: place, via: hops };
}

/** A keyword that is kept as it is written, with the types that Psych reads. */
export function asWritten(value: Value): ChunkValue {
  const origin = originOf(value);
  switch (value.kind) {
    case "scalar":
      return { kind: "scalar", origin, value: typedValue(value) };
    case "list":
      return { kind: "list", origin, items: value.items.map(asWritten) };
    case "map":
      return {
        kind: "map",
        origin,
        entries: entriesOf(value, ({ value: entry }) => asWritten(entry)),
      };
    case "unknown":
      return { kind: "unknown", origin, because: value.because };
  }
}

/** Numbers that JSON can't say, or not exactly, stay text. */
function typedValue({ node }: ScalarValue): string | number | boolean | null {
  const { value, text } = node;
  if (typeof value !== "number") return value;
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isExact ? value : text;
}

/** A list without lists inside it: GitLab flattens scripts, rules, tags and services, so that `!reference` can fill them. */
export function asFlatList(value: Value, item: (value: Value) => ChunkValue | undefined): ChunkValue {
  const items: ChunkValue[] = [];
  const add = (each: Value): void => {
    if (each.kind === "list") {
      each.items.forEach(add);
      return;
    }
    const made = item(each);
    if (made !== undefined) items.push(made);
  };
  add(value);
  return { kind: "list", origin: originOf(value), items };
}

/** A script: texts; what is none, GitLab refuses, and it is left out. */
export function asScript(value: Value): ChunkValue {
  return asFlatList(value, (item) => (item.kind === "map" || isNull(item) ? undefined : asText(item)));
}

/** An image, always as a mapping with `name`. */
export function asImage(value: Value): ChunkValue {
  if (value.kind === "scalar") {
    return { kind: "map", origin: originOf(value), entries: new Map([["name", asText(value)]]) };
  }
  if (value.kind !== "map") return asWritten(value);
  const entries = entriesOf(value, ({ key, value: entry }) =>
    key === "name" ? asText(entry) : asWritten(entry),
  );
  return { kind: "map", origin: originOf(value), entries };
}

function entriesOf(map: MapValue, change: (entry: Entry) => ChunkValue): ReadonlyMap<string, ChunkValue> {
  const entries = new Map<string, ChunkValue>();
  for (const entry of map.entries.values()) entries.set(entry.key, change(entry));
  return entries;
}

export const asServices = (value: Value): ChunkValue =>
  asFlatList(value, (item) => (isNull(item) ? undefined : asImage(item)));

/** A scalar as text, as it is written; anything else as it is. */
const asText = (value: Value): ChunkValue =>
  value.kind === "scalar"
    ? { kind: "scalar", origin: originOf(value), value: value.node.text }
    : asWritten(value);

/** A variable: its text; with `expand: false` beside it where that is written. https://docs.gitlab.com/ci/yaml/#variablesexpand */
export function asVariable(value: Value): ChunkValue {
  if (value.kind !== "map") return asVariableText(value);
  const inner = value.entries.get("value")?.value;
  const expand = value.entries.get("expand")?.value;
  const text: ChunkValue =
    inner === undefined ? { kind: "scalar", origin: originOf(value), value: "" } : asVariableText(inner);
  if (expand?.kind !== "scalar" || expand.node.value !== false) return text;
  const flag: ChunkValue = { kind: "scalar", origin: originOf(expand), value: false };
  return {
    kind: "map",
    origin: originOf(value),
    entries: new Map([
      ["value", text],
      ["expand", flag],
    ]),
  };
}

function asVariableText(value: Value): ChunkValue {
  if (value.kind === "unknown") return asWritten(value);
  return {
    kind: "scalar",
    origin: originOf(value),
    value: value.kind === "scalar" ? scalarText(value.node) : "",
  };
}

/** A value is its own origin: it has `at` and `via`, and need not be copied to say no more than these. */
export const originOf = (value: Value): EffectiveOrigin<Origin> => value;

const isNull = (value: Value): boolean => value.kind === "scalar" && value.node.value === null;
