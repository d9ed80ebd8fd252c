// The first scan of folders: its progress always ends, and nothing that goes wrong in it ends the server.
import { strict as assert } from "node:assert";
import { DEFAULT_SETTINGS, type Settings } from "../../server/src/core/index";
import { Folders } from "../../server/src/lsp/folders";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { uriOf } from "./client";

afterEach(removeTemporaryFolders);

interface Observed {
  readonly folders: Folders;
  /** What each scan was told, in the order of the folders. */
  readonly scans: (number | undefined)[][];
  readonly logged: string[];
  readonly published: string[];
}

function observed(settingsFor: () => Promise<Settings>): Observed {
  const scans: (number | undefined)[][] = [];
  const logged: string[] = [];
  const published: string[] = [];
  const folders = new Folders(
    {
      createAnalysis: fakeAnalysis,
      debounce: 0,
      log: (message) => void logged.push(message),
      publish: ({ uri }) => void published.push(uri),
      createScanProgress: () => {
        const told: (number | undefined)[] = [];
        scans.push(told);
        return (files) => void told.push(files);
      },
      speech: { encoding: "utf-16", ruleUrl: () => "", hasRelated: false },
    },
    settingsFor,
  );
  return { folders, scans, logged, published };
}

const turn = (): Promise<void> => new Promise((resume) => setImmediate(resume));

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    assert.ok(turns < 100_000, "waited in vain");
    await turn();
  }
}

/** So many files to read that the scan pauses. */
const MANY = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`${index}.Dockerfile`, ""]));

describe("language server: the first scan", () => {
  it("of a folder that is removed meanwhile ends its progress, and publishes nothing", async () => {
    const root = temporaryFolder({ ...MANY, ".gitlab-ci.yml": "BAD" });
    const { folders, scans, published } = observed(() => Promise.resolve(DEFAULT_SETTINGS));
    folders.addFolder(uriOf(root));
    await until(() => (scans[0]?.length ?? 0) > 0);
    assert.notEqual(scans[0]?.[0], undefined, "the scan pauses");
    folders.removeFolder(uriOf(root));
    await until(() => scans[0]?.at(-1) === undefined);
    await turn();
    assert.deepEqual(published, []);
  });

  it("has a progress of its own for each folder", async () => {
    const { folders, scans } = observed(() => Promise.resolve(DEFAULT_SETTINGS));
    folders.addFolder(uriOf(temporaryFolder({ a: "" })));
    folders.addFolder(uriOf(temporaryFolder(MANY)));
    await until(
      () => scans.length === 2 && scans.every((told) => told.at(-1) === undefined && told.length > 0),
    );
    assert.deepEqual(scans[0], [undefined]);
    folders.dispose();
  });

  it("is logged where it fails, and nobody waits for ever", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const uri = uriOf(root, ".gitlab-ci.yml");
    const { folders, logged } = observed(() => Promise.reject(new Error("no settings")));
    folders.addFolder(uriOf(root));
    folders.setDocument({ uri, languageId: "yaml", version: 1, text: "BAD" });
    folders.setDocument({ uri: "untitled:Dockerfile", languageId: "dockerfile", version: 1, text: "BAD" });
    await folders.placed(uri);
    await folders.placed("untitled:Dockerfile");
    assert.deepEqual(
      logged.map((message) => /^reading .* failed: Error: no settings/.test(message)),
      [true, true],
    );
    folders.dispose();
  });
});
