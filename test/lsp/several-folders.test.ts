// Folders that lie in each other, that come while something is asked, or go while they are read: a file is always the innermost
// folder's, and nobody waits for one that is gone.
import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeLens, Diagnostic } from "vscode-languageserver/node";
import { createAnalysis, DEFAULT_SETTINGS } from "../../server/src/core/index";
import { Folders } from "../../server/src/lsp/folders";
import type { PublishedDiagnostics } from "../../server/src/lsp/publisher";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf } from "./client";

const opened: Folders[] = [];

afterEach(() => {
  for (const folders of opened.splice(0)) folders.dispose();
  removeTemporaryFolders();
});

interface Observed {
  readonly folders: Folders;
  /** What the client shows for a file. */
  readonly shown: (uri: string) => readonly Diagnostic[];
  /** Resolves when the first scan pauses. */
  readonly scanning: Promise<void>;
}

function observed(): Observed {
  const published: PublishedDiagnostics[] = [];
  let pauses: () => void;
  const scanning = new Promise<void>((resolve) => (pauses = resolve));
  const folders = new Folders(
    {
      createAnalysis: fakeAnalysis,
      debounce: 0,
      log: (message) => assert.fail(message),
      publish: (diagnostics) => void published.push(diagnostics),
      createScanProgress: () => () => pauses(),
      speech: { encoding: "utf-16", ruleUrl: () => "", hasRelated: false },
    },
    () => Promise.resolve(DEFAULT_SETTINGS),
  );
  opened.push(folders);
  const shown = (uri: string): readonly Diagnostic[] =>
    published.findLast((each) => each.uri === uri)?.diagnostics ?? [];
  return { folders, shown, scanning };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resume) => setTimeout(resume, milliseconds));

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    assert.ok(turns < 2000, "waited in vain");
    await pause(4);
  }
}

const documentOf = (uri: string, text: string) => ({ uri, text, version: 1, languageId: "yaml" });

/** So many files to read that the scan pauses. */
const MANY = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`${index}.Dockerfile`, ""]));

describe("language server: a folder inside of another", () => {
  const inside = () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD", "inner/.gitlab-ci.yml": "UGLY" });
    return { root, inner: join(root, "inner"), file: uriOf(root, "inner/.gitlab-ci.yml") };
  };

  it("alone says what is in its files: the outer one does not know what is open there", async () => {
    const { root, inner, file } = inside();
    const { folders, shown } = observed();
    folders.addFolder(uriOf(root));
    folders.addFolder(uriOf(inner));
    await until(() => shown(file).length === 1);
    folders.setDocument(documentOf(file, "UGLY UGLY UGLY"));
    await until(() => shown(file).length === 3);
    writeFileSync(join(inner, ".gitlab-ci.yml"), "UGLY UGLY");
    writeFileSync(join(root, ".gitlab-ci.yml"), "BAD BAD");
    folders.filesChanged([file, uriOf(root, ".gitlab-ci.yml")]);
    await until(() => shown(uriOf(root, ".gitlab-ci.yml")).length === 2);
    assert.equal(shown(file).length, 3);
  });

  it("takes over what the outer one said, and gives it back", async () => {
    const { root, inner, file } = inside();
    const { folders, shown } = observed();
    folders.addFolder(uriOf(root));
    await until(() => shown(file).length === 1);
    folders.addFolder(uriOf(inner));
    assert.deepEqual(shown(file), [], "the inner folder is not read yet");
    await until(() => shown(file).length === 1);
    folders.removeFolder(uriOf(root));
    assert.equal(shown(file).length, 1);
    folders.addFolder(uriOf(root));
    await folders.sessions();
    folders.removeFolder(uriOf(inner));
    assert.equal(shown(file).length, 1, "the outer folder says it again");
    folders.removeFolder(uriOf(root));
    assert.deepEqual(shown(file), []);
  });
});

describe("language server: a folder that is removed while it is read", () => {
  it("leaves its documents, and those who ask about them, to others", async () => {
    const root = temporaryFolder({ ...MANY, ".gitlab-ci.yml": "BAD" });
    const file = uriOf(root, ".gitlab-ci.yml");
    const { folders, scanning } = observed();
    folders.addFolder(uriOf(root));
    folders.setDocument(documentOf(file, "BAD"));
    const asked = folders.placed(file);
    const sessions = folders.sessions();
    await scanning;
    folders.removeFolder(uriOf(root));
    const placed = await asked;
    assert.ok(placed !== undefined && folders.holds(file, placed));
    assert.deepEqual(await sessions, [placed.session]);
  });

  it("stops no check of the others", async () => {
    const [one, two] = [temporaryFolder(MANY), temporaryFolder({ ".gitlab-ci.yml": "BAD" })];
    const { folders, shown } = observed();
    for (const root of [one, two]) folders.addFolder(uriOf(root));
    await folders.sessions();
    writeFileSync(join(two, ".gitlab-ci.yml"), "BAD BAD");
    const isDone = await folders.recheck(async () => {
      folders.removeFolder(uriOf(one));
      await pause(0);
      return true;
    });
    assert.deepEqual([isDone, shown(uriOf(two, ".gitlab-ci.yml")).length], [true, 2]);
  });
});

describe("language server: a folder that is added", () => {
  it("changes what is shown in open documents of it", async () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": "build:\n  services: [docker:29-dind]\n  script: docker build .\n",
      Dockerfile: "FROM alpine\n",
    });
    const client = clientOfServer({ createAnalysis, debounce: 5 });
    let told = 0;
    client.connection.onRequest("workspace/codeLens/refresh", () => void (told += 1));
    await client.initialize({
      capabilities: {
        workspace: { codeLens: { refreshSupport: true }, workspaceFolders: true },
        experimental: { gitlabCiDocker: { showReferences: true } },
      },
    });
    const uri = uriOf(root, "Dockerfile");
    const lenses = (): Promise<CodeLens[]> =>
      client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri } });
    await client.open(uri, "FROM alpine\n", "dockerfile");
    assert.deepEqual(await lenses(), []);
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [{ uri: uriOf(root), name: "root" }], removed: [] },
    });
    await until(() => told > 0);
    assert.equal((await lenses()).length, 1);
    await client.dispose();
  });
});
