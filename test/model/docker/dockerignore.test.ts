// Cases of moby/patternmatcher's own tests (patternmatcher_test.go, ignorefile_test.go), and of Docker's documentation.
import assert from "node:assert/strict";
import { excluderOf, mayHoldException, parseIgnoreFile } from "../../../server/src/core/model/docker/dockerignore";
import { textAt } from "../../../server/src/core/text/located";

const excluder = (text: string, path: string): string | undefined => {
  const rule = excluderOf(parseIgnoreFile(".dockerignore", text), path);
  return rule && textAt(rule.at);
};
const isExcluded = (text: string, path: string): boolean => excluder(text, path) !== undefined;

describe("dockerignore: one pattern", () => {
  const table: readonly (readonly [pattern: string, path: string, excluded: boolean])[] = [
    ["**", "file", true],
    ["**", "dir/file", true],
    ["**/", "file", true],
    ["**/", "dir/file", true],
    ["**/**", "dir/file", true],
    ["dir/**", "dir/file", true],
    ["dir/**", "dir/dir2/file", true],
    ["dir/**", "dir", false],
    ["**/dir", "dir", true],
    ["**/dir", "dir/file", true],
    ["**/dir2/*", "dir/dir2/file", true],
    ["**/dir2/*", "dir/dir2/dir2/file", true],
    ["**/dir2/**", "dir/dir2/dir2/file", true],
    ["**file", "file", true],
    ["**file", "dir/file", true],
    ["**/file", "dir/dir/file", true],
    ["**/file*", "dir/dir/file.txt", true],
    ["**/file*txt", "dir/dir/file.txt", true],
    ["**/file*.txt*", "dir/dir/file.txt.bak", true],
    ["**/**/*.txt", "dir/dir/file.txt", true],
    ["**/**/*.txt2", "dir/dir/file.txt", false],
    ["**/*.txt", "file.txt", true],
    ["a**/*.txt", "a/file.txt", true],
    ["a**/*.txt", "a/dir/file.txt", true],
    ["a/*.txt", "a/dir/file.txt", false],
    ["a/*.txt**", "a/file.txt", true],
    ["a[b-d]e", "ae", false],
    ["a[b-d]e", "ace", true],
    ["a[^b-d]e", "aze", true],
    [".*", ".foo", true],
    [".*", "foo", false],
    ["abc.def", "abcdef", false],
    ["abc?def", "abcZdef", true],
    ["abc?def", "abcdef", false],
    ["a\\*b", "a*b", true],
    ["a\\*b", "acb", false],
    ["a\\", "a\\", true],
    ["**/foo/bar", "foo/bar", true],
    ["**/foo/bar", "dir/dir2/foo/bar", true],
    ["abc/**", "abc", false],
    ["abc/**", "abc/def/ghi", true],
    ["**/.foo", "bar.foo", false],
    ["**/*.foo", "foo/b.foo", true],
    ["dist", "dist/app.js", true],
    ["dist", "web/dist", false],
    ["dist/", "dist/app.js", true],
    ["/dist", "dist/app.js", true],
    ["./dist/../dist//", "dist", true],
    ["*", "dir/file", true],
    ["*.md", "docs/a.md", false],
    [".", "file", false],
    ["a(b)+c|d$", "a(b)+c|d$", true],
  ];
  for (const [pattern, path, excluded] of table)
    it(`${pattern} ${excluded ? "leaves out" : "lets in"} ${path}`, () => assert.equal(isExcluded(pattern, path), excluded));
});

describe("dockerignore: lines", () => {
  it("counts the last line that matches", () => {
    assert.equal(excluder("*.md\n!README.md\n", "README.md"), undefined);
    assert.equal(excluder("*.md\n!README*.md\nREADME-secret.md\n", "README-secret.md"), "README-secret.md");
    assert.equal(excluder("*.md\nREADME-secret.md\n!README*.md\n", "README-secret.md"), undefined);
    assert.equal(excluder("!dist\ndist\n", "dist"), "dist");
    assert.equal(excluder("docs\n!docs/README.md\n", "docs/README.md"), undefined);
    assert.equal(excluder("docs\n!docs/README.md\n", "docs/other.md"), "docs");
    assert.equal(excluder("*\n!src\n!package*.json\n", "src/a/b.ts"), undefined);
    assert.equal(excluder("*\n!src\n!package*.json\n", "tests/a.ts"), "*");
    assert.equal(excluder("# dist\n\n  dist  \n", "dist"), "dist");
    assert.equal(excluder(" # dist\ndist2", "# dist"), "# dist");
    assert.equal(excluder("*\n! src \n", "src"), undefined);
    assert.equal(excluder("!\ndist", "dist"), "dist");
    assert.equal(excluder("", "dist"), undefined);
  });

  it("says whether something below a folder may be let in again", () => {
    const file = parseIgnoreFile(".dockerignore", "dist\n!dist/app.js\n");
    assert.equal(mayHoldException(file, "dist"), true);
    assert.equal(mayHoldException(file, "docs"), false);
    assert.equal(mayHoldException(parseIgnoreFile(".dockerignore", "*\n!docs/*.md\n"), "dist"), false);
    assert.equal(mayHoldException(parseIgnoreFile(".dockerignore", "*\n!docs/*.md\n"), "docs"), true);
    assert.equal(mayHoldException(parseIgnoreFile(".dockerignore", "*\n!d*/x\n"), "dist"), true);
    assert.equal(mayHoldException(parseIgnoreFile(".dockerignore", "*\n!**/*.js\n"), "docs"), true);
  });

  it("is fast on hostile patterns", () => {
    const started = Date.now();
    assert.equal(isExcluded(`${"*a".repeat(60)}b`, "a".repeat(900)), false);
    assert.equal(isExcluded(`${"**/a/".repeat(60)}b`, "a/".repeat(450)), false);
    assert.equal(isExcluded("**", "a/".repeat(100_000)), false);
    assert.ok(Date.now() - started < 5_000);
  });
});
