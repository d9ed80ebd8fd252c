// A map that stands on another one and shares it: what many jobs inherit is held once, however many add to it.

/** Reads like a copy of `below` in which the entries of `above` were set. Values are never undefined. */
export function layeredMap<V extends object>(
  below: ReadonlyMap<string, V>,
  above: ReadonlyMap<string, V>,
): ReadonlyMap<string, V> {
  if (above.size === 0) return below;
  if (below.size === 0) return above;
  const get = (key: string): V | undefined => above.get(key) ?? below.get(key);
  function* entries(): MapIterator<[string, V]> {
    for (const [key, value] of below) yield [key, above.get(key) ?? value];
    for (const entry of above) if (!below.has(entry[0])) yield entry;
  }
  function* keys(): MapIterator<string> {
    for (const [key] of entries()) yield key;
  }
  function* values(): MapIterator<V> {
    for (const [, value] of entries()) yield value;
  }
  const map: ReadonlyMap<string, V> = {
    get,
    has: (key) => get(key) !== undefined,
    get size() {
      let size = below.size;
      for (const key of above.keys()) if (!below.has(key)) size += 1;
      return size;
    },
    forEach(call) {
      for (const [key, value] of entries()) call(value, key, map);
    },
    entries,
    keys,
    values,
    [Symbol.iterator]: entries,
  };
  return map;
}
