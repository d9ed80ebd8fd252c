// What is generated is fresh: rule pages, index, registry, README table and help, settings, schema, the page of the snippets.
import assert from "node:assert/strict";
import { join } from "node:path";
import { helpText } from "../../server/src/cli/args";
import { generate, staleOutputs } from "../../server/src/dev/generate";

const ROOT = join(__dirname, "../..");

describe("generated files", () => {
  it("are what `npm run generate` writes", async () => {
    const outputs = await generate(ROOT);
    assert.ok(outputs.length > 3, "nothing is generated");
    const readme = outputs.find(({ path }) => path === "README.md")?.text ?? "";
    assert.ok(readme.includes(helpText()), "the README shows what --help prints");
    assert.deepEqual(
      staleOutputs(ROOT, outputs).map(({ path }) => path),
      [],
      "run `npm run generate`",
    );
  });
});
