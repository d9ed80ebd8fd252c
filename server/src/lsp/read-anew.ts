// Reads and analyses a folder from the beginning, in steps between which the client is heard.
import type { Analysis } from "../core/index";
import type { Loader } from "../host/load";

/** How far it is. Files while the folder is being read, then the pipeline that was looked at. */
export type Step =
  | { readonly kind: "files"; readonly count: number }
  | { readonly kind: "pipeline"; readonly root: string; readonly done: number; readonly of: number };

/** Called between two steps; false stops. */
export type Look = (step: Step) => Promise<boolean>;

/** A chain of files, each of which asks for the next, is followed so far; what is left is said when the loader settles. */
const MAX_ROUNDS = 64;

/** False where `look` stopped it. What is worked out here is what the analysis needs for its report. */
export async function readAnew(loader: Loader, analysis: Analysis, look: Look): Promise<boolean> {
  for (const count of loader.scan()) if (!(await look({ kind: "files", count }))) return false;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    analysis.update(loader.workspace());
    if (loader.loadWanted(analysis.needed())) continue;
    if (!(await checkPipelines(loader, analysis, look))) return false;
    if (!loader.loadWanted(analysis.wanted())) break;
  }
  return true;
}

async function checkPipelines(loader: Loader, analysis: Analysis, look: Look): Promise<boolean> {
  const pipelines = analysis.pipelines();
  for (const [index, root] of pipelines.entries()) {
    if (!(await look({ kind: "pipeline", root, done: index, of: pipelines.length }))) return false;
    // Somebody may have typed in the pause.
    analysis.update(loader.workspace());
    analysis.prepare(root);
  }
  return true;
}
