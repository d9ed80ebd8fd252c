// Runs the pages in test/features/hover and test/features/completion: a workspace with a cursor `<|>` in; what the editor is
// told there out. Each case runs with LF and with CRLF line breaks. `UPDATE=1` rewrites the expected blocks.
import { strict as assert } from "node:assert";
import path from "node:path";
import { createAnalysis, createSourceFile, type Analysis } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import { takeCursor, type Cursor } from "../support/cursor";
import type { FixtureCase } from "../support/fixture";
import { describeAnswers } from "../support/pages";

type Answer = (analysis: Analysis, cursor: Cursor, text: string) => string;

/** The text that the hover speaks of in the first line, then the hover. */
const hover: Answer = (analysis, { path: file, offset }, text) => {
  const found = analysis.hover(file, offset);
  if (found === undefined) return "nothing\n";
  assert.ok(found.at.start <= offset && offset <= found.at.end, "the hover's range does not hold the cursor");
  return `at: ${JSON.stringify(text.slice(found.at.start, found.at.end))}\n\n${found.text}\n`;
};

const MOST = 12;

/** What is replaced in the first line; then a line for each item: label, kind, detail, what is inserted where that differs. */
const completion: Answer = (analysis, { path: file, offset }, text) => {
  const { items, at } = analysis.complete(file, offset);
  if (items.length === 0) return "nothing\n";
  assert.ok(at.start <= offset && at.end >= offset, "the range does not hold the cursor");
  const lines = items.slice(0, MOST).map(({ label, kind, detail, insert }) => {
    const inserted = insert === undefined || insert === label ? "" : ` -> ${JSON.stringify(insert)}`;
    return `${label}  ${kind}${detail === undefined ? "" : `: ${detail}`}${inserted}\n`;
  });
  const left = items.length - lines.length;
  return `for: ${JSON.stringify(text.slice(at.start, at.end))}\n${lines.join("")}${left > 0 ? `… more\n` : ""}`;
};

const ANSWERS: Readonly<Record<string, Answer>> = { hover, completion };

function answer(kind: string, test: FixtureCase, lineBreak: "\n" | "\r\n"): string {
  const files = test.files.filter((file) => file.path !== kind);
  const { texts, cursor } = takeCursor(files);
  const sources = Object.entries(texts).map(([name, text]) =>
    createSourceFile(name, kindOf(name, text), text.replaceAll("\n", lineBreak)),
  );
  const analysis = createAnalysis({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings: toSettings(test.settings ?? {}),
  });
  analysis.report();
  return ANSWERS[kind]?.(analysis, cursor, texts[cursor.path] ?? "") ?? "";
}

for (const kind of Object.keys(ANSWERS))
  describeAnswers(path.join(__dirname, kind), kind, (test, lineBreak) => answer(kind, test, lineBreak));
