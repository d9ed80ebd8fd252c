// The .vsix holds what the extension needs and nothing else. Packs it for real and reads the archive's directory.
import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

const ALLOWED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/dist\/(extension|program|server)\.js$/,
  /^extension\/syntaxes\/[a-z.-]+\.json$/,
  /^extension\/schemas\/gitlab-ci-docker\.schema\.json$/,
  /^extension\/docs\/rules\/[a-z0-9-]+\.md$/,
  /^extension\/docs\/images\/(icon|editor|hover)\.png$/,
  /^extension\/docs\/walkthrough\/[a-z-]+\.(png|md)$/,
];

const REQUIRED = [
  "extension/package.json",
  "extension/readme.md",
  "extension/changelog.md",
  "extension/LICENSE.txt",
  "extension/dist/extension.js",
  "extension/dist/program.js",
  "extension/dist/server.js",
  "extension/docs/images/icon.png",
  "extension/schemas/gitlab-ci-docker.schema.json",
];

/** Far above what is needed; a dependency or a fixture that slips in is seen. */
const LARGEST_BYTES = 2_000_000;

describe("the .vsix", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "vsix-"));
  const vsix = join(folder, "extension.vsix");
  let names: readonly string[] = [];

  before(() => {
    const { status, stderr, stdout } = spawnSync("npm", ["run", "--silent", "package", "--", "--out", vsix], {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.strictEqual(status, 0, `${stdout}\n${stderr}`);
    names = namesInZip(readFileSync(vsix));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds only what is needed", () => {
    const surplus = names.filter((name) => !ALLOWED.some((pattern) => pattern.test(name)));
    assert.deepStrictEqual(surplus, []);
  });

  it("holds what the extension can't do without", () => {
    const missing = REQUIRED.filter((name) => !names.includes(name));
    assert.deepStrictEqual(missing, []);
  });

  it("holds every file that package.json names", () => {
    const manifest = readFileSync(join(ROOT, "package.json"), "utf8");
    const named = [...manifest.matchAll(/"(?:\.\/|(?=docs\/))([\w./-]+\.(?:js|json|md|png))"/g)].map(
      ([, path]) => `extension/${path}`,
    );
    assert.ok(named.length > 0);
    assert.deepStrictEqual(
      named.filter((name) => !names.includes(name)),
      [],
    );
  });

  it("is small", () => {
    const { size } = statSync(vsix);
    assert.ok(size < LARGEST_BYTES, `${size} bytes in ${names.length} files:\n${names.join("\n")}`);
  });
});

/** The names in a ZIP archive's central directory (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12). */
function namesInZip(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  assert.notStrictEqual(end, -1, "the archive has an end record");
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    names.push(zip.toString("utf8", at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}
