// Runs the pages in test/model: pipelines in, effective jobs with the origin of every value out.
// `UPDATE=1` rewrites the expected blocks.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dumpPipelines } from "./support/dump";
import { dumpBuilders, dumpImages } from "./support/dump-images";
import { dumpOrder } from "./support/dump-order";
import { dumpRuns } from "./support/dump-runs";
import { dumpVariables } from "./support/dump-variables";
import { readFixturePage } from "./support/fixture";

const folder = path.join(__dirname, "model");

/** What a case's block shows, by the block's name. */
const DUMPS: Readonly<Record<string, (files: Readonly<Record<string, string>>) => string>> = {
  resolved: dumpPipelines,
  runs: dumpRuns,
  order: dumpOrder,
  variables: dumpVariables,
  images: dumpImages,
  builders: dumpBuilders,
};

for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
  describe(`model: ${name.slice(0, -3)}`, () => {
    for (const each of readFixturePage(path.join(folder, name)).cases) {
      it(each.title, () => {
        const blocks = each.files.filter((file) => file.path in DUMPS);
        assert.ok(blocks.length > 0, "the case has no `text resolved` block, nor another one");
        const files = Object.fromEntries(
          each.files.filter((file) => !blocks.includes(file)).map((file) => [file.path, file.text]),
        );
        for (const expected of blocks) {
          const actual = `${DUMPS[expected.path]?.(files)}\n`;
          if (process.env.UPDATE !== undefined && actual !== expected.text)
            update(path.join(folder, name), expected, actual);
          else assert.equal(actual, expected.text);
        }
      });
    }
  });
}

function update(page: string, block: { readonly path: string; readonly text: string }, after: string): void {
  const before = `${block.path}\n${block.text}`;
  writeFileSync(
    page,
    readFileSync(page, "utf8").replace(before, () => `${block.path}\n${after}`),
  );
}
