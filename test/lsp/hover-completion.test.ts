// Hover and completion over the protocol, against the built server: positions, line breaks, edits of this moment, errors of ours.
import { strict as assert } from "node:assert";
import type { CompletionItem, Hover, InitializeResult, MarkupContent } from "vscode-languageserver/node";
import { createAnalysis } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfProcess, clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

interface Started {
  readonly client: TestClient;
  readonly result: InitializeResult;
}

async function start(client: TestClient, root: string): Promise<Started> {
  clients.push(client);
  return { client, result: await client.initialize({ folders: [root] }) };
}

const PIPELINE = `# ü 😀
build:
  image: docker:29-cli
  services: [docker:29-dind]
  script:
    - echo "😀" && docker build --target production -t app:$CI_COMMIT_REF_NAME .
`;
const FILES = { ".gitlab-ci.yml": PIPELINE, Dockerfile: "FROM alpine:3.22 AS production\n" };

const at = (text: string, mark: string) => {
  const before = text.slice(0, text.indexOf(mark)).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
};

const hoverAt = (
  client: TestClient,
  uri: string,
  position: { line: number; character: number },
): Promise<Hover | null> =>
  client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });

const complete = (
  client: TestClient,
  uri: string,
  position: { line: number; character: number },
): Promise<CompletionItem[]> =>
  client.connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });

const markdown = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? "";

describe("language server: hover and completion of the built server", () => {
  it("says what a build will do, at the words of the command", async () => {
    const root = temporaryFolder(FILES);
    const { client, result } = await start(clientOfProcess(), root);
    assert.equal(result.capabilities.hoverProvider, true);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, PIPELINE);
    const hover = await hoverAt(client, uri, at(PIPELINE, "build --target"));
    assert.match(
      markdown(hover),
      /Builds an image[^]*`production`, stage 1 of 1[^]*feature\/login`: `app:feature\/login` — \*\*not valid\*\*/,
    );
    const start_ = at(PIPELINE, "docker build");
    assert.deepEqual(hover?.range, { start: start_, end: { ...start_, character: start_.character + 12 } });
    assert.equal(await hoverAt(client, uri, { line: 0, character: 3 }), null);
  });

  it("counts lines and characters alike with CRLF", async () => {
    const root = temporaryFolder(FILES);
    const { client } = await start(clientOfProcess(), root);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, PIPELINE.replaceAll("\n", "\r\n"));
    const position = at(PIPELINE, "production");
    const hover = await hoverAt(client, uri, position);
    assert.match(markdown(hover), /--target[^]*stage 1 of 1/);
    assert.deepEqual(hover?.range?.start, at(PIPELINE, "--target"));
    const items = await complete(client, uri, position);
    assert.deepEqual(
      items.map(({ label, textEdit }) => ({ label, textEdit })),
      [
        {
          label: "production",
          textEdit: { range: { start: position, end: position }, newText: "production" },
        },
      ],
    );
  });

  it("completes what was typed a moment ago, before any diagnostics of it", async () => {
    const root = temporaryFolder(FILES);
    const { client } = await start(clientOfProcess(), root);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, PIPELINE);
    const line = PIPELINE.split("\n").length - 1;
    const typed = "test:\n  needs: [bu";
    await client.change(uri, 2, {
      range: { start: { line, character: 0 }, end: { line, character: 0 } },
      text: typed,
    });
    const items = await complete(client, uri, { line: line + 1, character: 12 });
    assert.deepEqual(
      items.map(({ label, detail }) => ({ label, detail })),
      [{ label: "build", detail: "stage test" }],
    );
  });

  it("offers ready-made configurations beside it, where one can begin", async () => {
    const root = temporaryFolder(FILES);
    const { client } = await start(clientOfProcess(), root);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, `${PIPELINE}gl`);
    const items = await complete(client, uri, { line: 6, character: 2 });
    assert.ok(items.some(({ label }) => label === "glci-dind"));
  });

  it("puts the cursor between the quotes of a setting", async () => {
    const text = "[[runners]]\n  exec\n";
    const root = temporaryFolder({ "config.toml": text });
    const { client } = await start(clientOfProcess(), root);
    const uri = uriOf(root, "config.toml");
    await client.open(uri, text, "toml");
    const item = (await complete(client, uri, { line: 1, character: 6 })).find(
      ({ label }) => label === "executor",
    );
    assert.deepEqual([item?.textEdit?.newText, item?.insertTextFormat], ['executor = "$0"', 2]);
  });

  it("has nothing to say in documents that are not ours", async () => {
    const root = temporaryFolder({ ...FILES, "notes.yml": "build:\n  image: docker:29\n" });
    const { client } = await start(clientOfProcess(), root);
    const uri = uriOf(root, "notes.yml");
    await client.open(uri, "build:\n  image: docker:29\n");
    assert.equal(await hoverAt(client, uri, { line: 1, character: 12 }), null);
    assert.deepEqual(await complete(client, uri, { line: 1, character: 9 }), []);
  });
});

describe("language server: hover and completion that fail", () => {
  it("answer empty, log the error, and the server goes on", async () => {
    const root = temporaryFolder(FILES);
    let isBroken = true;
    const client = clientOfServer({
      debounce: 5,
      createAnalysis: (workspace) => {
        const analysis = createAnalysis(workspace);
        return {
          ...analysis,
          hover: (file, offset) => {
            if (isBroken) throw new Error("hover broke");
            return analysis.hover(file, offset);
          },
          complete: () => {
            throw new Error("completion broke");
          },
        };
      },
    });
    await start(client, root);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, PIPELINE);
    const position = at(PIPELINE, "build --target");
    assert.equal(await hoverAt(client, uri, position), null);
    assert.deepEqual(await complete(client, uri, position), []);
    await client.until(() => client.logged.some((line) => line.includes("completion broke")));
    assert.ok(client.logged.some((line) => line.includes("hover broke")));
    isBroken = false;
    assert.match(markdown(await hoverAt(client, uri, position)), /Builds an image/);
  });
});
