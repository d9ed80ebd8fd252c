// The manifest contributes each grammar, under its own name, to YAML.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { grammarOutputs } from "../../server/src/dev/grammar/grammar";

const ROOT = join(__dirname, "../..");

interface Manifest {
  readonly contributes: { readonly grammars: readonly Readonly<Record<string, unknown>>[] };
}

describe("grammars in the manifest", () => {
  it("are those that are generated", async () => {
    const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest; // ours
    assert.deepEqual(
      manifest.contributes.grammars,
      grammarOutputs().map(({ path, text }) => ({
        scopeName: (JSON.parse(text ?? "") as { scopeName: string }).scopeName,
        path: `./${path}`,
        injectTo: ["source.yaml"],
      })),
    );
  });
});
