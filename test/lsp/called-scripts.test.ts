// A script that a job calls, over the protocol: its findings stand in the script, and follow it while it is written.
import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAnalysis } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const FILES = {
  ".gitlab-ci.yml": "build:\n  script:\n    - ./ci/build.sh\n",
  "ci/build.sh": "#!/bin/sh\n# ü 😀\ndocker build -t app\n",
};

async function opened(): Promise<{ client: TestClient; root: string; uri: string }> {
  const root = temporaryFolder(FILES);
  const client = clientOfServer({ createAnalysis, debounce: 5 });
  clients.push(client);
  await client.initialize({ folders: [root] });
  return { client, root, uri: uriOf(root, "ci/build.sh") };
}

const isMissing = ({ code }: { code?: unknown }): boolean => code === "build-context-missing";

describe("language server: called scripts", () => {
  it("publishes at the script, with the call as related place", async () => {
    const { client, root, uri } = await opened();
    const { diagnostics } = await client.publication(uri, (each) => each.diagnostics.some(isMissing));
    const found = diagnostics.find(isMissing);
    assert.deepEqual(found?.range, { start: { line: 2, character: 0 }, end: { line: 2, character: 12 } });
    assert.deepEqual(
      found.relatedInformation?.map(({ location }) => location),
      [
        {
          uri: uriOf(root, ".gitlab-ci.yml"),
          range: { start: { line: 2, character: 6 }, end: { line: 2, character: 19 } },
        },
      ],
    );
  });

  it("follows edits of the script in the editor, and offers its fix there", async () => {
    const { client, uri } = await opened();
    await client.publication(uri, (each) => each.diagnostics.some(isMissing));
    await client.open(uri, "\n\ndocker build -t app\n", "shellscript");
    const { diagnostics } = await client.publication(uri, ({ version }) => version === 1);
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 12 } };
    assert.deepEqual(diagnostics.find(isMissing)?.range, range);
    const titles = (await client.actions(uri, range, { diagnostics })).map(({ title }) => title);
    assert.ok(titles.includes("Add the build context `.`"), titles.join(" | "));
    await client.change(uri, 2, { text: "docker build -t app .\n" });
    await client.publication(uri, (each) => each.version === 2 && !each.diagnostics.some(isMissing));
  });

  it("follows the script on disk", async () => {
    const { client, root, uri } = await opened();
    await client.publication(uri, (each) => each.diagnostics.some(isMissing));
    const path = join(root, "ci/build.sh");
    writeFileSync(path, readFileSync(path, "utf8").replace("app", "app ."));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri, type: 2 }],
    });
    await client.publication(uri, (each) => !each.diagnostics.some(isMissing));
  });
});
