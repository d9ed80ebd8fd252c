// The large rest of the program, `dist/program.js`, loaded with the code that was compiled last time.
import { join } from "node:path";
import { requireCached } from "../host/code-cache";
import { keepYoungSpaceSmall } from "../host/young-space";
import type * as Program from "./program";

/** The bundle beside this one, which is built from `program.ts`. */
const PROGRAM = join(__dirname, "program.js");

export interface LoadedProgram {
  readonly program: typeof Program;
  /** See `CachedModule`. */
  readonly save: () => void;
}

/** `foreign`: folders whose files somebody else may have written. */
export function loadProgram(foreign: readonly string[]): LoadedProgram {
  const { exports, save } = requireCached(PROGRAM, require, foreign);
  // What PROGRAM is built from.
  return { program: exports as typeof Program, save };
}

/** A server that ended earlier has not compiled what the next one needs. */
const LONG_ENOUGH = 1000;

/** Starts the language server of this process. */
export async function startLanguageServer(foreign: readonly string[]): Promise<void> {
  const { program, save } = loadProgram(foreign);
  const letGrow = keepYoungSpaceSmall();
  process.on("exit", () => {
    letGrow();
    if (performance.now() > LONG_ENOUGH) save();
  });
  await program.startLanguageServer();
}
