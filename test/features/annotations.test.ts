// Code lenses and inlay hints of the examples, and of texts that break off while they are typed: they answer, and stand in their
// file. And an edit in one job of a large file works out that job's again, and no other's.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  createAnalysis,
  createSourceFile,
  DEFAULT_SETTINGS,
  type Analysis,
  type Place,
  type Workspace,
} from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { largePipeline } from "../bench/pipeline";

const EXAMPLES = path.join(__dirname, "../../examples");
/** Characters between two places where a text breaks off: a prime, so that all kinds of places come. */
const STEP = 37;

type Texts = ReadonlyMap<string, string>;

function workspaceOf(texts: Texts): Workspace {
  const files = new Map(
    [...texts].map(([name, text]) => [name, createSourceFile(name, kindOf(name, text), text)]),
  );
  return { files, paths: new Set(files.keys()), settings: DEFAULT_SETTINGS };
}

function textsBelow(folder: string): Texts {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file).split(path.sep).join("/"), readFileSync(file, "utf8")];
      }),
  );
}

/** Asks for all there is in a file, checks the places, and counts. */
function askAll(analysis: Analysis, file: string, length: number): number {
  const check = (at: Place): void => {
    assert.ok(at.file === file && 0 <= at.start && at.start < at.end && at.end <= length, JSON.stringify(at));
  };
  const lenses = analysis.lenses(file);
  const hints = analysis.inlayHints(file, 0, length);
  [...lenses, ...hints].forEach(({ at }) => check(at));
  return lenses.length + hints.length;
}

for (const example of readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  describe(`code lenses and inlay hints everywhere: ${example.name}`, () => {
    const texts = textsBelow(path.join(EXAMPLES, example.name));

    it("answer in whole files", () => {
      const analysis = createAnalysis(workspaceOf(texts));
      const counts = [...texts].map(([file, text]) => askAll(analysis, file, text.length));
      assert.ok(counts.some((count) => count > 0), "there is nothing to say in the whole example");
    });

    it("answer where the text breaks off", () => {
      const analysis = createAnalysis(workspaceOf(texts));
      for (const [file, text] of texts) {
        for (let length = 0; length < text.length; length += STEP) {
          analysis.update(workspaceOf(new Map([...texts, [file, text.slice(0, length)]])));
          askAll(analysis, file, length);
        }
      }
    });
  });
}

describe("code lenses and inlay hints of a large file", () => {
  const FILE = ".gitlab-ci.yml";
  const text = largePipeline(50);
  const analysis = createAnalysis(workspaceOf(new Map([[FILE, text]])));
  const counts = (): readonly (number | undefined)[] =>
    ["buildLensOf", "inlayHintsOf"].map((query) => analysis.computed().get(query));

  it("are worked out again for the edited job alone", () => {
    analysis.lenses(FILE);
    analysis.inlayHints(FILE, 0, text.length);
    assert.deepEqual(counts(), [50, 50]);
    const edited = text.replace("# job 20\n", "# job twenty\n");
    analysis.update(workspaceOf(new Map([[FILE, edited]])));
    analysis.lenses(FILE);
    analysis.inlayHints(FILE, 0, edited.length);
    assert.deepEqual(counts(), [51, 51]);
  });

  it("are worked out for the jobs alone that stand in the range", () => {
    const other = createAnalysis(workspaceOf(new Map([[FILE, text]])));
    const start = text.indexOf("build-20:");
    const found = other.inlayHints(FILE, start, text.indexOf("build-21:"));
    assert.ok(found.length > 0);
    assert.ok((other.computed().get("inlayHintsOf") ?? 0) <= 3);
  });
});
