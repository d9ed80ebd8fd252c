// Runs the pages in test/features/symbols: `<|>` in a file is the cursor. `text definition` holds where the name at the cursor
// is defined, `text occurrences` everywhere it stands, `after "rename to X"` behind a path that file with the name renamed, and
// `text refused after "rename to X"` why it is not. `UPDATE=1` rewrites these blocks.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  applyEdits,
  createAnalysis,
  createSourceFile,
  type Analysis,
  type Place,
  type Settings,
  type SourceFile,
} from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import { readFixturePage, type FixtureCase } from "../support/fixture";

const folder = path.join(__dirname, "symbols");
const CURSOR = "<|>";
const OUTPUTS = ["definition", "occurrences"] as const;
type Output = (typeof OUTPUTS)[number];
const isOutput = (name: string): name is Output => OUTPUTS.some((each) => each === name);

interface Opened {
  readonly analysis: Analysis;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly cursor: { readonly file: string; readonly offset: number };
}

function analysisOf(texts: ReadonlyMap<string, string>, settings: Settings): Pick<Opened, "analysis" | "files"> {
  const files = new Map([...texts].map(([name, text]) => [name, createSourceFile(name, kindOf(name, text), text)]));
  const analysis = createAnalysis({ files, paths: new Set(files.keys()), settings });
  return { analysis, files };
}

function open({ files, settings }: FixtureCase): Opened {
  const written = files.filter((file) => !isOutput(file.path));
  const [held, ...others] = written.filter(({ text }) => text.includes(CURSOR));
  assert.ok(held !== undefined && others.length === 0, "one file holds the cursor");
  const texts = new Map(written.map((file) => [file.path, file.text.replace(CURSOR, "")]));
  return {
    ...analysisOf(texts, toSettings(settings ?? {})),
    cursor: { file: held.path, offset: held.text.indexOf(CURSOR) },
  };
}

/** `.gitlab-ci.yml:3:5 name`, counted from 1. */
function lineOf({ file, start, end }: Place, files: Opened["files"]): string {
  const source = files.get(file);
  const { line, character } = source?.lines.positionAt(start) ?? { line: 0, character: 0 };
  return `${file}:${String(line + 1)}:${String(character + 1)} ${source?.text.slice(start, end) ?? ""}`.trimEnd();
}

function outputOf(kind: Output, { analysis, files, cursor }: Opened): string {
  const lines =
    kind === "definition"
      ? analysis.symbols.definitions(cursor.file, cursor.offset).map((place) => lineOf(place, files))
      : analysis.symbols
          .occurrences(cursor.file, cursor.offset)
          .map(({ role, at }) => `${role} ${lineOf(at, files)}`);
  return lines.map((line) => `${line}\n`).join("");
}

/** Asks everything at a few places of a text that is cut off somewhere, as it is while somebody types. */
function askHalfTyped(texts: ReadonlyMap<string, string>, cutFile: string): void {
  const whole = texts.get(cutFile) ?? "";
  for (let cut = 1; cut < whole.length; cut += 23) {
    const { analysis } = analysisOf(new Map([...texts, [cutFile, whole.slice(0, cut)]]), toSettings({}));
    for (const offset of [0, Math.floor(cut / 2), cut - 1, cut, cut + 100]) {
      analysis.symbols.definitions(cutFile, offset);
      analysis.symbols.occurrences(cutFile, offset);
      analysis.symbols.rename(cutFile, offset, "other");
    }
  }
}

/** Files after renaming; the reason under "refused" where it is refused. */
function rename({ analysis, files, cursor }: Opened, name: string): ReadonlyMap<string, string> {
  const edits = analysis.symbols.rename(cursor.file, cursor.offset, name);
  assert.ok(edits !== undefined, "no name stands at the cursor");
  if ("refused" in edits) return new Map([["refused", `${edits.refused}\n`]]);
  return new Map(
    [...files].map(([file, { text }]) => {
      const after = applyEdits(text, edits.filter((edit) => edit.file === file));
      assert.ok(after !== undefined, "edits overlap");
      return [file, after];
    }),
  );
}

for (const page of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
  const pagePath = path.join(folder, page);
  describe(`symbols: ${page.slice(0, -3)}`, () => {
    for (const fixture of readFixturePage(pagePath).cases) {
      it(fixture.title, () => {
        const opened = open(fixture);
        const expected = fixture.files.filter((file) => isOutput(file.path));
        assert.ok(expected.length + fixture.after.length > 0, "the case expects nothing");
        for (const block of expected) {
          const actual = isOutput(block.path) ? outputOf(block.path, opened) : "";
          check(pagePath, fixture, ` ${block.path}\n`, block.text, actual);
        }
        checkRenames(pagePath, fixture, opened);
        isSymmetric(opened);
      });

      it(`${fixture.title}: half typed`, () => {
        const { files, cursor } = open(fixture);
        askHalfTyped(new Map([...files].map(([name, { text }]) => [name, text])), cursor.file);
      });
    }
  });
}

function checkRenames(pagePath: string, fixture: FixtureCase, opened: Opened): void {
  const names = new Set(fixture.after.map(({ fixTitle }) => fixTitle.replace("rename to ", "")));
  for (const name of names) {
    const after = rename(opened, name);
    const blocks = fixture.after.filter(({ fixTitle }) => fixTitle === `rename to ${name}`);
    for (const { path: file, fixTitle, text } of blocks)
      check(pagePath, fixture, ` ${file} after "${fixTitle}"\n`, text, after.get(file) ?? "");
    if (after.has("refused")) {
      assert.ok(blocks.some((block) => block.path === "refused"), after.get("refused"));
      continue;
    }
    const changed = [...after].filter(([file, text]) => text !== opened.files.get(file)?.text);
    assert.deepEqual(changed.map(([file]) => file).sort(), blocks.map((block) => block.path).sort());
    isReversible(fixture, opened, after);
  }
}

/** The name that was given stands at as many places, and the old one can be given back. */
function isReversible({ settings }: FixtureCase, before: Opened, after: ReadonlyMap<string, string>): void {
  const { file, offset } = before.cursor;
  const target = before.analysis.symbols.renameTarget(file, offset);
  assert.ok(target !== undefined && !("refused" in target));
  const text = after.get(file) ?? "";
  const isMoved = text.slice(0, target.at.start) !== before.files.get(file)?.text.slice(0, target.at.start);
  if (isMoved) return;
  const start = target.at.start + (/^["']/.test(text.slice(target.at.start)) ? 1 : 0);
  const again: Opened = { ...analysisOf(after, toSettings(settings ?? {})), cursor: { file, offset: start } };
  assert.equal(
    again.analysis.symbols.occurrences(file, start).length,
    before.analysis.symbols.occurrences(file, offset).length,
  );
  // What was left alone (a text in quotes, a comment) may stand in the way.
  if ([...after.values()].some((each) => each.includes(target.name))) return;
  for (const [name, back] of rename(again, target.name))
    assert.equal(comparable(back), comparable(before.files.get(name)?.text ?? ""), "renamed back");
}

/** Without quotes, which stay, and without case, which names of build stages lose. */
const comparable = (text: string): string => text.replace(/["']/g, "").toLowerCase();

/** Asked at any place that says its name, a name stands at the same places. */
function isSymmetric({ analysis: { symbols }, cursor, files }: Opened): void {
  const textOf = ({ file, start, end }: Place): string => files.get(file)?.text.slice(start, end).toLowerCase() ?? "";
  const places = symbols.occurrences(cursor.file, cursor.offset);
  const here = places.find(
    ({ at }) => at.file === cursor.file && at.start <= cursor.offset && cursor.offset <= at.end,
  );
  const isOurs = ({ file }: Place): boolean => files.get(file)?.kind !== "other" && !file.includes("compose");
  const same = places.filter(({ at }) => here !== undefined && isOurs(at) && textOf(at) === textOf(here.at));
  for (const { at } of same)
    assert.deepEqual(symbols.occurrences(at.file, at.start), places, `asked at ${at.file}:${String(at.start)}`);
}

function check(page: string, { title }: FixtureCase, info: string, expected: string, actual: string): void {
  if (process.env["UPDATE"] === undefined || actual === expected) {
    assert.equal(actual, expected);
    return;
  }
  const text = readFileSync(page, "utf8");
  const start = text.indexOf(`## ${title}\n`);
  const rest = text.slice(start);
  writeFileSync(page, text.slice(0, start) + rest.replace(`${info}${expected}\`\`\``, () => `${info}${actual}\`\`\``));
}
