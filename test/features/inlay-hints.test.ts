// Runs the pages in test/features/inlay-hints: a workspace in, where `<|>` twice marks the range that is asked about (without marks
// the whole pipeline file is); the lines with hints out, each hint in angle quotes, its tooltip below. Each case runs with LF and
// with CRLF line breaks. `UPDATE=1` rewrites the expected blocks.
import { strict as assert } from "node:assert";
import path from "node:path";
import { createAnalysis, createSourceFile } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import type { FixtureCase } from "../support/fixture";
import { describeAnswers } from "../support/pages";

const BLOCK = "inlay-hints";
const MARK = "<|>";

interface Asked {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** The file that the first block holds, or the one with marks. */
function askedIn(files: FixtureCase["files"]): Asked {
  const file = files.find(({ text }) => text.includes(MARK)) ?? files[0];
  assert.ok(file !== undefined, "the case has no file");
  const [before = "", inside, after] = file.text.split(MARK);
  if (inside === undefined) return { path: file.path, start: 0, end: before.length };
  assert.ok(after !== undefined, "a range has two marks");
  return { path: file.path, start: before.length, end: before.length + inside.length };
}

function answer(test: FixtureCase, lineBreak: "\n" | "\r\n"): string {
  const files = test.files.filter((file) => file.path !== BLOCK);
  const { path: asked, start, end } = askedIn(files);
  const sources = files.map(({ path: name, text }) => {
    const plain = text.replaceAll(MARK, "");
    return createSourceFile(name, kindOf(name, plain), plain.replaceAll("\n", lineBreak));
  });
  const analysis = createAnalysis({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings: toSettings(test.settings ?? {}),
  });
  analysis.report();
  const file = sources.find((each) => each.path === asked);
  assert.ok(file !== undefined);
  const byLine = new Map<number, { text: string; tooltips: string[] }>();
  // From the last to the first, so that the places stay right while hints are put in.
  for (const { at, label, tooltip } of [...analysis.inlayHints(asked, start, end)].reverse()) {
    assert.equal(at.file, asked);
    const { line, character } = file.lines.positionAt(at.end);
    const shown = byLine.get(line) ?? { text: file.lines.lineText(line), tooltips: [] };
    shown.text = `${shown.text.slice(0, character)}‹${label}›${shown.text.slice(character)}`;
    shown.tooltips.unshift(tooltip.replaceAll("\n\n", " | "));
    byLine.set(line, shown);
  }
  const lines = [...byLine].sort(([a], [b]) => a - b);
  if (lines.length === 0) return "nothing\n";
  return lines
    .flatMap(([line, { text, tooltips }]) => [
      `${line + 1}: ${text.trim()}`,
      ...tooltips.map((each) => `   ${each}`),
    ])
    .map((each) => `${each}\n`)
    .join("");
}

describeAnswers(path.join(__dirname, BLOCK), BLOCK, answer);
