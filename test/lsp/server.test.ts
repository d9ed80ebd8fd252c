// The language server in this process, with an analysis that the test itself feeds.
import { strict as assert } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeAction, TextDocumentEdit } from "vscode-languageserver/node";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type ClientOptions, type TestClient } from "./client";

const clients: TestClient[] = [];

async function client(options: ClientOptions = {}, debounce = 5): Promise<TestClient> {
  const made = clientOfServer({ createAnalysis: fakeAnalysis, debounce });
  clients.push(made);
  await made.initialize(options);
  return made;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const at = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });
const rules = (diagnostics: readonly { code?: unknown }[]) => diagnostics.map(({ code }) => code);

/** The edits of the first document of an action. */
function editsOf(action: CodeAction | undefined): TextDocumentEdit {
  const change = action?.edit?.documentChanges?.[0];
  assert.ok(change !== undefined && "textDocument" in change);
  return change;
}

describe("language server: diagnostics", () => {
  it("publishes files of the folder before any is opened", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "want: ci/a.yml\n", "ci/a.yml": "\n  BAD" });
    const { diagnostics, version } = await (
      await client({ folders: [root] })
    ).publication(uriOf(root, "ci/a.yml"));
    assert.equal(version, undefined);
    const [diagnostic] = diagnostics;
    assert.deepEqual(diagnostic, {
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } },
      severity: 1,
      source: "gitlab-ci-docker",
      code: "build-context-missing",
      message: "BAD is written here",
      data: { fingerprint: "ci/a.yml-BAD-0" },
      relatedInformation: [
        {
          location: {
            uri: uriOf(root, "ci/a.yml"),
            range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } },
          },
          message: "begins here",
        },
      ],
    });
  });

  it("sends related places only to clients that show them", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const capabilities = { textDocument: { publishDiagnostics: {} } };
    const { diagnostics } = await (
      await client({ folders: [root], capabilities })
    ).publication(uriOf(root, ".gitlab-ci.yml"));
    assert.ok(!("relatedInformation" in (diagnostics[0] ?? {})));
  });

  it("looks at the open text, not the one on disk, and says for which version", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({ folders: [root] });
    await it.open(uri, "UGLY\r\nBAD\r\n", "yaml", 7);
    const first = await it.publication(uri, ({ version }) => version === 7);
    assert.deepEqual(rules(first.diagnostics), ["tag-unsafe-ref", "build-context-missing"]);
    assert.deepEqual(first.diagnostics[1]?.range.start, { line: 1, character: 0 });
    await it.change(uri, 8, {
      range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } },
      text: "",
    });
    assert.deepEqual(rules((await it.publication(uri, ({ version }) => version === 8)).diagnostics), [
      "build-context-missing",
    ]);
    await it.change(uri, 9, { text: "fine" });
    assert.deepEqual((await it.publication(uri, ({ version }) => version === 9)).diagnostics, []);
    await it.close(uri);
    await it.publication(
      uri,
      ({ version, diagnostics }) => version === undefined && diagnostics.length === 1,
    );
  });

  it("waits for the end of typing, and never publishes a version that is past", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "fine" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({ folders: [root] }, 40);
    await it.open(uri, "");
    await it.publication(uri, ({ version }) => version === 1);
    for (const [index, character] of ["x", " ", "B", "A", "D"].entries()) {
      await it.change(uri, index + 2, { range: at(0, index), text: character });
    }
    const last = await it.publication(uri, ({ version }) => version === 6);
    assert.deepEqual(last.diagnostics[0]?.range, {
      start: { line: 0, character: 2 },
      end: { line: 0, character: 5 },
    });
    assert.deepEqual(
      it.published.map(({ version }) => version),
      [1, 6],
    );
  });

  it("publishes an edited file even if its diagnostics are the same, and no other", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD\n", Dockerfile: "BAD" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({ folders: [root] });
    await it.open(uri, "BAD\n");
    await it.publication(uri, ({ version }) => version === 1);
    await it.publication(uriOf(root, "Dockerfile"));
    const before = it.published.length;
    await it.change(uri, 2, { range: at(1, 0), text: "x" });
    await it.publication(uri, ({ version }) => version === 2);
    assert.equal(it.published.length, before + 1);
  });

  it("shows what could not be read as a problem", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "\nBROKEN", Dockerfile: Buffer.from([0]) });
    const it = await client({ folders: [root] });
    const [broken] = (await it.publication(uriOf(root, ".gitlab-ci.yml"))).diagnostics;
    assert.deepEqual([broken?.code, broken?.severity, broken?.range.start.line], ["problem", 1, 1]);
    const [skipped] = (await it.publication(uriOf(root, "Dockerfile"))).diagnostics;
    assert.deepEqual([skipped?.code, skipped?.severity], ["problem", 2]);
  });

  for (const [encoding, character] of [
    ["utf-8", 9],
    ["utf-16", 6],
    ["utf-32", 5],
  ] as const) {
    it(`counts in ${encoding} where the client wants that`, async () => {
      const root = temporaryFolder({ ".gitlab-ci.yml": "" });
      const uri = uriOf(root, ".gitlab-ci.yml");
      const made = clientOfServer({ createAnalysis: fakeAnalysis, debounce: 1 });
      clients.push(made);
      const result = await made.initialize({
        folders: [root],
        capabilities: { general: { positionEncodings: [encoding] } },
      });
      assert.equal(result.capabilities.positionEncoding, encoding);
      await made.open(uri, "é: 😀 \n");
      // The place behind the blank, where the three encodings differ, and an edit at it.
      await made.change(uri, 2, { range: at(0, character), text: "BAD" });
      const { diagnostics } = await made.publication(uri, ({ version }) => version === 2);
      assert.deepEqual(diagnostics[0]?.range, {
        start: { line: 0, character },
        end: { line: 0, character: character + 3 },
      });
    });
  }
});

describe("language server: the world around", () => {
  it("follows files on disk", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "want: a.yml\n" });
    const uri = uriOf(root, "a.yml");
    const it = await client({ folders: [root] });
    await it.until(() => it.registered.includes("workspace/didChangeWatchedFiles"));
    await it.open(uriOf(root, ".gitlab-ci.yml"), "want: a.yml\n");
    await it.publication(uriOf(root, ".gitlab-ci.yml"));
    const say = (type: number) =>
      it.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type }] });
    writeFileSync(join(root, "a.yml"), "BAD");
    await say(1);
    await it.publication(uri, ({ diagnostics }) => diagnostics.length === 1);
    rmSync(join(root, "a.yml"));
    await say(3);
    await it.publication(uri, ({ diagnostics }) => diagnostics.length === 0);
  });

  it("keeps folders apart, also one inside of the other", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD", "inner/.gitlab-ci.yml": "UGLY" });
    const other = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const settings = (scope: string | undefined) =>
      scope === uriOf(other) ? { rules: { "build-context-missing": "off" } } : {};
    const it = await client({ folders: [root, other, join(root, "inner")], settings });
    const inner = uriOf(root, "inner/.gitlab-ci.yml");
    await it.publication(uriOf(root, ".gitlab-ci.yml"));
    await it.open(inner, "UGLY UGLY");
    await it.publication(inner, ({ version, diagnostics }) => version === 1 && diagnostics.length === 2);
    assert.deepEqual(it.shownFor(uriOf(other, ".gitlab-ci.yml")), []);
  });

  it("takes folders in and out", async () => {
    const one = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const two = temporaryFolder({ ".gitlab-ci.yml": "UGLY" });
    const it = await client({ folders: [one] });
    const [first, second] = [uriOf(one, ".gitlab-ci.yml"), uriOf(two, ".gitlab-ci.yml")];
    await it.publication(first);
    await it.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [{ uri: uriOf(two), name: "two" }], removed: [{ uri: uriOf(one), name: "one" }] },
    });
    await it.publication(first, ({ diagnostics }) => diagnostics.length === 0);
    await it.publication(second, ({ diagnostics }) => diagnostics.length === 1);
  });

  it("asks for settings again when they change, and complains about wrong ones", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD UGLY" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    let rulesSetting: Record<string, string> = { "tag-unsafe-ref": "off" };
    const it = await client({
      folders: [root],
      settings: () => ({ rules: rulesSetting, trace: { server: "off" }, dockerVersion: "" }),
    });
    assert.deepEqual(rules((await it.publication(uri)).diagnostics), ["build-context-missing"]);
    rulesSetting = { "build-context-missing": "off", "tag-unsafe-rev": "off" };
    await it.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await it.publication(uri, ({ diagnostics }) => rules(diagnostics).join() === "tag-unsafe-ref");
    await it.until(() =>
      it.shown.some((message) => /tag-unsafe-rev.*did you mean `tag-unsafe-ref`/.test(message)),
    );
    assert.equal(it.shown.length, 1);
  });

  it("takes settings from clients that can't be asked", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD UGLY" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({
      folders: [root],
      initializationOptions: { rules: { "tag-unsafe-ref": "off" } },
    });
    assert.deepEqual(rules((await it.publication(uri)).diagnostics), ["build-context-missing"]);
    const settings = { gitlabCiDocker: { rules: { "build-context-missing": "off" } } };
    await it.connection.sendNotification("workspace/didChangeConfiguration", { settings });
    await it.publication(uri, ({ diagnostics }) => rules(diagnostics).join() === "tag-unsafe-ref");
  });

  it("checks documents that lie in no folder, and new ones that have no name yet", async () => {
    const it = await client();
    await it.open("untitled:Untitled-1", "FROM a\n# BAD", "dockerfile");
    await it.open("untitled:Untitled-2", "build:\n  script: BAD\n", "yaml");
    await it.open("untitled:Untitled-3", "key: BAD\n", "yaml");
    await it.open("file:///somewhere/else/ci/Dockerfile", "BAD", "dockerfile");
    await it.open("vscode-vfs://github/a/b/.gitlab-ci.yml", "x:\n  script: UGLY", "yaml");
    for (const uri of [
      "untitled:Untitled-1",
      "untitled:Untitled-2",
      "file:///somewhere/else/ci/Dockerfile",
      "vscode-vfs://github/a/b/.gitlab-ci.yml",
    ]) {
      assert.equal((await it.publication(uri)).diagnostics.length, 1, uri);
    }
    assert.ok(!it.published.some(({ uri }) => uri === "untitled:Untitled-3"));
    await it.close("untitled:Untitled-1");
    await it.publication("untitled:Untitled-1", ({ diagnostics }) => diagnostics.length === 0);
  });

  it("goes on after a crash of the analysis, and after messages that make no sense", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({ folders: [root] });
    await it.publication(uri);
    await it.open(uri, "CRASH");
    await it.until(() => it.logged.some((message) => message.includes("the analysis crashed")));
    assert.equal(it.shownFor(uri).length, 1);
    assert.deepEqual(await it.actions(uri, at(0, 0)), []);
    await it.change("file:///never/opened.yml", 3, { text: "x" });
    await it.close("file:///never/opened.yml");
    await it.change(uri, 2, {
      range: { start: { line: 99, character: 99 }, end: { line: 1, character: 0 } },
      text: "",
    });
    assert.deepEqual(await it.actions("not a uri", at(0, 0)), []);
    await it.change(uri, 3, { text: "UGLY" });
    await it.publication(uri, ({ version, diagnostics }) => version === 3 && diagnostics.length === 1);
  });

  it("logs a fault inside a rule once, and shows everything else", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "FAULT BAD" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({ folders: [root] });
    assert.equal((await it.publication(uri)).diagnostics.length, 1);
    await it.open(uri, "FAULT BAD BAD");
    await it.publication(uri, ({ diagnostics }) => diagnostics.length === 2);
    assert.equal(it.logged.filter((message) => message.includes("tag-unsafe-ref failed")).length, 1);
  });
});

describe("language server: code actions", () => {
  async function opened(text: string, options: ClientOptions = {}) {
    const root = temporaryFolder({ ".gitlab-ci.yml": "" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const it = await client({ folders: [root], ...options });
    await it.open(uri, text);
    const { diagnostics } = await it.publication(uri, ({ version }) => version === 1);
    return { it, uri, diagnostics };
  }

  it("offer the fix of the finding at the cursor, the safe one preferred, with its diagnostic", async () => {
    const { it, uri, diagnostics } = await opened("a: BAD\nb: UGLY\n");
    const [fix, ...others] = await it.actions(uri, at(0, 4), { diagnostics: [...diagnostics] });
    assert.deepEqual([fix?.title, fix?.kind, fix?.isPreferred], ["Write good\nbetter", "quickfix", true]);
    assert.deepEqual(fix?.diagnostics, [diagnostics[0]]);
    const edit = editsOf(fix);
    assert.deepEqual(edit.textDocument, { uri, version: 1 });
    assert.deepEqual(edit.edits, [{ range: diagnostics[0]?.range, newText: "good\nbetter" }]);
    assert.deepEqual(
      others.map(({ title }) => title),
      ["Suppress build-context-missing on this line", "Suppress build-context-missing in this file"],
    );
    const [ugly] = await it.actions(uri, at(1, 3), { diagnostics: [...diagnostics] });
    assert.deepEqual([ugly?.title, ugly?.isPreferred], ["Write pretty", undefined]);
    assert.deepEqual(await it.actions(uri, at(0, 0)), []);
  });

  it("know the edit of this moment, before it was published", async () => {
    const { it, uri } = await opened("a: BAD\n", {});
    await it.change(uri, 2, { range: at(0, 0), text: "\n" });
    const [fix] = await it.actions(uri, at(1, 4));
    assert.equal(editsOf(fix).textDocument.version, 2);
  });

  it("fix all that is safe when asked for", async () => {
    const { it, uri } = await opened("a: BAD\nb: UGLY\nc: BAD\n");
    for (const only of [["source.fixAll.gitlabCiDocker"], ["source.fixAll"], ["source"]]) {
      const [all, ...none] = await it.actions(uri, at(0, 0), { only });
      assert.deepEqual([all?.kind, none.length], ["source.fixAll.gitlabCiDocker", 0]);
      assert.equal(editsOf(all).edits.length, 2);
    }
    assert.deepEqual(await it.actions(uri, at(0, 4), { only: ["refactor"] }), []);
    assert.deepEqual(await it.actions(uri, at(0, 4), { only: ["source.fixAll.other"] }), []);
  });

  it("use plain changes for clients that know no others", async () => {
    const { it, uri } = await opened("a: BAD\n", { capabilities: { workspace: { workspaceEdit: {} } } });
    const [fix] = await it.actions(uri, at(0, 4));
    assert.deepEqual(Object.keys(fix?.edit?.changes ?? {}), [uri]);
  });
});
