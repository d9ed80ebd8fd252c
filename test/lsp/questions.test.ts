// Questions right behind an edit: answered from the text as it stands now, without waiting for the report, which comes later.
import { strict as assert } from "node:assert";
import type { Hover, MarkupContent } from "vscode-languageserver/node";
import { createAnalysis } from "../../server/src/core/index";
import { pauseAfter } from "../../server/src/lsp/pause";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const PIPELINE = `build:
  image: docker:29.6.2-cli
  variables:
    NAME: first
  script: docker build -t "$NAME" .
`;

describe("language server: questions right behind an edit", () => {
  it("wait for no report, and know the edit and the files that it asks for", async () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": PIPELINE,
      Dockerfile: "FROM scratch\n",
      "more.yml": "variables:\n  OTHER: there\n",
    });
    let reports = 0;
    const client = clientOfServer({
      createAnalysis: (workspace) => {
        const analysis = createAnalysis(workspace);
        return {
          ...analysis,
          report: () => {
            reports += 1;
            return analysis.report();
          },
        };
      },
      debounce: 10_000,
    });
    clients.push(client);
    await client.initialize({ folders: [root] });
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, PIPELINE);
    await client.publication(uri, ({ version }) => version === 1);
    const before = reports;
    await client.change(uri, 2, {
      text: `include: more.yml\n${PIPELINE.replace("first", "second").replace('"$NAME"', '"$NAME" --label "$OTHER"')}`,
    });
    const value = async (character: number): Promise<string> => {
      const answer: Hover | null = await client.connection.sendRequest("textDocument/hover", {
        textDocument: { uri },
        position: { line: 5, character },
      });
      return (answer?.contents as MarkupContent | undefined)?.value ?? "";
    };
    assert.match(await value('  script: docker build -t "$N'.length), /second/);
    assert.match(await value('  script: docker build -t "$NAME" --label "$O'.length), /there/);
    assert.equal(reports, before);
  });
});

describe("the pause behind an edit", () => {
  it("is short where an analysis is, and never long", () => {
    assert.ok(pauseAfter(5) > 0 && pauseAfter(5) < 10);
    assert.equal(pauseAfter(5), pauseAfter(40));
    assert.equal(pauseAfter(500), 30);
    assert.equal(pauseAfter(Infinity), 30);
  });
});
