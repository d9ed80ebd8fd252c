// YAML that is none of ours: nothing is said about it, nothing is offered in it, and nothing is worked out for it.
import { strict as assert } from "node:assert";
import type { CompletionItem, Hover } from "vscode-languageserver/node";
import { createAnalysis, type Analysis } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const PIPELINE = `build:
  image: docker:29.6.2-cli
  script:
    - docker build -t app missing
`;

/** With an error of YAML, and with words that mean something in a pipeline. */
const MANIFEST = `apiVersion: v1
kind: Pod
metadata:
  name: build
  name: build
spec:
  containers:
    - name: docker
      image: docker:dind
      script: docker build $CI_COMMIT_REF_NAME
`;
const OTHERS = ["deploy/pod.yaml", "playbook.yml", "docker-compose.yml"];

/** A server on a pipeline and files that it does not include; `computed` tells how often each query was computed. */
async function started(root: string) {
  const analyses: Analysis[] = [];
  const client = clientOfServer({
    createAnalysis: (workspace) => {
      const analysis = createAnalysis(workspace);
      analyses.push(analysis);
      return analysis;
    },
    debounce: 5,
  });
  clients.push(client);
  await client.initialize({ folders: [root] });
  await client.publication(uriOf(root, ".gitlab-ci.yml"), ({ diagnostics }) => diagnostics.length > 0);
  return { client, computed: () => new Map(analyses.flatMap((each) => [...each.computed()])) };
}

/** Looks for one word in the text: any file may show how a runner is registered. */
const CHEAP: ReadonlySet<string> = new Set(["mayRegisterIn"]);

const position = { line: 9, character: 30 };

describe("language server: files of others", () => {
  for (const path of OTHERS) {
    it(`${path}: no findings, no work, no answers`, async () => {
      const root = temporaryFolder({ ".gitlab-ci.yml": PIPELINE, [path]: MANIFEST });
      const { client, computed } = await started(root);
      const uri = uriOf(root, path);
      const before = computed();
      assert.ok((before.get("yamlOf") ?? 0) > 0);
      await client.open(uri, MANIFEST);
      // What is published for an open document is published for each version of it, empty or not.
      assert.deepEqual((await client.publication(uri, ({ version }) => version === 1)).diagnostics, []);
      await client.change(uri, 2, { text: `${MANIFEST}# edited\n` });
      assert.deepEqual((await client.publication(uri, ({ version }) => version === 2)).diagnostics, []);
      const textDocument = { uri };
      const hover: Hover | null = await client.connection.sendRequest("textDocument/hover", {
        textDocument,
        position,
      });
      assert.equal(hover, null);
      for (const at of [position, { line: 0, character: 0 }, { line: 10, character: 0 }]) {
        const items: CompletionItem[] = await client.connection.sendRequest("textDocument/completion", {
          textDocument,
          position: at,
        });
        assert.deepEqual(items, []);
      }
      assert.deepEqual(await client.actions(uri, { start: position, end: position }), []);
      const worked = [...computed()].filter(
        ([name, count]) => count !== before.get(name) && !CHEAP.has(name),
      );
      assert.deepEqual(worked, []);
    });
  }
});
