// The loader at its borders: much text, long chains of files, changes while the root is being listed.
import { strict as assert } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SETTINGS } from "../../server/src/core/index";
import { createLoader, type Loader } from "../../server/src/host/load";
import { createNodeHost } from "../../server/src/host/node-host";
import { fakeAnalysis } from "./fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "./temporary-folder";

afterEach(removeTemporaryFolders);

function load(root: string, maxText?: number) {
  const loader = createLoader({
    host: createNodeHost(root),
    settings: DEFAULT_SETTINGS,
    ...(maxText === undefined ? {} : { maxText }),
  });
  const analysis = fakeAnalysis(loader.workspace());
  const problems = () =>
    loader.settle(analysis).problems.map(({ at, message, severity }) => `${severity} ${at.file}: ${message}`);
  return { loader, analysis, problems };
}

describe("loader: limits", () => {
  it("holds only so much text, and says what it left out", () => {
    const root = temporaryFolder({
      "a/Dockerfile": "x".repeat(60),
      "b/Dockerfile": "x".repeat(60),
      "c/Dockerfile": "x".repeat(60),
      "d/Dockerfile": "x".repeat(40),
    });
    const { loader, problems } = load(root, 100);
    const [notice = "", ...others] = problems();
    assert.deepEqual(others, []);
    assert.match(
      notice,
      /^warning [a-d]\/Dockerfile: This file and \d more were not read: the files before hold too much/,
    );
    const held = ["a", "b", "c", "d"].filter((name) => loader.file(`${name}/Dockerfile`) !== undefined);
    const rest = ["a", "b", "c", "d"].filter((name) => !held.includes(name));
    const units = held.map((name) => (name === "d" ? 40 : 60)).reduce((sum, each) => sum + each, 0);
    assert.ok(units > 0 && units <= 100, held.join());
    for (const name of held) rmSync(join(root, name), { recursive: true });
    loader.changed([...held, ...rest.slice(0, 1).map((name) => `${name}/Dockerfile`)]);
    assert.notEqual(loader.file(`${rest[0] ?? ""}/Dockerfile`), undefined, "there is room again");
  });

  it("counts a file once, however often it changes", () => {
    const root = temporaryFolder({ Dockerfile: "x".repeat(60) });
    const { loader, problems } = load(root, 100);
    assert.deepEqual(problems(), []);
    for (let time = 0; time < 3; time += 1) loader.setOverlay("Dockerfile", { text: "y".repeat(90) });
    assert.deepEqual(problems(), []);
  });

  it("says where it stopped following files that ask for each other", () => {
    const files: Record<string, string> = { ".gitlab-ci.yml": "want: f0.yml\n" };
    for (let index = 0; index < 300; index += 1) files[`f${index}.yml`] = `want: f${index + 1}.yml\n`;
    const root = temporaryFolder(files);
    const { problems } = load(root);
    assert.deepEqual(problems(), [
      "warning f255.yml: This file was not read: more than 256 files ask for each other",
    ]);
  });
});

describe("loader: changes while the root is being listed", () => {
  const beginScan = (loader: Loader): Generator<number, void> => {
    const scan = loader.scan();
    assert.equal(scan.next().done, false, "the listing takes several steps");
    return scan;
  };
  const finish = (scan: Generator<number, void>): void => {
    while (scan.next().done !== true);
  };
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`many/${index}.txt`, ""]));

  it("are not lost", () => {
    const root = temporaryFolder({ ...many, "x.gitlab-ci.yml": "BAD" });
    const { loader, analysis } = load(root);
    const scan = beginScan(loader);
    rmSync(join(root, "many/1.txt"));
    writeFileSync(join(root, "new.gitlab-ci.yml"), "BAD");
    assert.equal(loader.changed(["many/1.txt", "new.gitlab-ci.yml"]), true);
    finish(scan);
    const paths = loader.workspace().paths;
    assert.deepEqual([paths?.has("many/1.txt"), paths?.has("new.gitlab-ci.yml")], [false, true]);
    assert.equal(loader.settle(analysis).findings.length, 2);
  });

  it("matter to nobody before it began", () => {
    const { loader } = load(temporaryFolder({ a: "" }));
    assert.equal(loader.changed(["a"]), false);
  });
});
