// The compiled code that a start finds: used as it was written, and never where it is damaged.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireCached, type CachedModule } from "../../server/src/host/code-cache";
import { removeTemporaryFolders, temporaryFolder } from "./temporary-folder";

const NAMES = ["CI", "NODE_DISABLE_COMPILE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"];
const SOURCE = `
  const names = { one: 1, two: 2 };
  exports.sum = (list) => list.reduce((total, each) => total + (names[each] ?? 0), 0);
`;

describe("the code cache", () => {
  const before = new Map(NAMES.map((name) => [name, process.env[name]]));
  let file = "";
  let folder = "";
  beforeEach(() => {
    const root = temporaryFolder({ "program.js": SOURCE, "cache/.keep": "" });
    file = join(root, "program.js");
    folder = join(root, "cache", "gitlab-ci-docker");
    for (const name of NAMES) Reflect.deleteProperty(process.env, name);
    process.env["XDG_CACHE_HOME"] = join(root, "cache");
    process.env["LOCALAPPDATA"] = join(root, "cache");
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    removeTemporaryFolders();
  });

  const load = (): CachedModule => requireCached(file, createRequire(file), []);
  const sum = ({ exports }: CachedModule): unknown =>
    (exports as { readonly sum: (names: readonly string[]) => number }).sum(["one", "two"]);
  const cache = (): string => join(folder, readdirSync(folder)[0] ?? "none");
  /** Runs once and saves what was compiled. */
  const warm = (): void => {
    const module = load();
    assert.equal(sum(module), 3);
    module.save();
  };

  it("is written once", () => {
    warm();
    const { mtimeMs, ino } = statSync(cache());
    warm();
    assert.deepEqual([statSync(cache()).mtimeMs, statSync(cache()).ino], [mtimeMs, ino]);
  });

  it("is not used, and written anew, where a byte of it is another or the end is missing", () => {
    warm();
    const good = readFileSync(cache());
    const flipped = Buffer.from(good);
    flipped.writeUInt8(flipped.readUInt8(good.length - 9) ^ 1, good.length - 9);
    for (const bad of [flipped, good.subarray(0, -8), good.subarray(0, 10), Buffer.alloc(good.length)]) {
      writeFileSync(cache(), bad);
      warm();
      assert.ok(!readFileSync(cache()).equals(bad));
    }
  });

  it("is left out in a CI job", () => {
    process.env["CI"] = "true";
    warm();
    assert.ok(!existsSync(folder));
  });
});
