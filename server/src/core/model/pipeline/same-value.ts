// Whether two values of a job are the same in every respect: text, place and way. What was made of the one then holds for the
// other, and is not made again when something else of the job changes.
import { sameOrigin, type Hop } from "../../text/located";
import type { Variable, VariableLayer } from "./job";
import type { Entry, MapValue, Value } from "./value";

/** Nodes are compared by identity: they stay the same objects while the text of their chunk does. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  return sameOrigin(one.at, other.at) && sameWay(one.via, other.via) && sameContent(one, other);
}

function sameContent(one: Value, other: Value): boolean {
  switch (one.kind) {
    case "unknown":
      return other.kind === "unknown" && one.because === other.because && one.isOpen === other.isOpen;
    case "scalar":
      return other.kind === "scalar" && one.node === other.node;
    case "list":
      return other.kind === "list" && one.node === other.node && sameList(one.items, other.items, sameValue);
    case "map":
      return other.kind === "map" && one.node === other.node && sameEntries(one.entries, other.entries);
  }
}

const sameEntries = (one: MapValue["entries"], other: MapValue["entries"]): boolean =>
  sameList([...one.values()], [...other.values()], sameEntry);

const sameEntry = (one: Entry, other: Entry): boolean =>
  one === other ||
  (one.key === other.key && sameOrigin(one.keyAt, other.keyAt) && sameValue(one.value, other.value));

/** The entries of a mapping, those of the mapping before it where they are the same. */
export function keptEntries(
  before: ReadonlyMap<string, Entry>,
  now: ReadonlyMap<string, Entry>,
): ReadonlyMap<string, Entry> {
  const kept = [...now.values()].map((entry) => {
    const old = before.get(entry.key);
    return old !== undefined && sameEntry(old, entry) ? old : entry;
  });
  return sameList(kept, [...before.values()], Object.is)
    ? before
    : new Map(kept.map((entry) => [entry.key, entry]));
}

/** The same for a value: who compares what comes of it by identity is not misled, because all of it is kept or none. */
export function keptValue(before: Value | undefined, now: Value | undefined): Value | undefined {
  if (before?.kind !== "map" || now?.kind !== "map") return sameValue(before, now) ? before : now;
  const entries = keptEntries(before.entries, now.entries);
  const isSame =
    entries === before.entries &&
    before.node === now.node &&
    sameOrigin(before.at, now.at) &&
    sameWay(before.via, now.via);
  return isSame ? before : { ...now, entries };
}

export const sameLayers = (one: readonly VariableLayer[], other: readonly VariableLayer[]): boolean =>
  sameList(one, other, sameLayer);

const sameLayer = (one: VariableLayer, other: VariableLayer): boolean =>
  one === other || (one.scope === other.scope && sameList(one.options, other.options, sameVariables));

const sameVariables = (one: ReadonlyMap<string, Variable>, other: ReadonlyMap<string, Variable>): boolean =>
  one === other || sameList([...one.values()], [...other.values()], sameVariable);

function sameVariable(one: Variable, other: Variable): boolean {
  if (one === other) return true;
  const isSameText = one.name === other.name && one.value === other.value && one.text === other.text;
  const isSamePlace = sameOrigin(one.nameAt, other.nameAt) && sameOrigin(one.at, other.at);
  const isSameMeaning =
    one.scope === other.scope && one.expand === other.expand && one.isKnown === other.isKnown;
  return (
    isSameText &&
    isSamePlace &&
    isSameMeaning &&
    sameWay(one.via, other.via) &&
    sameList(one.values, other.values, Object.is)
  );
}

export const sameWay = (one: readonly Hop[], other: readonly Hop[]): boolean => sameList(one, other, sameHop);

const sameHop = (one: Hop, other: Hop): boolean =>
  one === other || (one.kind === other.kind && one.name === other.name && sameOrigin(one.at, other.at));

function sameList<T>(one: readonly T[], other: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    const [a, b] = [one[index], other[index]];
    if (a !== b && (a === undefined || b === undefined || !isSame(a, b))) return false;
  }
  return true;
}
