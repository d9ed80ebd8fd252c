import assert from "node:assert/strict";
import { isWholeRepository, presenceOf, type Presence } from "../../../server/src/core/model/docker/repository-paths";
import { relativePath } from "../../../server/src/core/text/paths";
import { withFiles } from "./ask";

const FILES = {
  "app/src/index.js": "",
  ".gitmodules": '[submodule "x"]\n\tpath = vendor/x\n\turl = u\n[submodule "y"]\n\tpath = "vendor/y z"\n',
  ".gitignore": "# built\n/dist/\n*.log\n!keep.log\nbuild/**/out\n",
  "app/.gitignore": "cache\n/local.env\n",
};

describe("repository paths", () => {
  const table: readonly (readonly [path: string, presence: Presence])[] = [
    ["", "folder"],
    ["app", "folder"],
    ["app/src", "folder"],
    ["app/src/index.js", "file"],
    ["app/src/Index.js", "absent"],
    ["ap", "absent"],
    ["vendor/x", "unknown"],
    ["vendor/x/Dockerfile", "unknown"],
    ["vendor/y z/Dockerfile", "unknown"],
    ["vendor/xy", "absent"],
    ["dist", "unknown"],
    ["dist/app.js", "unknown"],
    ["app/dist", "absent"],
    ["a.log", "unknown"],
    ["deep/a.log", "unknown"],
    ["keep.log", "unknown"],
    ["build/a/out/x", "unknown"],
    ["app/cache", "unknown"],
    ["app/deep/cache/x", "unknown"],
    ["cache", "absent"],
    ["app/local.env", "unknown"],
    ["app/deep/local.env", "absent"],
    ["web/node_modules/x", "unknown"],
    [".git/HEAD", "unknown"],
  ];
  for (const [path, presence] of table)
    it(`${path === "" ? "the root" : path}: ${presence}`, () => assert.equal(withFiles(FILES, (ctx) => presenceOf(ctx, path)), presence));

  it("are those of a whole repository where `.git` is", () => {
    assert.equal(withFiles({ a: "" }, isWholeRepository), false);
    assert.equal(withFiles({ ".git": "" }, isWholeRepository), true);
    assert.equal(withFiles({ "x/.git": "" }, isWholeRepository), false);
  });

  it("are written as seen from a folder", () => {
    assert.equal(relativePath("", "a/b"), "a/b");
    assert.equal(relativePath("a", "a/b"), "b");
    assert.equal(relativePath("a/c", "a/b"), "../b");
    assert.equal(relativePath("a/b", ""), "../..");
    assert.equal(relativePath("a", "a"), ".");
    assert.equal(relativePath("a", "ab"), "../ab");
  });
});
