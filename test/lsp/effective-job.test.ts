// Effective jobs over the protocol: the code lens, which only a client that knows its command is offered, and our own requests.
import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { CodeLens, InitializeResult, Location, Range } from "vscode-languageserver/node";
import { createAnalysis } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

interface Opened {
  readonly client: TestClient;
  readonly result: InitializeResult;
}

async function open(
  root: string,
  experimental: unknown = { gitlabCiDocker: { effectiveJob: true } },
): Promise<Opened> {
  const client = clientOfServer({ createAnalysis, debounce: 5 });
  clients.push(client);
  const result = await client.initialize({ folders: [root], capabilities: { experimental } });
  return { client, result };
}

const FILES = {
  ".gitlab-ci.yml": "include: ci/docker.yml\nbuild:\n  extends: .docker\n  script: [echo]\n",
  "ci/docker.yml": ".docker:\n  image: docker:29\nlint:\n  script: echo ü 😀\n",
  "notes.yml": "build: { script: [echo] }\n",
};

interface Effective {
  readonly text: string;
  readonly links: readonly { readonly range: Range; readonly target: Location }[];
}

const effective = ({ client }: Opened, uri: string, name: string): Promise<Effective | null> =>
  client.connection.sendRequest("gitlabCiDocker/effectiveJob", { uri, root: ".gitlab-ci.yml", name });

/** What each link says, and where it leads: file, line and character from 0. */
function linksOf({ text, links }: Effective, root: string): readonly string[] {
  const lines = text.split("\n");
  return links.map(({ range: { start, end }, target }) => {
    const said = lines[start.line]?.slice(start.character, end.character);
    const { line, character } = target.range.start;
    return `${said} -> ${target.uri.replace(uriOf(root, "/"), "")}:${line}:${character}`;
  });
}

/** Editors ask about open documents. */
async function lenses({ client }: Opened, root: string, path: keyof typeof FILES): Promise<CodeLens[]> {
  const uri = uriOf(root, path);
  await client.open(uri, FILES[path]);
  return client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri } });
}

describe("language server: effective jobs", () => {
  it("offers a lens above each visible job that a file writes", async () => {
    const root = temporaryFolder(FILES);
    const opened = await open(root);
    assert.ok(opened.result.capabilities.codeLensProvider);
    const uri = uriOf(root, "ci/docker.yml");
    assert.deepEqual(await lenses(opened, root, "ci/docker.yml"), [
      {
        range: { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } },
        command: {
          title: "Effective job",
          command: "gitlabCiDocker.showEffectiveJob",
          arguments: [{ uri, root: ".gitlab-ci.yml", name: "lint" }],
        },
      },
    ]);
    assert.deepEqual(await lenses(opened, root, "notes.yml"), []);
  });

  it("offers none to a client that doesn't know the command", async () => {
    const { result } = await open(temporaryFolder(FILES), null);
    assert.equal(result.capabilities.codeLensProvider, undefined);
  });

  it("shows a job, with a link for each place", async () => {
    const root = temporaryFolder(FILES);
    const opened = await open(root);
    const answer = await effective(opened, uriOf(root, ".gitlab-ci.yml"), "build");
    assert.ok(answer !== null);
    assert.match(answer.text, /^ {2}image: docker:29 +# ci\/docker\.yml:2 via extends \.docker$/m);
    assert.deepEqual(linksOf(answer, root), [
      ".gitlab-ci.yml:2 -> .gitlab-ci.yml:1:0",
      "ci/docker.yml:2 -> ci/docker.yml:1:9",
      "extends .docker -> .gitlab-ci.yml:2:11",
      ".gitlab-ci.yml:4 -> .gitlab-ci.yml:3:11",
    ]);
  });

  it("counts in the units of the client", async () => {
    const root = temporaryFolder(FILES);
    const client = clientOfServer({ createAnalysis, debounce: 5 });
    clients.push(client);
    const result = await client.initialize({
      folders: [root],
      capabilities: { general: { positionEncodings: ["utf-8"] } },
    });
    assert.equal(result.capabilities.positionEncoding, "utf-8");
    const answer = await effective({ client, result }, uriOf(root, "ci/docker.yml"), "lint");
    const script = answer?.text.split("\n")[3] ?? "";
    assert.match(script, /ü 😀 +# ci/);
    const link = answer?.links.find(({ range }) => range.start.line === 3)?.range.start.character;
    assert.equal(link, Buffer.byteLength(script.slice(0, script.indexOf("ci/docker.yml"))));
  });

  it("shows what is being typed", async () => {
    const root = temporaryFolder(FILES);
    const opened = await open(root);
    const uri = uriOf(root, "ci/docker.yml");
    await opened.client.open(uri, FILES["ci/docker.yml"]);
    await opened.client.change(uri, 2, { text: ".docker:\n  image: docker:30\n" });
    const answer = await effective(opened, uri, "build");
    assert.match(answer?.text ?? "", /image: docker:30/);
    assert.equal(await effective(opened, uri, "lint"), null);
  });

  it("lists the jobs around a file, and says where it writes them", async () => {
    const root = temporaryFolder(FILES);
    const { client } = await open(root);
    const jobs = (path: string): Promise<unknown> =>
      client.connection.sendRequest("gitlabCiDocker/jobs", { uri: uriOf(join(root, path)) });
    assert.deepEqual(await jobs("ci/docker.yml"), [
      {
        root: ".gitlab-ci.yml",
        name: ".docker",
        isHidden: true,
        range: { start: { line: 0, character: 0 }, end: { line: 1, character: 18 } },
      },
      {
        root: ".gitlab-ci.yml",
        name: "lint",
        isHidden: false,
        range: { start: { line: 2, character: 0 }, end: { line: 3, character: 19 } },
      },
      { root: ".gitlab-ci.yml", name: "build", isHidden: false, range: null },
    ]);
    assert.deepEqual(await jobs("notes.yml"), []);
  });
});
