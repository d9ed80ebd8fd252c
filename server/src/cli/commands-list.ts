// `commands`: the container commands in the jobs' scripts.
import { commandsJson, commandsText } from "../core/index";
import { valueOf, type GivenOption } from "./args";
import { EXIT, type ExitCode, type Io } from "./io";
import { askPipelines } from "./pipelines";

/** Prints the container commands of all visible jobs, or of those of the names. An unknown name is a `UsageError`. */
export function listCommands(given: readonly GivenOption[], names: readonly string[], io: Io): ExitCode {
  const { answer, loader } = askPipelines(given, names, io, (analysis, wanted) => analysis.commands(wanted));
  const print = valueOf(given, "format") === "json" ? commandsJson : commandsText;
  io.out(print(answer, (path) => loader.file(path)));
  return EXIT.clean;
}
