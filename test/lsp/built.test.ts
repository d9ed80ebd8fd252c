// The built server as a process, with the real analysis: what an editor starts. `npm run build` comes first.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TextDocumentEdit, TextEdit } from "vscode-languageserver/node";
import { applyEdits, createLineIndex } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfProcess, SERVER, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

function started(command?: readonly string[]): TestClient {
  const made = clientOfProcess(command);
  clients.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const PIPELINE = `build:
  image: docker:27
  script:
    - docker build -t app
`;

function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = createLineIndex(text);
  const offsets = edits.map(({ range, newText }) => ({
    start: lines.offsetAt(range.start),
    end: lines.offsetAt(range.end),
    newText,
  }));
  return applyEdits(text, offsets) ?? assert.fail("the edits overlap");
}

describe("the built language server", () => {
  for (const [what, command] of [
    ["by itself", [SERVER, "--stdio"]],
    ["as `gitlab-ci-docker lsp`", [join(SERVER, "../cli.js"), "lsp", "--stdio"]],
    ["as `gitlab-ci-docker lsp`, without naming a way", [join(SERVER, "../cli.js"), "lsp"]],
  ] as const) {
    it(`${what}: finding, fix, finding gone`, async () => {
      const root = temporaryFolder({ ".gitlab-ci.yml": PIPELINE, Dockerfile: "FROM scratch\n" });
      const uri = uriOf(root, ".gitlab-ci.yml");
      const it = started(command);
      const { serverInfo, capabilities } = await it.initialize({ folders: [root] });
      const manifest = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
        version: string;
      };
      assert.deepEqual(serverInfo, { name: "gitlab-ci-docker", version: manifest.version });
      assert.equal(capabilities.positionEncoding, "utf-16");
      await it.open(uri, PIPELINE);
      const { diagnostics } = await it.publication(uri, ({ version }) => version === 1);
      const missing = diagnostics.find(({ code }) => code === "build-context-missing");
      assert.ok(missing !== undefined, JSON.stringify(diagnostics));
      assert.equal(missing.source, "gitlab-ci-docker");
      const actions = await it.actions(uri, missing.range, { diagnostics: [missing], only: ["quickfix"] });
      const fix = actions.find(({ isPreferred }) => isPreferred === true);
      const change = fix?.edit?.documentChanges?.[0] as TextDocumentEdit;
      const text = edited(PIPELINE, change.edits as TextEdit[]);
      assert.match(text, /docker build -t app \.\n$/);
      await it.change(uri, 2, { text });
      const after = await it.publication(uri, ({ version }) => version === 2);
      assert.ok(!after.diagnostics.some(({ code }) => code === "build-context-missing"));
    });
  }

  it("suppresses by a comment where one can stand", async () => {
    const root = temporaryFolder({});
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = started();
    await it.initialize({ folders: [root] });
    const cases: readonly string[] = [
      "build:\n  script:\n    - docker build -t app\n",
      "build:\n  script: docker build -t app\n",
      "build:\n  script:\n    - |\n      set -e\n      docker build -t app\n",
      "build:\n  script:\n    - |\n      set -e\n      docker build \\\n        -t app\n",
      "build:\n  script:\n    - >\n      docker build\n      -t app\n",
      "build:\n  script:\n    - docker build\n      -t app\n",
      '.b: &b\n  script:\n    - "docker build -t app"\nbuild:\n  <<: *b\n',
    ];
    let version = 0;
    for (const text of cases) {
      await (version === 0
        ? it.open(uri, text, "yaml", (version += 1))
        : it.change(uri, (version += 1), { text }));
      const first = await it.publication(uri, (each) => each.version === version);
      const missing = first.diagnostics.find(({ code }) => code === "build-context-missing");
      assert.ok(missing !== undefined, text);
      const actions = await it.actions(uri, missing.range, { diagnostics: [missing] });
      const action = actions.find(({ title }) => title === "Suppress build-context-missing on this line");
      const change = action?.edit?.documentChanges?.[0] as TextDocumentEdit | undefined;
      assert.ok(change !== undefined, text);
      const silenced = edited(text, change.edits as TextEdit[]);
      await it.change(uri, (version += 1), { text: silenced });
      const after = await it.publication(uri, (each) => each.version === version);
      assert.ok(
        !after.diagnostics.some(
          ({ code }) => code === "build-context-missing" || code === "unused-suppression",
        ),
        silenced,
      );
      assert.ok(!after.diagnostics.some(({ code }) => code === "problem"), silenced);
    }
  });

  it("obeys the configuration file as it is typed", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": PIPELINE });
    const [uri, configuration] = [uriOf(root, ".gitlab-ci.yml"), uriOf(root, ".gitlab-ci-docker.yml")];
    const it = started();
    await it.initialize({ folders: [root] });
    await it.publication(uri, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === "build-context-missing"),
    );
    await it.open(configuration, "rules:\n  build-context-mising: off\n");
    const wrong = await it.publication(configuration, ({ diagnostics }) => diagnostics.length === 1);
    assert.match(JSON.stringify(wrong.diagnostics[0]), /did you mean `build-context-missing`/);
    assert.deepEqual(wrong.diagnostics[0]?.range.start, { line: 1, character: 2 });
    await it.change(configuration, 2, { text: "rules:\n  build-context-missing: off\n" });
    await it.publication(configuration, ({ diagnostics }) => diagnostics.length === 0);
    await it.publication(
      uri,
      ({ diagnostics }) => !diagnostics.some(({ code }) => code === "build-context-missing"),
    );
  });
});
