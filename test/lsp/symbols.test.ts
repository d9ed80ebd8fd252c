// Names over the protocol: definition, references, highlights and renaming, in documents as they are at that moment.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import type {
  CancellationTokenSource,
  ClientCapabilities,
  DocumentHighlight,
  Location,
  PrepareRenameResult,
  TextDocumentEdit,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { CancellationTokenSource as Source } from "vscode-languageserver/node";
import { createAnalysis } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfProcess, clientOfServer, SERVER, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const PREPARING: ClientCapabilities = { textDocument: { rename: { prepareSupport: true } } };

function started(made: TestClient): TestClient {
  clients.push(made);
  return made;
}
const inThisProcess = (): TestClient => started(clientOfServer({ createAnalysis, debounce: 5 }));

const FILES = {
  ".gitlab-ci.yml":
    "include: ci/docker.yml\r\nbuild:\r\n  extends: .docker # ü 😀\r\n  script: docker build --target builder .\r\n",
  "ci/docker.yml": ".docker:\n  image: docker:29\n",
  Dockerfile: "FROM alpine AS builder\r\nFROM builder\r\n",
};

interface Asked {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}
const at = (uri: string, line: number, character: number): Asked => ({
  textDocument: { uri },
  position: { line, character },
});

/** `file:line:character`, from 0. */
const shown = (locations: readonly Location[], root: string): readonly string[] =>
  locations.map(({ uri, range: { start } }) => {
    return `${uri.replace(uriOf(root, "/"), "")}:${String(start.line)}:${String(start.character)}`;
  });

const editsOf = (edit: WorkspaceEdit | null, root: string): readonly string[] =>
  (edit?.documentChanges as TextDocumentEdit[]).flatMap(({ textDocument, edits }) =>
    edits.map((each) => {
      const { line, character } = "range" in each ? each.range.start : { line: -1, character: -1 };
      const text = "newText" in each ? each.newText : "";
      const file = textDocument.uri.replace(uriOf(root, "/"), "");
      return `${file}@${String(textDocument.version)}:${String(line)}:${String(character)} ${text}`;
    }),
  );

const failure = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

for (const [name, make] of [
  ["in this process", inThisProcess],
  ["as it is built", () => started(clientOfProcess())],
] as const) {
  describe(`language server, names: ${name}`, () => {
    before(function () {
      if (name === "as it is built" && !existsSync(SERVER)) this.skip();
    });

    it("goes from a use to the definition, and lists and marks all places, in files with CRLF", async () => {
      const root = temporaryFolder(FILES);
      const client = make();
      const { capabilities } = await client.initialize({ folders: [root], capabilities: PREPARING });
      assert.equal(capabilities.definitionProvider, true);
      assert.equal(capabilities.referencesProvider, true);
      assert.equal(capabilities.documentHighlightProvider, true);
      assert.deepEqual(capabilities.renameProvider, { prepareProvider: true });
      const uri = uriOf(root, ".gitlab-ci.yml");
      await client.open(uri, FILES[".gitlab-ci.yml"]);
      const definition: Location[] = await client.connection.sendRequest(
        "textDocument/definition",
        at(uri, 2, 14),
      );
      assert.deepEqual(shown(definition, root), ["ci/docker.yml:0:0"]);
      const find = (includeDeclaration: boolean): Promise<Location[]> =>
        client.connection.sendRequest("textDocument/references", {
          ...at(uri, 3, 34),
          context: { includeDeclaration },
        });
      assert.deepEqual(shown(await find(true), root), [
        ".gitlab-ci.yml:3:32",
        "Dockerfile:0:15",
        "Dockerfile:1:5",
      ]);
      assert.deepEqual(shown(await find(false), root), [".gitlab-ci.yml:3:32", "Dockerfile:1:5"]);
      const marked: DocumentHighlight[] = await client.connection.sendRequest(
        "textDocument/documentHighlight",
        at(uri, 2, 14),
      );
      assert.deepEqual(marked, [
        { range: { start: { line: 2, character: 11 }, end: { line: 2, character: 18 } }, kind: 2 },
      ]);
    });

    it("renames over files, with the versions of those that are open", async () => {
      const root = temporaryFolder(FILES);
      const client = make();
      await client.initialize({ folders: [root], capabilities: PREPARING });
      const uri = uriOf(root, "Dockerfile");
      await client.open(uri, FILES.Dockerfile, "dockerfile", 3);
      const prepared: PrepareRenameResult = await client.connection.sendRequest(
        "textDocument/prepareRename",
        at(uri, 0, 22),
      );
      assert.deepEqual(prepared, {
        range: { start: { line: 0, character: 15 }, end: { line: 0, character: 22 } },
        placeholder: "builder",
      });
      const rename = (newName: string): Promise<WorkspaceEdit | null> =>
        client.connection.sendRequest("textDocument/rename", { ...at(uri, 0, 22), newName });
      assert.deepEqual(editsOf(await rename("compile"), root), [
        "Dockerfile@3:0:15 compile",
        "Dockerfile@3:1:5 compile",
        ".gitlab-ci.yml@null:3:32 compile",
      ]);
      assert.match(await failure(rename("alpine")), /takes an image `alpine`/);
    });

    it("reads a Compose file before it renames a stage", async () => {
      const root = temporaryFolder({
        Dockerfile: "FROM alpine AS builder\n",
        "compose.yaml": "services:\r\n  app:\r\n    build: { context: ., target: builder }\r\n",
      });
      const client = make();
      await client.initialize({ folders: [root] });
      const uri = uriOf(root, "Dockerfile");
      await client.open(uri, "FROM alpine AS builder\n", "dockerfile");
      const renamed: WorkspaceEdit = await client.connection.sendRequest("textDocument/rename", {
        ...at(uri, 0, 16),
        newName: "compile",
      });
      assert.deepEqual(editsOf(renamed, root), [
        "Dockerfile@1:0:15 compile",
        "compose.yaml@null:2:33 compile",
      ]);
    });

    it("says why something can't be renamed, and nothing where no name stands", async () => {
      const root = temporaryFolder(FILES);
      const client = make();
      await client.initialize({ folders: [root] });
      const uri = uriOf(root, ".gitlab-ci.yml");
      await client.open(uri, "build:\n  script: echo $CI_COMMIT_SHA\n");
      const prepare = (line: number, character: number): Promise<unknown> =>
        client.connection.sendRequest("textDocument/prepareRename", at(uri, line, character));
      assert.match(await failure(prepare(1, 20)), /GitLab sets `CI_COMMIT_SHA`/);
      assert.equal(await prepare(1, 12), null);
      assert.deepEqual(client.logged, []);
    });
  });
}

describe("language server, names: in a hurry", () => {
  it("answers from the text as it is, not as it was published", async () => {
    const root = temporaryFolder(FILES);
    const client = started(clientOfServer({ createAnalysis, debounce: 10_000 }));
    await client.initialize({ folders: [root] });
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, "\nbuild:\n  extends: .x\n");
    await client.publication(uri);
    await client.change(uri, 2, { text: ".x: {}\nbuild:\n  extends: .x\n  script: [echo]\n" });
    const found: Location[] = await client.connection.sendRequest("textDocument/definition", at(uri, 2, 12));
    assert.deepEqual(shown(found, root), [".gitlab-ci.yml:0:0"]);
  });

  it("answers nothing where the text was edited behind the question, or where nobody waits", async () => {
    const root = temporaryFolder(FILES);
    const client = inThisProcess();
    // The folder is read when the settings have come: all this is sent before.
    await client.initialize({ folders: [root], settings: () => ({}) });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const text = ".x: {}\nbuild:\n  extends: .x\n  script: [echo]\n";
    void client.open(uri, text);
    const asked = client.connection.sendRequest<Location[]>("textDocument/definition", at(uri, 2, 12));
    void client.change(uri, 2, { text: `\n${text}` });
    assert.deepEqual(await asked, []);
    assert.equal(
      (await client.connection.sendRequest<Location[]>("textDocument/definition", at(uri, 3, 12))).length,
      1,
    );
    const source: CancellationTokenSource = new Source();
    const highlights = client.connection.sendRequest<DocumentHighlight[] | null>(
      "textDocument/documentHighlight",
      at(uri, 3, 12),
      source.token,
    );
    source.cancel();
    const answer = await highlights.catch(() => []);
    assert.deepEqual(answer, []);
  });

  it("answers nothing and lives on where the analysis fails, and says so in the log", async () => {
    const root = temporaryFolder(FILES);
    const client = started(
      clientOfServer({
        createAnalysis: (workspace) => {
          const analysis = createAnalysis(workspace);
          const definitions = (): never => {
            throw new Error("broken on purpose");
          };
          return { ...analysis, symbols: { ...analysis.symbols, definitions } };
        },
        debounce: 5,
      }),
    );
    await client.initialize({ folders: [root] });
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, FILES[".gitlab-ci.yml"]);
    assert.deepEqual(await client.connection.sendRequest("textDocument/definition", at(uri, 2, 14)), []);
    await client.until(() => client.logged.some((message) => message.includes("broken on purpose")));
    const context = { includeDeclaration: true };
    const found: Location[] = await client.connection.sendRequest("textDocument/references", {
      ...at(uri, 2, 14),
      context,
    });
    assert.equal(found.length, 2);
  });
});
