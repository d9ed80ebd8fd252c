// Runs the pages in test/features/refactorings: `<|>` in a file is the cursor, two of them are a selection. `after "title"` behind a
// path is that file after the refactoring of that title, `text not-offered` lists titles that must not be there (`*`: none at all),
// `text new-findings` rules that speak of what was made, and rightly so. `UPDATE=1` rewrites the `after` blocks.
import { strict as assert } from "node:assert";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAnalysis, createSourceFile, type Analysis, type Report, type Settings } from "../../server/src/core/index";
import { applyToRaw } from "../../server/src/host/raw-text";
import { kindOf } from "../../server/src/host/file-kind";
import type { OfferedRefactoring } from "../../server/src/core/features/refactorings/refactoring";
import { refactorings } from "../../server/src/core/features/refactorings/index";
import { toSettings, type Files } from "../support/analyse";
import { commentsIn } from "../support/fixes";
import { readFixturePage, type AfterBlock, type FixtureCase } from "../support/fixture";

const FOLDER = path.join(__dirname, "refactorings");
const UPDATE = process.env["UPDATE"] !== undefined;
const CURSOR = "<|>";
const EXPECTED = ["not-offered", "new-findings"];

interface Opened {
  readonly files: Files;
  readonly settings: Settings;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

function open({ files, settings }: FixtureCase): Opened {
  const written = files.filter((file) => !EXPECTED.includes(file.path));
  const [held, ...others] = written.filter(({ text }) => text.includes(CURSOR));
  assert.ok(held !== undefined && others.length === 0, "one file holds the cursor");
  const start = held.text.indexOf(CURSOR);
  const rest = held.text.replace(CURSOR, "");
  const end = rest.indexOf(CURSOR);
  const texts = written.map((file) => [file.path, file.text.replaceAll(CURSOR, "")] as const);
  return {
    files: Object.fromEntries(texts),
    settings: toSettings(settings ?? {}),
    path: held.path,
    start,
    end: end === -1 ? start : end,
  };
}

function analysisOf(files: Files, settings: Settings): Analysis {
  const sources = Object.entries(files).map(([name, text]) => createSourceFile(name, kindOf(name, text), text));
  return createAnalysis({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings,
  });
}

const offersFor = ({ files, settings, path: file, start, end }: Opened): readonly OfferedRefactoring[] =>
  analysisOf(files, settings).refactorings(file, start, end);

function apply(files: Files, { edits, creates }: OfferedRefactoring): Files {
  const result: Record<string, string> = { ...files };
  for (const { file, text } of creates) {
    assert.equal(result[file], undefined, `${file} is there already`);
    result[file] = text;
  }
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const after = applyToRaw(
      result[file] ?? "",
      edits.filter((edit) => edit.file === file),
    );
    assert.ok(after !== undefined, "edits overlap");
    result[file] = after;
  }
  return result;
}

const expected = (test: FixtureCase, name: string): readonly string[] =>
  test.files
    .filter((file) => file.path === name)
    .flatMap(({ text }) => text.split("\n"))
    .filter((line) => line !== "");

const changes = new Map<string, { readonly block: AfterBlock; readonly text: string }[]>();

for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".md"))) {
  const pagePath = path.join(FOLDER, name);
  const id = name.slice(0, -3);
  const page = readFixturePage(pagePath);
  describe(`refactoring ${id}`, () => {
    it("is one of the list", () => assert.ok(refactorings.some((each) => each.id === id)));
    for (const test of page.cases) {
      it(test.title, () => {
        const opened = open(test);
        const offers = offersFor(opened).filter((offer) => offer.id === id);
        const refused = expected(test, "not-offered");
        assert.ok(test.after.length + refused.length > 0, "the case expects nothing");
        if (refused.includes("*")) assert.deepEqual(offers.map(({ title }) => title), []);
        for (const title of refused) assert.ok(!offers.some((offer) => offer.title === title), `"${title}" is offered`);
        for (const title of new Set(test.after.map(({ fixTitle }) => fixTitle))) {
          const offer = offers.find((each) => each.title === title);
          assert.ok(offer !== undefined, `"${title}" is not offered; there are: ${offers.map((each) => each.title).join(" | ")}`);
          checkOffer(pagePath, test, opened, offer);
        }
      });
    }
    after(() => {
      const changed = [...(changes.get(pagePath) ?? [])].sort((a, b) => b.block.pageLines[0] - a.block.pageLines[0]);
      const lines = [...page.lines];
      for (const { block, text } of changed)
        lines.splice(block.pageLines[0], block.pageLines[1] - block.pageLines[0], ...text.split("\n").slice(0, -1));
      if (changed.length > 0) writeFileSync(pagePath, lines.join("\n"));
    });
  });
}

function checkOffer(pagePath: string, test: FixtureCase, opened: Opened, offer: OfferedRefactoring): void {
  const made = apply(opened.files, offer);
  const blocks = test.after.filter(({ fixTitle }) => fixTitle === offer.title);
  for (const block of blocks) {
    const text = made[block.path] ?? "";
    if (text === block.text) continue;
    if (!UPDATE) assert.equal(text, block.text);
    changes.set(pagePath, [...(changes.get(pagePath) ?? []), { block, text }]);
  }
  const touched = Object.keys(made).filter((file) => made[file] !== opened.files[file]);
  assert.deepEqual(touched.sort(), blocks.map((block) => block.path).sort(), "files that change");
  const allowed = expected(test, "new-findings");
  const before = analysisOf(opened.files, opened.settings).report();
  const after = analysisOf(made, opened.settings).report();
  assert.deepEqual(after.faults, []);
  // Jobs that say the same come to say it once, with its comments.
  assert.deepEqual(missing([...new Set(commentsIn(opened.files))], commentsIn(made)), [], "loses comments");
  assert.deepEqual(missing(messagesOf(after), messagesOf(before)), [], "breaks a file");
  const isNew = missing(saidOf(after), saidOf(before)).filter((said) => !allowed.includes(said));
  assert.deepEqual(isNew, [], `new findings in\n${JSON.stringify(made, null, 1)}`);
  checkCarriageReturns(opened, offer, made);
}

const messagesOf = ({ problems }: Report): readonly string[] => problems.map(({ message }) => message);

/** The rules that speak, once for each finding that is more than a hint. */
const saidOf = ({ findings }: Report): readonly string[] =>
  findings.filter(({ severity }) => severity !== "hint").map(({ rule }) => rule);

/** What is in the first list and not, or less often, in the second. */
function missing(list: readonly string[], other: readonly string[]): readonly string[] {
  const rest = [...other];
  return list.filter((each) => {
    const at = rest.indexOf(each);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}

/** The same with CRLF line breaks. Places are those of the text with LF. */
function checkCarriageReturns(opened: Opened, offer: OfferedRefactoring, made: Files): void {
  const files = withCarriageReturns(opened.files);
  const again = offersFor({ ...opened, files }).find(({ title, id }) => title === offer.title && id === offer.id);
  assert.ok(again !== undefined, "not offered with CRLF line breaks");
  const created = new Set(offer.creates.map(({ file }) => file));
  const raw = Object.fromEntries(
    Object.entries(made).map(([file, text]) => [file, created.has(file) ? text : text.replaceAll("\n", "\r\n")]),
  );
  assert.deepEqual(apply(files, again), raw, "differs with CRLF line breaks");
}

const withCarriageReturns = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replaceAll("\n", "\r\n")]));
