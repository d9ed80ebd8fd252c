// What is generated from the rules is fresh: pages, index, registry, README table, settings, schema.
import assert from "node:assert/strict";
import { join } from "node:path";
import { generate, staleOutputs } from "../../server/src/dev/generate";

const ROOT = join(__dirname, "../..");

describe("generated files", () => {
  it("are what `npm run generate` writes", async () => {
    const outputs = await generate(ROOT);
    assert.ok(outputs.length > 3, "nothing is generated");
    assert.deepEqual(
      staleOutputs(ROOT, outputs).map(({ path }) => path),
      [],
      "run `npm run generate`",
    );
  });
});
