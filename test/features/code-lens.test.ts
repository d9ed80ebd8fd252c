// Runs the pages in test/features/code-lens: a workspace in; each lens of each of its files out, with what a click opens. Each case
// runs with LF and with CRLF line breaks. `UPDATE=1` rewrites the expected blocks.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAnalysis, createSourceFile, type Lens, type Place } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import { readFixturePage, type FixtureCase } from "../support/fixture";

const BLOCK = "code-lens";

function answer(test: FixtureCase, lineBreak: "\n" | "\r\n"): string {
  const sources = test.files
    .filter((file) => file.path !== BLOCK)
    .map(({ path: name, text }) =>
      createSourceFile(name, kindOf(name, text), text.replaceAll("\n", lineBreak)),
    );
  const files = new Map(sources.map((file) => [file.path, file]));
  const analysis = createAnalysis({
    files,
    paths: new Set(files.keys()),
    settings: toSettings(test.settings ?? {}),
  });
  analysis.report();
  const shown = ({ file, start }: Place): string =>
    `${file}:${(files.get(file)?.lines.positionAt(start).line ?? Number.NaN) + 1}`;
  const opened = ({ opens }: Lens<Place>): string =>
    opens.kind === "places" ? opens.places.map(shown).join(", ") : `job ${opens.name} of ${opens.root}`;
  const lines = sources.flatMap((file) =>
    analysis.lenses(file.path).map((lens) => {
      const target = opened(lens);
      return `${shown(lens.at)} ${lens.title}${target === "" ? "" : ` -> ${target}`}\n`;
    }),
  );
  return lines.length === 0 ? "nothing\n" : lines.join("");
}

const folder = path.join(__dirname, BLOCK);
for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
  describe(`code lenses: ${name.slice(0, -3)}`, () => {
    const page = path.join(folder, name);
    for (const test of readFixturePage(page).cases) {
      it(test.title, () => {
        const expected = test.files.find((file) => file.path === BLOCK)?.text;
        assert.ok(expected !== undefined, `the case has no block \`${BLOCK}\``);
        const actual = answer(test, "\n");
        assert.equal(answer(test, "\r\n"), actual, "CRLF line breaks change the answer");
        if (process.env["UPDATE"] !== undefined && actual !== expected) update(page, expected, actual);
        else assert.equal(actual, expected);
      });
    }
  });
}

function update(page: string, before: string, after: string): void {
  const text = readFileSync(page, "utf8");
  const found = ` ${BLOCK}\n${before}\`\`\`\``;
  assert.ok(text.includes(found), "the expected block must be fenced by four backquotes");
  writeFileSync(page, text.replace(found, () => ` ${BLOCK}\n${after}\`\`\`\``));
}
