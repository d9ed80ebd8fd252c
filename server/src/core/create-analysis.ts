import type { Analysis } from "./analysis";
import type { Workspace } from "./query/workspace";

export function createAnalysis(_workspace: Workspace): Analysis {
  throw new Error("being built");
}
