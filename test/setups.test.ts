// The set-ups that GitLab's documentation shows, with all rules: what is found on each, and nothing else.
import assert from "node:assert/strict";
import { join } from "node:path";
import { analyse } from "./support/analyse";
import { compare } from "./support/expect-findings";
import { readFixturePage } from "./support/fixture";
import { DEFAULT_SETTINGS } from "../server/src/core/settings/settings";

describe("documented set-ups", () => {
  for (const fixture of readFixturePage(join(__dirname, "setups.md")).cases) {
    it(fixture.title, () => {
      const files = Object.fromEntries(fixture.files.map((file) => [file.path, file.text]));
      const { findings, faults } = analyse(files, DEFAULT_SETTINGS);
      assert.deepEqual(faults, []);
      const worthSaying = findings.filter(({ severity }) => severity !== "hint");
      assert.equal(compare(fixture, worthSaying).failures.join("\n"), "");
    });
  }
});
