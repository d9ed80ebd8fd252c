// Real files, from the folder that the environment variable CORPUS names: read without a crash, put together again,
// every scalar mapped, and read as the `yaml` library reads the whole file. Skipped where CORPUS is not set.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isScalar, parseAllDocuments, visit } from "yaml";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import type { YamlFile, YamlNode, YamlScalar } from "../../server/src/core/syntax/yaml-nodes";

const corpus = process.env["CORPUS"];

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return yamlFiles(path);
    return entry.isFile() && /\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

function scalarsBelow(node: YamlNode): readonly YamlScalar[] {
  if (node.kind === "scalar") return [node];
  if (node.kind === "seq") return node.items.flatMap(scalarsBelow);
  if (node.kind === "map")
    return node.pairs.flatMap(({ key, value }) => [...scalarsBelow(key), ...scalarsBelow(value)]);
  return [];
}

function scalarsOf(file: YamlFile): readonly YamlScalar[] {
  return file.documents.flatMap(({ blocks }) =>
    blocks.flatMap(({ pairs, root }) =>
      [...pairs.flatMap(({ key, value }) => [key, value]), ...(root ? [root] : [])].flatMap(scalarsBelow),
    ),
  );
}

/** `offset:text` of every scalar that is written, as the library finds them in the whole text. */
function libraryScalars(text: string): readonly string[] {
  const found: string[] = [];
  const documents = parseAllDocuments(text, {
    schema: "failsafe",
    uniqueKeys: false,
    strict: false,
    logLevel: "silent",
  });
  for (const document of Array.isArray(documents) ? documents : []) {
    visit(document, (_key, node) => {
      if (isScalar(node) && node.range && node.range[0] < node.range[1])
        found.push(`${String(node.range[0])}:${node.source ?? ""}`);
    });
  }
  return found;
}

describe("YAML files of real repositories", function () {
  this.timeout(120_000);
  it("are read whole, in their places", function () {
    if (corpus === undefined) return this.skip();
    const paths = yamlFiles(corpus);
    assert.ok(paths.length > 0, "no YAML files below CORPUS");
    for (const path of paths) {
      const source = createSourceFile("a.yml", "gitlab-ci", readFileSync(path, "utf8"));
      const file = parseYaml(source);
      assert.equal([...file.chunks.keys()].map((chunk) => chunk.text).join(""), source.text, path);
      const scalars = scalarsOf(file);
      for (const scalar of scalars) assert.equal(scalar.mapped.text, scalar.text, path);
      const ours = scalars
        .filter((scalar) => scalar.style !== "empty")
        .map(
          (scalar) => `${String((file.chunks.get(scalar.at.chunk) ?? 0) + scalar.at.start)}:${scalar.text}`,
        );
      assert.deepEqual(ours, libraryScalars(source.text), path);
    }
  });
});
