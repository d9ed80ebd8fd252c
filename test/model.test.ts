// Runs the pages in test/model: pipelines in, effective jobs with the origin of every value out.
// `UPDATE=1` rewrites the expected blocks.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dumpPipelines } from "./support/dump";
import { readFixturePage } from "./support/fixture";

const folder = path.join(__dirname, "model");

for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
  describe(`model: ${name.slice(0, -3)}`, () => {
    for (const each of readFixturePage(path.join(folder, name)).cases) {
      it(each.title, () => {
        const expected = each.files.find((file) => file.path === "resolved");
        assert.ok(expected !== undefined, "the case has no `text resolved` block");
        const files = Object.fromEntries(each.files.filter((file) => file !== expected).map((file) => [file.path, file.text]));
        const actual = `${dumpPipelines(files)}\n`;
        if (process.env.UPDATE !== undefined && actual !== expected.text) update(path.join(folder, name), expected.text, actual);
        else assert.equal(actual, expected.text);
      });
    }
  });
}

function update(page: string, before: string, after: string): void {
  writeFileSync(page, readFileSync(page, "utf8").replace(`resolved\n${before}`, () => `resolved\n${after}`));
}
