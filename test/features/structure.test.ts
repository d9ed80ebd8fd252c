// Runs the pages in test/features/links, outline and folding. Asked about is the first file of a case; a file with a cursor `<|>`
// wins. `text links`, `text outline`, `text folds` and `text selections` hold the answers, `text search` one for the query in its
// first line. Each case runs with LF and with CRLF line breaks, and cut off in many places. `UPDATE=1` rewrites the answers.
import { strict as assert } from "node:assert";
import path from "node:path";
import {
  createAnalysis,
  createSourceFile,
  type Analysis,
  type OutlineItem,
  type SourceFile,
} from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import { readFixturePage, type FixtureCase } from "../support/fixture";
import { expectAnswer, pagesIn } from "../support/pages";

const FOLDERS = ["links", "outline", "folding"];
const CURSOR = "<|>";

interface Opened {
  readonly analysis: Analysis;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly file: SourceFile;
  readonly offset: number;
}

type Answer = (opened: Opened, expected: string) => string;

const lines = (texts: readonly string[] | undefined): string =>
  texts === undefined ? "no answer\n" : texts.map((text) => `${text}\n`).join("");

const lineOf = (file: SourceFile, offset: number): number => file.lines.positionAt(offset).line + 1;

/** `line text -> target` */
const links: Answer = ({ analysis, file }) => {
  const found = analysis.structure.links(file.path);
  found.forEach(({ at }, index) =>
    assert.ok(index === 0 || (found[index - 1]?.at.end ?? 0) <= at.start, "links overlap"),
  );
  return lines(
    found.map(({ at, target }) => {
      const to = target.kind === "file" ? target.path : target.kind === "page" ? target.url : `rule ${target.id}`;
      return `${lineOf(file, at.start)} ${file.text.slice(at.start, at.end)} -> ${to}`;
    }),
  );
};

/** `first-last kind name: detail`, indented by depth. */
function outlineLines(file: SourceFile, items: readonly OutlineItem[], depth = 0): readonly string[] {
  items.forEach(({ at, nameAt, children }, index) => {
    assert.ok(at.start <= nameAt.start && nameAt.end <= at.end, "a name lies outside of its entry");
    assert.ok((items[index - 1]?.at.end ?? 0) <= at.start, "entries overlap");
    for (const child of children)
      assert.ok(at.start <= child.at.start && child.at.end <= at.end, "an entry lies outside of its group");
  });
  return items.flatMap(({ kind, name, detail, at, children }) => {
    const range = `${lineOf(file, at.start)}-${lineOf(file, at.end)}`;
    const own = `${"  ".repeat(depth)}${range} ${kind} ${name}${detail === undefined ? "" : `: ${detail}`}`;
    return [own, ...outlineLines(file, children, depth + 1)];
  });
}

const outline: Answer = ({ analysis, file }) => {
  const found = analysis.structure.outline(file.path);
  return lines(found && outlineLines(file, found));
};

/** `first-last kind` with the text of the first line. */
const folds: Answer = ({ analysis, file }) => {
  const found = analysis.structure.folds(file.path);
  found?.forEach((fold, index) => {
    assert.ok(fold.start < fold.end && fold.end < file.lines.lineCount, "a fold of nothing");
    for (const other of found.slice(index + 1))
      assert.ok(other.start > fold.start && (other.end <= fold.end || other.start > fold.end), "folds overlap");
  });
  return lines(
    found?.map(({ start, end, kind }) => {
      const range = `${start + 1}-${end + 1}${kind === undefined ? "" : ` ${kind}`}`;
      return `${range} ${file.lines.lineText(start)}`;
    }),
  );
};

const selections: Answer = ({ analysis, file, offset }) => {
  const found = analysis.structure.selections(file.path, offset);
  found?.forEach(({ start, end }, index) => {
    assert.ok(start <= offset && offset <= end, "a selection without the cursor");
    const before = found[index - 1];
    assert.ok(before === undefined || (start <= before.start && before.end <= end), "a selection does not grow");
  });
  return lines(found?.map(({ start, end }) => JSON.stringify(file.text.slice(start, end))));
};

const search: Answer = ({ analysis }, expected) => {
  const query = /^query: *([^\n]*)/.exec(expected)?.[1] ?? "";
  const found = analysis.structure.search(query);
  return lines([`query: ${query}`, ...found.map(({ kind, name, container }) => `${kind} ${name} in ${container}`)]);
};

const ANSWERS: Readonly<Record<string, Answer>> = { links, outline, folds, selections, search };

function open(test: FixtureCase, lineBreak: "\n" | "\r\n", cut?: number): Opened {
  const written = test.files.filter((file) => ANSWERS[file.path] === undefined);
  const asked = written.find(({ text }) => text.includes(CURSOR)) ?? written[0];
  assert.ok(asked !== undefined, "the case has no file");
  const sources = written.map(({ path: name, text }) => {
    const whole = text.replace(CURSOR, "");
    const kept = name === asked.path ? whole.slice(0, cut) : whole;
    return createSourceFile(name, kindOf(name, whole), kept.replaceAll("\n", lineBreak));
  });
  const files = new Map(sources.map((file) => [file.path, file]));
  const file = files.get(asked.path);
  assert.ok(file !== undefined);
  const settings = toSettings(test.settings ?? {});
  const analysis = createAnalysis({ files, paths: new Set(files.keys()), settings });
  return { analysis, files, file, offset: Math.max(asked.text.indexOf(CURSOR), 0) };
}

/** Between two places where a text breaks off: a prime, so that all kinds of places come. */
const STEP = 17;

for (const folder of FOLDERS) {
  for (const page of pagesIn(path.join(__dirname, folder))) {
    describe(`${folder}: ${path.basename(page, ".md")}`, () => {
      for (const test of readFixturePage(page).cases) {
        it(test.title, () => {
          const blocks = test.files.filter((file) => ANSWERS[file.path] !== undefined);
          assert.ok(blocks.length > 0, "the case expects nothing");
          for (const { path: kind, text } of blocks) {
            const ask = (lineBreak: "\n" | "\r\n"): string => ANSWERS[kind]?.(open(test, lineBreak), text) ?? "";
            expectAnswer(page, test, kind, text, ask);
          }
        });

        it(`${test.title}: half typed`, () => {
          const { length } = open(test, "\n").file.text;
          for (let cut = 1; cut < length; cut += STEP) {
            const opened = open(test, "\n", cut);
            for (const answer of [links, outline, folds, search]) answer(opened, "query: b");
            for (const offset of [0, Math.floor(cut / 2), cut]) selections({ ...opened, offset }, "");
          }
        });
      }
    });
  }
}
