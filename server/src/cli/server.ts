// The language server as editors start it, `dist/server.js`: the rest of it is loaded from beside.
import { join } from "node:path";
import { startLanguageServer } from "./load-program";
import { findRoot } from "../host/find-root";

/** Which folders will be checked is not known yet; editors start a server in the first of them. */
function foreignFolders(): readonly string[] {
  try {
    const here = process.cwd();
    return [here, findRoot(join(here, "file"))];
  } catch {
    return []; // That folder was deleted: nobody has left anything there.
  }
}

void startLanguageServer(foreignFolders());
