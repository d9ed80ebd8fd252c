// Code lenses and inlay hints over the protocol: answers, settings, documents that were edited meanwhile, questions that were taken
// back, errors of ours, and the word that an answer has become wrong.
import { strict as assert } from "node:assert";
import {
  CancellationTokenSource,
  type CodeLens,
  type InitializeResult,
  type InlayHint,
  type Location,
} from "vscode-languageserver/node";
import { createAnalysis, type Analysis } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfProcess, clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

const DOCKERFILE = "# ü 😀\nFROM alpine:3.22 AS base\n\nFROM base AS production\n";
const PIPELINE = `# ü 😀
build_api:
  services: [docker:29-dind]
  script:
    - echo "😀" && docker build --target production -t $CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG .
`;
const FILES = { ".gitlab-ci.yml": PIPELINE, Dockerfile: DOCKERFILE };

interface Opened {
  readonly client: TestClient;
  readonly result: InitializeResult;
  readonly pipeline: string;
  readonly dockerfile: string;
  /** How often the client was told to ask again. */
  readonly told: { codeLens: number; inlayHint: number };
}

interface Options {
  readonly client?: TestClient;
  readonly own?: unknown;
  readonly settings?: () => unknown;
  readonly encodings?: string[];
  /** False: documents are opened by the test. */
  readonly opens?: boolean;
}

const ALL = { effectiveJob: true, showReferences: true };

async function open({
  client = clientOfServer({ createAnalysis, debounce: 5 }),
  own = ALL,
  settings = () => ({}),
  encodings,
  opens = true,
}: Options = {}): Promise<Opened> {
  clients.push(client);
  const root = temporaryFolder(FILES);
  const told = { codeLens: 0, inlayHint: 0 };
  client.connection.onRequest("workspace/codeLens/refresh", () => void (told.codeLens += 1));
  client.connection.onRequest("workspace/inlayHint/refresh", () => void (told.inlayHint += 1));
  const result = await client.initialize({
    folders: [root],
    settings,
    capabilities: {
      workspace: { codeLens: { refreshSupport: true }, inlayHint: { refreshSupport: true } },
      textDocument: { inlayHint: {} },
      experimental: { gitlabCiDocker: own },
      ...(encodings === undefined ? {} : { general: { positionEncodings: encodings } }),
    },
  });
  const pipeline = uriOf(root, ".gitlab-ci.yml");
  const dockerfile = uriOf(root, "Dockerfile");
  if (opens) {
    await client.open(pipeline, PIPELINE);
    await client.open(dockerfile, DOCKERFILE, "dockerfile");
  }
  return { client, result, pipeline, dockerfile, told };
}

const lenses = (client: TestClient, uri: string): Promise<CodeLens[]> =>
  client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri } });

const titles = async (client: TestClient, uri: string): Promise<readonly (string | undefined)[]> =>
  (await lenses(client, uri)).map(({ command }) => command?.title);

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

const hints = (client: TestClient, uri: string, range = WHOLE): Promise<InlayHint[]> =>
  client.connection.sendRequest("textDocument/inlayHint", { textDocument: { uri }, range });

const labels = async (client: TestClient, uri: string): Promise<readonly unknown[]> =>
  (await hints(client, uri)).map(({ label }) => label);

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resume) => setTimeout(resume, milliseconds));

/** Longer than the server waits before it says that an answer has become wrong. */
const LONG = 500;

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 8000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `waited for ${what} in vain`);
    await pause(10);
  }
}

describe("language server: code lenses", () => {
  it("lead from a Dockerfile to the job that builds it, and back", async () => {
    const { client, result, pipeline, dockerfile } = await open({ client: clientOfProcess() });
    assert.deepEqual(result.capabilities.codeLensProvider, { resolveProvider: false });
    const job: Location = {
      uri: pipeline,
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 9 } },
    };
    const above = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 4 } });
    const leading = (title: string, uri: string, line: number, to: Location) => ({
      title,
      command: "gitlabCiDocker.showReferences",
      arguments: [uri, { line, character: 0 }, [to]],
    });
    assert.deepEqual(await lenses(client, dockerfile), [
      {
        range: above(1),
        command: leading("Built by build_api (target production)", dockerfile, 1, job),
      },
      { range: above(3), command: leading("Target of build_api", dockerfile, 3, job) },
    ]);
    const title = "Builds Dockerfile (target production) → $CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG";
    assert.deepEqual(await lenses(client, pipeline), [
      {
        range: job.range,
        command: leading(title, pipeline, 1, { uri: dockerfile, range: above(3) }),
      },
      {
        range: job.range,
        command: {
          title: "Effective job",
          command: "gitlabCiDocker.showEffectiveJob",
          arguments: [{ uri: pipeline, root: ".gitlab-ci.yml", name: "build_api" }],
        },
      },
    ]);
  });

  it("are those alone that the client can open", async () => {
    const { client, pipeline, dockerfile } = await open({ own: { effectiveJob: true } });
    assert.deepEqual(await titles(client, pipeline), ["Effective job"]);
    assert.deepEqual(await titles(client, dockerfile), []);
    const other = await open({ own: { showReferences: true } });
    assert.equal((await titles(other.client, other.pipeline)).length, 1);
    const none = await open({ own: {} });
    assert.equal(none.result.capabilities.codeLensProvider, undefined);
  });

  it("are text alone where there is nothing to open", async () => {
    const { client, pipeline, dockerfile } = await open();
    await client.change(pipeline, 2, { text: "build:\n  script: docker build -t app other\n" });
    assert.deepEqual(
      (await lenses(client, dockerfile)).map(({ command }) => command),
      [{ title: "Not built by any job", command: "" }],
    );
  });

  it("go and come with the setting, without a restart; a wrong one is complained about", async () => {
    let codeLens: unknown = false;
    const { client, pipeline, told } = await open({ settings: () => ({ codeLens }) });
    assert.deepEqual(await lenses(client, pipeline), []);
    codeLens = true;
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await until(() => told.codeLens === 1, "the word to ask again");
    assert.equal((await lenses(client, pipeline)).length, 2);
    codeLens = "yes";
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await client.until(() => client.shown.some((text) => /codeLens: This must be/.test(text)));
    assert.equal((await lenses(client, pipeline)).length, 2);
  });
});

describe("language server: lenses of other files than the one that is edited", () => {
  it("are asked for again when they change, once for each pause in typing", async () => {
    const { client, pipeline, dockerfile, told } = await open();
    assert.deepEqual(await titles(client, dockerfile), [
      "Built by build_api (target production)",
      "Target of build_api",
    ]);
    for (const [index, name] of ["build_ap", "build_a", "build_"].entries())
      await client.change(pipeline, 2 + index, { text: PIPELINE.replace("build_api", name) });
    await until(() => told.codeLens > 0, "the word to ask again");
    assert.deepEqual(await titles(client, dockerfile), [
      "Built by build_ (target production)",
      "Target of build_",
    ]);
    await pause(LONG);
    assert.deepEqual(told, { codeLens: 1, inlayHint: 0 });
  });

  it("are left in peace when nothing of theirs changes, and after their document was closed", async () => {
    const { client, pipeline, dockerfile, told } = await open();
    await lenses(client, dockerfile);
    await client.change(pipeline, 2, { text: PIPELINE.replace('echo "😀"', "echo smile") });
    await pause(LONG);
    await client.close(dockerfile);
    await client.change(pipeline, 3, { text: PIPELINE.replace("build_api", "other") });
    await pause(LONG);
    assert.deepEqual(told, { codeLens: 0, inlayHint: 0 });
  });

  it("are not spoken of to a client that can't be told", async () => {
    const client = clientOfServer({ createAnalysis, debounce: 5 });
    clients.push(client);
    const root = temporaryFolder(FILES);
    let told = 0;
    client.connection.onRequest("workspace/codeLens/refresh", () => void (told += 1));
    await client.initialize({
      folders: [root],
      capabilities: { experimental: { gitlabCiDocker: ALL } },
    });
    const dockerfile = uriOf(root, "Dockerfile");
    const pipeline = uriOf(root, ".gitlab-ci.yml");
    await client.open(dockerfile, DOCKERFILE, "dockerfile");
    await client.open(pipeline, PIPELINE);
    assert.equal((await lenses(client, dockerfile)).length, 2);
    await client.change(pipeline, 2, { text: PIPELINE.replace("build_api", "other") });
    await pause(LONG);
    assert.equal(told, 0);
  });
});

describe("language server: inlay hints", () => {
  const settings = () => ({ inlayHints: true });

  it("say what a reference becomes, in the units of the client", async () => {
    const { client, result, pipeline } = await open({
      client: clientOfProcess(),
      settings,
      encodings: ["utf-8"],
    });
    assert.equal(result.capabilities.inlayHintProvider, true);
    const line = PIPELINE.split("\n")[4] ?? "";
    const reference = "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG";
    const end = line.indexOf(reference) + reference.length;
    const [service, image, ...others] = await hints(client, pipeline);
    assert.deepEqual(others, []);
    assert.equal(service?.label, "host: docker");
    assert.deepEqual(image, {
      position: { line: 4, character: Buffer.byteLength(line.slice(0, end)) },
      label: "→ registry.example.com/group/project:main",
      paddingLeft: true,
      tooltip: {
        kind: "markdown",
        value:
          "default branch `main`: `registry.example.com/group/project:main`\n\nThe values of GitLab's variables are examples.",
      },
    });
    const third = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    assert.deepEqual(
      (await hints(client, pipeline, third)).map(({ label }) => label),
      ["host: docker"],
    );
  });

  it("are off until the user wants them, and come without a restart", async () => {
    let inlayHints = false;
    const { client, pipeline, told } = await open({ settings: () => ({ inlayHints }) });
    assert.deepEqual(await hints(client, pipeline), []);
    inlayHints = true;
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await until(() => told.inlayHint === 1, "the word to ask again");
    assert.equal((await hints(client, pipeline)).length, 2);
  });
});

describe("language server: lenses and hints in a hurry", () => {
  const settings = () => ({ inlayHints: true });

  it("are of the text as it was typed a moment ago", async () => {
    const { client, pipeline } = await open({ settings });
    await client.change(pipeline, 2, { text: "lint:\n  services: [redis:8]\n  script: echo\n" });
    assert.deepEqual(await titles(client, pipeline), ["Effective job"]);
    assert.deepEqual(await labels(client, pipeline), ["host: redis"]);
  });

  it("are empty where the document was edited behind the question, or the question taken back", async () => {
    // The folder is read when the settings have come: all this is sent before.
    const { client, pipeline } = await open({ settings, opens: false });
    void client.open(pipeline, PIPELINE);
    const asked = Promise.all([lenses(client, pipeline), hints(client, pipeline)]);
    void client.change(pipeline, 2, { text: `\n${PIPELINE}` });
    assert.deepEqual(await asked, [[], []]);
    const source = new CancellationTokenSource();
    const cancelled = (method: string, params: object): Promise<unknown> =>
      client.connection.sendRequest(method, params, source.token);
    const answers = Promise.allSettled([
      cancelled("textDocument/codeLens", { textDocument: { uri: pipeline } }),
      cancelled("textDocument/inlayHint", { textDocument: { uri: pipeline }, range: WHOLE }),
    ]);
    source.cancel();
    for (const answer of await answers)
      assert.ok(answer.status === "rejected" || (Array.isArray(answer.value) && answer.value.length === 0));
    assert.deepEqual(
      (await lenses(client, pipeline)).map(({ range }) => range.start.line),
      [2, 2],
    );
  });
});

describe("language server: lenses and hints that fail", () => {
  it("answer empty, log the error, and the server goes on; a later look fails as quietly", async () => {
    let isBroken = true;
    const broken = (analysis: Analysis): Analysis => ({
      ...analysis,
      lenses: (file) => {
        if (isBroken) throw new Error("lenses broke");
        return analysis.lenses(file);
      },
      inlayHints: () => {
        throw new Error("hints broke");
      },
    });
    const { client, pipeline, dockerfile } = await open({
      client: clientOfServer({
        debounce: 5,
        createAnalysis: (workspace) => broken(createAnalysis(workspace)),
      }),
      settings: () => ({ inlayHints: true }),
    });
    assert.deepEqual(await lenses(client, dockerfile), []);
    assert.deepEqual(await hints(client, pipeline), []);
    await client.until(() => client.logged.some((line) => line.includes("hints broke")));
    assert.ok(client.logged.some((line) => line.includes("lenses broke")));
    isBroken = false;
    assert.equal((await lenses(client, dockerfile)).length, 2);
    isBroken = true;
    await client.change(pipeline, 2, { text: PIPELINE.replace("build_api", "other") });
    await client.until(() => client.logged.some((line) => /refresh failed: .*lenses broke/.test(line)));
    isBroken = false;
    assert.equal((await lenses(client, dockerfile)).length, 2);
  });
});
