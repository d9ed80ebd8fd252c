// Runs the cases of pages whose expected answer is a block of its own.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readFixturePage, type FixtureCase } from "./fixture";

export type LineBreak = "\n" | "\r\n";

/** The pages of a folder. */
export const pagesIn = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => (name.endsWith(".md") ? [path.join(folder, name)] : []));

/**
 * One test for each case of each page in a folder: `answer` is asked with LF and with CRLF line breaks, and has to give what the
 * case's block of that name holds. `UPDATE=1` rewrites the block.
 */
export function describeAnswers(
  folder: string,
  block: string,
  answer: (test: FixtureCase, lineBreak: LineBreak) => string,
): void {
  for (const page of pagesIn(folder)) {
    describe(`${block}: ${path.basename(page, ".md")}`, () => {
      for (const test of readFixturePage(page).cases) {
        it(test.title, () => {
          const expected = test.files.find((file) => file.path === block)?.text;
          assert.ok(expected !== undefined, `the case has no block \`${block}\``);
          expectAnswer(page, test, block, expected, (lineBreak) => answer(test, lineBreak));
        });
      }
    });
  }
}

/** Compares an answer with the block that expects it, or rewrites the block. */
export function expectAnswer(
  page: string,
  test: FixtureCase,
  block: string,
  expected: string,
  answer: (lineBreak: LineBreak) => string,
): void {
  const actual = answer("\n");
  assert.equal(answer("\r\n"), actual, "CRLF line breaks change the answer");
  if (process.env["UPDATE"] !== undefined && actual !== expected) update(page, test, block, expected, actual);
  else assert.equal(actual, expected);
}

/** The fence stays as it is, of however many backquotes. */
function update(page: string, { title }: FixtureCase, block: string, before: string, after: string): void {
  const text = readFileSync(page, "utf8");
  const start = text.indexOf(`## ${title}\n`);
  const rest = text.slice(start);
  const found = ` ${block}\n${before}\`\`\``;
  assert.ok(rest.includes(found), "the answer has a block of its own");
  writeFileSync(page, text.slice(0, start) + rest.replace(found, () => ` ${block}\n${after}\`\`\``));
}
