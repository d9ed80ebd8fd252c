// The examples show what their pages say they show: each rule that a README names in its list or text is found, and no
// other. Hints are not counted; the command line does not print them unless it is asked to.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../server/src/core/rules/index";
import { inspect } from "../../server/src/dev/cases";

const EXAMPLES = join(__dirname, "../../examples");
const names = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe("examples", () => {
  it("are there", () => {
    assert.ok(names.length >= 3);
  });

  for (const name of names) {
    it(`${name} has the findings that its README speaks of`, () => {
      const page = readFileSync(join(EXAMPLES, name, "README.md"), "utf8");
      const named = rules.map(({ id }) => id).filter((id) => page.includes(`\`${id}\``));
      const { findings, faults } = inspect(join(EXAMPLES, name));
      assert.deepEqual(faults, []);
      const shown = findings.filter(({ severity }) => severity !== "hint").map(({ rule }) => rule);
      assert.deepEqual([...shown].sort(), [...named].sort());
    });
  }
});
