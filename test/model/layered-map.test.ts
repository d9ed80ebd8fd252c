// A layered map reads like the copy that it saves.
import assert from "node:assert/strict";
import fc from "fast-check";
import { layeredMap } from "../../server/src/core/model/pipeline/layered-map";

interface Value {
  readonly text: string;
}

const names = fc.constantFrom("A", "B", "C", "D", "__proto__", "");
const maps = fc
  .array(fc.tuple(names, fc.record({ text: fc.string() })))
  .map((entries): ReadonlyMap<string, Value> => new Map(entries));

describe("a map over another one", () => {
  it("reads like a copy of the lower one with the entries of the upper one", () => {
    fc.assert(
      fc.property(maps, maps, maps, (lowest, below, above) => {
        const layered = layeredMap(layeredMap(lowest, below), above);
        const copy = new Map([...lowest, ...below, ...above]);
        assert.deepEqual([...layered], [...copy]);
        assert.deepEqual([...layered.entries()], [...copy.entries()]);
        assert.deepEqual([...layered.keys()], [...copy.keys()]);
        assert.deepEqual([...layered.values()], [...copy.values()]);
        assert.equal(layered.size, copy.size);
        for (const name of ["A", "B", "__proto__", "", "absent"]) {
          assert.equal(layered.get(name), copy.get(name));
          assert.equal(layered.has(name), copy.has(name));
        }
        const visited: (readonly [string, Value])[] = [];
        layered.forEach((value, key) => visited.push([key, value]));
        assert.deepEqual(visited, [...copy]);
      }),
    );
  });

  it("is the other one where one of them is empty", () => {
    const map = new Map([["A", { text: "a" }]]);
    assert.equal(layeredMap(map, new Map()), map);
    assert.equal(layeredMap(new Map(), map), map);
  });
});
