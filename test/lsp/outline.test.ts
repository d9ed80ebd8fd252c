// The shape of documents over the protocol: links, outlines, folds, selections and names of the workspace, in documents as they are
// at that moment.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import type {
  ClientCapabilities,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Range,
  SelectionRange,
  SymbolInformation,
} from "vscode-languageserver/node";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { createAnalysis, type Analysis, type Structure } from "../../server/src/core/index";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfProcess, clientOfServer, SERVER, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

function started(made: TestClient): TestClient {
  clients.push(made);
  return made;
}
const inThisProcess = (): TestClient => started(clientOfServer({ createAnalysis, debounce: 5 }));

const CAPABILITIES: ClientCapabilities = {
  textDocument: {
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    documentLink: { tooltipSupport: true },
  },
};

const FILES = {
  ".gitlab-ci.yml": [
    "include: ci/docker.yml # ü 😀",
    "build:",
    "  stage: build",
    "  script:",
    "    - docker build -f api/Dockerfile .",
    "",
  ].join("\r\n"),
  "ci/docker.yml": ".docker:\n  image: docker:29\n",
  "api/Dockerfile": "FROM alpine AS builder\r\nFROM builder\r\n",
};

const LINKS = "textDocument/documentLink";
const SYMBOLS = "textDocument/documentSymbol";
const FOLDS = "textDocument/foldingRange";
const SELECTIONS = "textDocument/selectionRange";

const of = (uri: string): { textDocument: { uri: string } } => ({ textDocument: { uri } });

const rangeText = ({ start, end }: Range): string =>
  `${start.line}:${start.character}-${end.line}:${end.character}`;

/** The ranges of a selection, from the inside out. */
function chainOf(selection: SelectionRange | undefined): readonly string[] {
  return selection === undefined ? [] : [rangeText(selection.range), ...chainOf(selection.parent)];
}

for (const [name, make] of [
  ["in this process", inThisProcess],
  ["as it is built", () => started(clientOfProcess())],
] as const) {
  describe(`language server, outlines: ${name}`, () => {
    before(function () {
      if (name === "as it is built" && !existsSync(SERVER)) this.skip();
    });

    it("answers about a pipeline with CRLF line breaks", async () => {
      const root = temporaryFolder(FILES);
      const client = make();
      const { capabilities } = await client.initialize({ folders: [root], capabilities: CAPABILITIES });
      assert.deepEqual(capabilities.documentLinkProvider, { resolveProvider: false });
      assert.deepEqual(capabilities.documentSymbolProvider, { label: "GitLab CI Docker" });
      assert.equal(capabilities.workspaceSymbolProvider, true);
      assert.equal(capabilities.foldingRangeProvider, true);
      assert.equal(capabilities.selectionRangeProvider, true);
      const uri = uriOf(root, ".gitlab-ci.yml");
      await client.open(uri, FILES[".gitlab-ci.yml"]);
      const links: DocumentLink[] = await client.connection.sendRequest(LINKS, of(uri));
      assert.deepEqual(
        links.map(({ range, target, tooltip }) => [rangeText(range), target, tooltip]),
        [
          ["0:9-0:22", uriOf(root, "ci/docker.yml"), "Open ci/docker.yml"],
          ["4:22-4:36", uriOf(root, "api/Dockerfile"), "Open api/Dockerfile"],
        ],
      );
      const symbols: DocumentSymbol[] = await client.connection.sendRequest(SYMBOLS, of(uri));
      assert.deepEqual(
        symbols.map(({ name: each, detail, range, children }) => [
          each,
          detail,
          rangeText(range),
          children?.map((child) => `${child.name}: ${child.detail ?? ""}`),
        ]),
        [
          ["include", "ci/docker.yml", "0:0-0:22", undefined],
          ["build", "1 job", "1:0-4:38", ["build: builds api/Dockerfile"]],
        ],
      );
      const folds: FoldingRange[] = await client.connection.sendRequest(FOLDS, of(uri));
      assert.deepEqual(folds, [
        { startLine: 1, endLine: 4 },
        { startLine: 3, endLine: 4 },
      ]);
      const selections: SelectionRange[] = await client.connection.sendRequest(SELECTIONS, {
        ...of(uri),
        positions: [
          { line: 4, character: 15 },
          { line: 2, character: 3 },
        ],
      });
      assert.deepEqual(chainOf(selections[0]).slice(0, 3), ["4:13-4:18", "4:6-4:38", "4:4-4:38"]);
      assert.deepEqual(chainOf(selections[1]).slice(0, 2), ["2:2-2:7", "2:2-2:14"]);
    });

    it("finds names in all folders", async () => {
      const one = temporaryFolder(FILES);
      const two = temporaryFolder({ ".gitlab-ci.yml": "rebuild: { script: make }\n" });
      const client = make();
      await client.initialize({ folders: [one, two] });
      const found: SymbolInformation[] = await client.connection.sendRequest("workspace/symbol", {
        query: "bUild",
      });
      assert.deepEqual(
        found.map((each) => [each.name, each.containerName, each.location.uri]),
        [
          ["build", ".gitlab-ci.yml", uriOf(one, ".gitlab-ci.yml")],
          ["builder", "api/Dockerfile", uriOf(one, "api/Dockerfile")],
          ["rebuild", ".gitlab-ci.yml", uriOf(two, ".gitlab-ci.yml")],
        ],
      );
    });
  });
}

describe("language server, outlines: clients and files of other kinds", () => {
  it("gives a flat list to a client that knows no tree", async () => {
    const root = temporaryFolder(FILES);
    const client = inThisProcess();
    await client.initialize({ folders: [root] });
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, FILES[".gitlab-ci.yml"]);
    const symbols: SymbolInformation[] = await client.connection.sendRequest(SYMBOLS, of(uri));
    assert.deepEqual(
      symbols.map(({ name, containerName, location }) => [name, containerName, location.uri]),
      [
        ["include", undefined, uri],
        ["build", undefined, uri],
        ["build", "build", uri],
      ],
    );
  });

  it("leaves YAML that is no pipeline to others", async () => {
    const root = temporaryFolder({ ...FILES, "deploy.yml": "a:\n  b: c\n" });
    const client = inThisProcess();
    await client.initialize({ folders: [root], capabilities: CAPABILITIES });
    const uri = uriOf(root, "deploy.yml");
    await client.open(uri, "a:\n  b: c\n");
    const positions = [{ line: 1, character: 3 }];
    // Not an empty list: an editor would take it for the answer.
    assert.equal(await client.connection.sendRequest(FOLDS, of(uri)), null);
    assert.equal(await client.connection.sendRequest(SYMBOLS, of(uri)), null);
    assert.equal(await client.connection.sendRequest(SELECTIONS, { ...of(uri), positions }), null);
    const links = await client.connection.sendRequest<DocumentLink[] | null>(LINKS, of(uri));
    assert.equal(links?.length ?? 0, 0);
  });

  it("names the rule of a link to a client that has the pages", async () => {
    const text = "rules:\n  latest-race: off\n";
    const linksFor = async (capabilities: ClientCapabilities): Promise<DocumentLink[]> => {
      const root = temporaryFolder({ ".gitlab-ci-docker.yml": text });
      const client = inThisProcess();
      await client.initialize({ folders: [root], capabilities });
      const uri = uriOf(root, ".gitlab-ci-docker.yml");
      await client.open(uri, text);
      return client.connection.sendRequest(LINKS, of(uri));
    };
    const own = { experimental: { gitlabCiDocker: { rulePages: true } } };
    assert.deepEqual(
      (await linksFor(own)).map(({ range, data }): readonly unknown[] => [rangeText(range), data]),
      [["1:2-1:13", { rule: "latest-race" }]],
    );
    // Run from its sources the program has no address of its pages.
    assert.deepEqual(await linksFor({}), []);
  });

  for (const [name, language, before] of [
    ["setup.sh", "shellscript", ""],
    ["README.md", "markdown", "```sh\n"],
  ] as const)
    it(`tells what a flag sets, where ${name} registers a runner`, async () => {
      const text = `${before}gitlab-runner register --docker-privileged\n${before === "" ? "" : "```\n"}`;
      const root = temporaryFolder({ ...FILES, [name]: text });
      const client = inThisProcess();
      await client.initialize({ folders: [root] });
      const uri = uriOf(root, name);
      await client.open(uri, text, language);
      const position = { line: before === "" ? 0 : 1, character: 30 };
      const found: { contents: { value: string } } = await client.connection.sendRequest(
        "textDocument/hover",
        { ...of(uri), position },
      );
      assert.match(found.contents.value, /sets `privileged` .* in `\[runners\.docker\]`/);
    });
});

describe("language server, outlines: in a hurry", () => {
  it("answers from the text as it is, not as it was published", async () => {
    const root = temporaryFolder(FILES);
    const client = started(clientOfServer({ createAnalysis, debounce: 10_000 }));
    await client.initialize({ folders: [root], capabilities: CAPABILITIES });
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, "a: { script: make }\n");
    await client.publication(uri);
    await client.change(uri, 2, { text: "b:\n  script:\n    - make\n" });
    const symbols: DocumentSymbol[] = await client.connection.sendRequest(SYMBOLS, of(uri));
    assert.deepEqual(
      symbols[0]?.children?.map(({ name }) => name),
      ["b"],
    );
    assert.equal((await client.connection.sendRequest<FoldingRange[]>(FOLDS, of(uri))).length, 2);
  });

  it("answers nothing where the text was edited behind the question, or where nobody waits", async () => {
    const root = temporaryFolder(FILES);
    const client = inThisProcess();
    // The folder is read when the settings have come: all this is sent before.
    await client.initialize({ folders: [root], settings: () => ({}) });
    const uri = uriOf(root, ".gitlab-ci.yml");
    void client.open(uri, FILES[".gitlab-ci.yml"]);
    const stale = [LINKS, SYMBOLS, FOLDS].map((method) => client.connection.sendRequest(method, of(uri)));
    void client.change(uri, 2, { text: `\n${FILES[".gitlab-ci.yml"]}` });
    assert.deepEqual(await Promise.all(stale), [null, null, null]);
    const source = new CancellationTokenSource();
    const asked = [
      client.connection.sendRequest<unknown>(LINKS, of(uri), source.token),
      client.connection.sendRequest<unknown>("workspace/symbol", { query: "" }, source.token),
    ];
    source.cancel();
    const answers = await Promise.all(asked.map((each) => each.catch(() => "cancelled")));
    assert.ok(
      answers.every(
        (each) => each === null || each === "cancelled" || (Array.isArray(each) && each.length === 0),
      ),
    );
    assert.equal((await client.connection.sendRequest<DocumentLink[]>(LINKS, of(uri))).length, 2);
  });

  it("answers nothing and lives on where we fail, and says so in the log", async () => {
    const root = temporaryFolder(FILES);
    const fail = (): never => {
      throw new Error("broken on purpose");
    };
    const broken = (structure: Structure): Structure => ({
      ...structure,
      links: fail,
      outline: fail,
      search: fail,
    });
    const client = started(
      clientOfServer({
        createAnalysis: (workspace): Analysis => {
          const analysis = createAnalysis(workspace);
          return { ...analysis, structure: broken(analysis.structure) };
        },
        debounce: 5,
      }),
    );
    await client.initialize({ folders: [root] });
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, FILES[".gitlab-ci.yml"]);
    assert.equal(await client.connection.sendRequest(LINKS, of(uri)), null);
    assert.equal(await client.connection.sendRequest(SYMBOLS, of(uri)), null);
    assert.deepEqual(await client.connection.sendRequest("workspace/symbol", { query: "" }), []);
    await client.until(() => client.logged.some((message) => message.includes("broken on purpose")));
    assert.equal((await client.connection.sendRequest<FoldingRange[]>(FOLDS, of(uri))).length, 2);
  });
});
