// The built server starts wherever an editor starts it.
import { strict as assert } from "node:assert";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfProcess, SERVER } from "./client";

afterEach(removeTemporaryFolders);

describe("language server: its start", () => {
  it("needs no working folder: it may have been deleted", async function () {
    if (process.platform === "win32") this.skip(); // There such a folder can't be deleted.
    const folder = JSON.stringify(temporaryFolder({}));
    const start = `process.chdir(${folder}); fs.rmdirSync(${folder}); require(${JSON.stringify(SERVER)});`;
    const client = clientOfProcess(["-e", start, "--", SERVER, "--stdio"]);
    const { serverInfo } = await client.initialize({});
    assert.equal(serverInfo?.name, "gitlab-ci-docker");
    await client.dispose();
  });
});
