// Hover and completion at every place of the examples, and at every place where a text may break off while it is typed: they
// answer, and what they speak of holds the cursor.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS, type Analysis } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";

const EXAMPLES = path.join(__dirname, "../../examples");
/** Offsets between two questions: a prime, so that all kinds of places come. */
const STEP = 7;

type Texts = ReadonlyMap<string, string>;

function textsBelow(folder: string): Texts {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file).split(path.sep).join("/"), readFileSync(file, "utf8")];
    }),
  );
}

function open(texts: Texts): Analysis {
  const files = new Map([...texts].map(([name, text]) => [name, createSourceFile(name, kindOf(name, text), text)]));
  return createAnalysis({ files, paths: new Set(files.keys()), settings: DEFAULT_SETTINGS });
}

function ask(analysis: Analysis, file: string, offset: number): number {
  const hover = analysis.hover(file, offset);
  if (hover !== undefined)
    assert.ok(hover.at.start <= offset && offset <= hover.at.end, `hover at ${file}:${offset}`);
  const { at, items } = analysis.complete(file, offset);
  assert.ok(at.start <= offset && offset <= at.end, `completion at ${file}:${offset}`);
  return items.length + (hover === undefined ? 0 : 1);
}

for (const example of readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  describe(`hover and completion everywhere: ${example.name}`, () => {
    const texts = textsBelow(path.join(EXAMPLES, example.name));

    it("answer in whole files", () => {
      const analysis = open(texts);
      let answers = 0;
      for (const [file, text] of texts)
        for (let offset = 0; offset <= text.length; offset += STEP) answers += ask(analysis, file, offset);
      assert.ok(answers > 0, "there is nothing to say in the whole example");
    });

    it("answer where the text breaks off", () => {
      for (const [file, text] of texts) {
        for (let offset = 0; offset <= text.length; offset += STEP * 5)
          ask(open(new Map([...texts, [file, text.slice(0, offset)]])), file, offset);
      }
    });
  });
}
