// Refactorings as code actions, with the real analysis: which kinds are asked for, which version they are for, and that an error of
// ours in one of them costs nothing else.
import { strict as assert } from "node:assert";
import { createAnalysis, type Analysis, type Workspace } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const PIPELINE = `build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker info
`;
const at = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });
const TITLES = ["Move the Docker set-up to `default:`", "Move the Docker set-up to a hidden job `.docker`"];

async function opened(
  text: string,
  analysis: (workspace: Workspace) => Analysis = createAnalysis,
): Promise<{ client: TestClient; uri: string }> {
  const root = temporaryFolder({ ".gitlab-ci.yml": "" });
  const uri = uriOf(root, ".gitlab-ci.yml");
  const client = clientOfServer({ createAnalysis: analysis, debounce: 5 });
  clients.push(client);
  await client.initialize({ folders: [root] });
  await client.open(uri, text);
  return { client, uri };
}

const titles = (actions: readonly { title: string; kind?: string }[]): readonly string[] =>
  actions.filter(({ kind }) => kind?.startsWith("refactor") === true).map(({ title }) => title);

describe("language server: refactorings", () => {
  it("are said to be there", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": PIPELINE });
    const client = clientOfServer({ createAnalysis, debounce: 5 });
    clients.push(client);
    const { capabilities } = await client.initialize({ folders: [root] });
    const provider = capabilities.codeActionProvider;
    const kinds = typeof provider === "object" ? (provider.codeActionKinds ?? []) : [];
    for (const kind of ["refactor.rewrite", "refactor.extract", "refactor.inline"])
      assert.ok(kinds.includes(kind));
  });

  it("are offered unasked, and for the kinds that are asked for", async () => {
    const { client, uri } = await opened(PIPELINE);
    assert.deepEqual(titles(await client.actions(uri, at(0, 2))), TITLES);
    for (const only of [["refactor"], ["refactor.extract"]])
      assert.deepEqual(titles(await client.actions(uri, at(0, 2), { only })), TITLES);
    for (const only of [["refactor.inline"], ["quickfix"], ["source"]])
      assert.deepEqual(titles(await client.actions(uri, at(0, 2), { only })), []);
  });

  it("edit the document as it is at this moment", async () => {
    const { client, uri } = await opened(PIPELINE);
    await client.change(uri, 2, { range: at(0, 0), text: "# mine\n" });
    const [action] = await client.actions(uri, at(1, 2), { only: ["refactor.extract"] });
    const [change] = action?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && "textDocument" in change);
    assert.equal(change.textDocument.version, 2);
    assert.deepEqual(
      change.edits.map(({ range }: { range: { start: { line: number } } }) => range.start.line).sort(),
      [0, 2, 3],
    );
  });

  it("cost no fix where one of them fails", async () => {
    const { client, uri } = await opened("build:\n  script: docker build –t x .\n", (workspace) => ({
      ...createAnalysis(workspace),
      refactorings: () => {
        throw new Error("a fault of ours");
      },
    }));
    const actions = await client.actions(uri, at(1, 25));
    assert.ok(actions.some(({ kind }) => kind === "quickfix"));
    assert.ok(client.logged.some((message) => message.includes("a fault of ours")));
  });
});
