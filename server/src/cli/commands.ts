// The commands and what they need, as one piece that is loaded when a command runs.
import { createAnalysis } from "../core/index";
import { processIo } from "./io";

export { didYouMean } from "../core/index";
export { check } from "./check";
export { resolve } from "./resolve";
export { listCommands } from "./commands-list";
export { explain } from "./explain";
export { listRules } from "./list-rules";

/** The streams of this process and the real analysis. */
export const io = () => processIo(createAnalysis);
