import assert from "node:assert/strict";
import { Database } from "../../server/src/core/query/database";
import { defineQuery, type Query } from "../../server/src/core/query/query";
import type { Workspace } from "../../server/src/core/query/workspace";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import { createSourceFile, type SourceFile } from "../../server/src/core/text/source-file";

function workspace(texts: Record<string, string>, before?: Workspace): Workspace {
  const files = new Map<string, SourceFile>();
  for (const [path, text] of Object.entries(texts)) {
    const old = before?.files.get(path);
    files.set(path, old?.text === text ? old : createSourceFile(path, "other", text));
  }
  const paths = new Set(Object.keys(texts));
  const same =
    before?.paths !== undefined &&
    before.paths.size === paths.size &&
    [...paths].every((path) => before.paths?.has(path));
  return { files, paths: same ? before.paths : paths, settings: DEFAULT_SETTINGS };
}

const firstLine = defineQuery<string, string | undefined>({
  name: "firstLine",
  compute: (ctx, path) => ctx.file(path)?.text.split("\n")[0],
});
const shout = defineQuery<string, string>({
  name: "shout",
  compute: (ctx, path) => (ctx.get(firstLine, path) ?? "nothing").toUpperCase(),
});

describe("query engine", () => {
  it("computes once, and again only when what was read changed", () => {
    const first = workspace({ a: "one\ntwo", b: "x" });
    const database = new Database(first);
    assert.equal(database.get(shout, "a"), "ONE");
    assert.equal(database.get(shout, "a"), "ONE");
    database.update(workspace({ a: "one\ntwo", b: "changed" }, first));
    assert.equal(database.get(shout, "a"), "ONE");
    assert.deepEqual(Object.fromEntries(database.computed), { shout: 1, firstLine: 1 });
  });

  it("stops at a value that came out equal", () => {
    const first = workspace({ a: "one\ntwo" });
    const database = new Database(first);
    database.get(shout, "a");
    database.update(workspace({ a: "one\nTHREE" }, first));
    assert.equal(database.get(shout, "a"), "ONE");
    assert.deepEqual(Object.fromEntries(database.computed), { shout: 1, firstLine: 2 });
  });

  it("notices a file that appears, and names it as wanted until it does", () => {
    const empty: Workspace = { files: new Map(), paths: new Set(["a"]), settings: DEFAULT_SETTINGS };
    const database = new Database(empty);
    assert.equal(database.get(shout, "a"), "NOTHING");
    assert.deepEqual([...database.wanted()], ["a"]);
    database.update(workspace({ a: "here" }));
    assert.equal(database.get(shout, "a"), "HERE");
    assert.deepEqual([...database.wanted()], []);
  });

  it("does not want what the listing says is not there", () => {
    const database = new Database({ files: new Map(), paths: new Set(), settings: DEFAULT_SETTINGS });
    assert.equal(database.get(shout, "a"), "NOTHING");
    assert.deepEqual([...database.wanted()], []);
  });

  it("keeps an old value that `equals` calls equal, so that readers stay fresh", () => {
    const list = defineQuery<string, readonly string[]>({
      name: "list",
      compute: (ctx, path) => ctx.file(path)?.text.split("\n").slice(0, 1) ?? [],
      equals: (a, b) => a.join() === b.join(),
    });
    const count = defineQuery<string, number>({
      name: "count",
      compute: (ctx, path) => ctx.get(list, path).length,
    });
    const first = workspace({ a: "one\ntwo" });
    const database = new Database(first);
    database.get(count, "a");
    database.update(workspace({ a: "one\nthree" }, first));
    database.get(count, "a");
    assert.equal(database.computed.get("count"), 1);
  });

  it("throws where a query reads itself", () => {
    const fault: Query<string, string> = defineQuery({
      name: "fault",
      compute: (ctx, key) => ctx.get(fault, key),
    });
    assert.throws(() => new Database(workspace({})).get(fault, "a"), /fault reads itself/);
  });

  it("runs again only the parts of a computation that read what has changed", () => {
    const ran: string[] = [];
    const both = defineQuery<string, string>({
      name: "both",
      compute: (ctx, paths) =>
        paths
          .split(" ")
          .map((path) =>
            ctx.part(path, () => {
              ran.push(path);
              return ctx.get(shout, path);
            }),
          )
          .join(" "),
    });
    const first = workspace({ a: "x", b: "y" });
    const database = new Database(first);
    assert.equal(database.get(both, "a b"), "X Y");
    const second = workspace({ a: "z", b: "y" }, first);
    database.update(second);
    assert.equal(database.get(both, "a b"), "Z Y");
    assert.deepEqual(ran, ["a", "b", "a"]);
    // What was not run again is still read.
    database.update(workspace({ a: "z", b: "w" }, second));
    assert.equal(database.get(both, "a b"), "Z W");
    assert.deepEqual(ran, ["a", "b", "a", "b"]);
  });

  it("hands a query its own older value", () => {
    const seen: (string | undefined)[] = [];
    const remember = defineQuery<string, string>({
      name: "remember",
      compute: (ctx, path, previous) => {
        seen.push(previous);
        return ctx.file(path)?.text ?? "";
      },
    });
    const first = workspace({ a: "1" });
    const database = new Database(first);
    database.get(remember, "a");
    database.update(workspace({ a: "2" }, first));
    database.get(remember, "a");
    assert.deepEqual(seen, [undefined, "1"]);
  });

  it("forgets what nobody asked for since the last update but one, and nothing else", () => {
    const first = workspace({ a: "one" });
    const database = new Database(first);
    database.get(shout, "a");
    database.get(shout, "b");
    for (const size of [4, 4, 2]) {
      database.sweep();
      assert.equal(database.size, size);
      database.update(workspace({ a: "one" }, first));
      database.get(shout, "a");
    }
    assert.equal(database.computed.get("firstLine"), 2);
  });

  it("settles what an edit reaches, and looks at nothing else", () => {
    const first = workspace({ a: "one", b: "two" });
    const database = new Database(first);
    const ask = (): readonly string[] => ["a", "b"].map((path) => database.get(shout, path));
    ask();
    database.sweep();
    database.update(workspace({ a: "three", b: "two" }, first));
    database.settle();
    assert.deepEqual(Object.fromEntries(database.computed), { shout: 3, firstLine: 3 });
    assert.deepEqual(ask(), ["THREE", "TWO"]);
    assert.deepEqual(Object.fromEntries(database.computed), { shout: 3, firstLine: 3 });
  });

  it("leaves to those who ask what was asked for once and is not kept", () => {
    const first = workspace({ a: "one", b: "two" });
    const database = new Database(first);
    database.get(shout, "a");
    database.sweep();
    database.get(shout, "b");
    database.update(workspace({ a: "one", b: "three" }, first));
    database.settle();
    assert.equal(database.computed.get("shout"), 2);
    assert.equal(database.get(shout, "b"), "THREE");
  });

  it("keeps an error as long as nothing that led to it changes, and tells every reader", () => {
    const strict = defineQuery<string, string>({
      name: "strict",
      compute: (ctx, path) => {
        const text = ctx.get(firstLine, path);
        if (text === undefined) throw new Error(`no ${path}`);
        return text;
      },
    });
    const tolerant = defineQuery<string, string>({
      name: "tolerant",
      compute: (ctx, path) => {
        try {
          return ctx.get(strict, path);
        } catch {
          return "none";
        }
      },
    });
    const database = new Database(workspace({}));
    assert.equal(database.get(tolerant, "a"), "none");
    assert.throws(() => database.get(strict, "a"), /no a/);
    assert.equal(database.computed.get("strict"), 1);
    database.sweep();
    database.update(workspace({ a: "here" }));
    database.settle();
    assert.equal(database.get(tolerant, "a"), "here");
  });

  /** Each letter of a file names a file that is read; digits count. */
  const sum: Query<string, number> = defineQuery({
    name: "sum",
    compute: (ctx, path) => {
      let total = 0;
      for (const letter of ctx.file(path)?.text ?? "")
        total += /\d/.test(letter) ? Number(letter) : ctx.get(sum, letter);
      return total;
    },
  });

  it("settles what lost its height between two edits, and what reads it", () => {
    const chain = { p: "a1", a: "b", b: "c", c: "1" };
    const first = workspace({ ...chain, k: "p" });
    const database = new Database(first);
    database.get(sum, "k");
    database.sweep();
    const second = workspace({ ...chain, p: "1", k: "z", z: "q", q: "p" }, first);
    database.update(second);
    assert.equal(database.get(sum, "k"), 1);
    database.update(workspace({ ...chain, p: "5", k: "z", z: "q", q: "p" }, second));
    database.settle();
    assert.equal(database.get(sum, "k"), 5);
  });

  it("forgets what was asked for and read, once nobody does either", () => {
    const first = workspace({ x: "y", y: "1", o: "1" });
    const database = new Database(first);
    for (const path of ["x", "y", "o"]) database.get(sum, path);
    database.sweep();
    for (const path of ["y", "o", "o", "o"]) {
      database.update(workspace({ x: "y", y: "1", o: "1" }, first));
      database.get(sum, path);
      database.sweep();
    }
    assert.equal(database.size, 1);
  });
});
