// Runs one command line: picks the command, turns what the user can put right into exit code 2 and our own faults into 3.
import { helpText, readArguments, type Arguments, type Complaint } from "./args";
import { EXIT, type ExitCode, type Io } from "./io";
import { VERSION } from "../host/version";
import { UsageError } from "./usage-error";

/** Commands are loaded when they are needed: `--version` shall not wait for parsers. */
export interface CommandLoaders {
  readonly io: () => Promise<Io>;
  readonly lsp: () => Promise<void>;
}

export type Streams = Pick<Io, "out" | "err">;

/** Runs the command of the words behind the program's name. Never rejects. Undefined: a server goes on running. */
export async function run(
  words: readonly string[],
  streams: Streams,
  loaders: CommandLoaders,
): Promise<ExitCode | undefined> {
  const given = readArguments(words);
  switch (given.kind) {
    case "version":
      streams.out(`${VERSION}\n`);
      return EXIT.clean;
    case "help":
      streams.out(helpText(given.command));
      return EXIT.clean;
    case "error":
      streams.err(
        `gitlab-ci-docker: ${given.message}${await hintFor(given)}\nTry \`gitlab-ci-docker --help\`.\n`,
      );
      return EXIT.usage;
    case "command":
      return guarded(given, streams, loaders);
  }
}

async function hintFor({ unknown }: Complaint): Promise<string> {
  return unknown === undefined ? "" : (await import("../core/index")).didYouMean(unknown.word, unknown.known);
}

type Command = Extract<Arguments, { kind: "command" }>;

async function guarded(
  given: Command,
  streams: Streams,
  loaders: CommandLoaders,
): Promise<ExitCode | undefined> {
  try {
    return await runCommand(given, loaders);
  } catch (error) {
    if (error instanceof UsageError) {
      streams.err(`gitlab-ci-docker: ${error.message}\n`);
      return EXIT.usage;
    }
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    streams.err(
      `gitlab-ci-docker: this is a fault of the program. Please report these lines, and the file that shows it:\n` +
        `gitlab-ci-docker ${VERSION}, Node ${process.version}, ${process.platform}\n${trace}\n`,
    );
    return EXIT.fault;
  }
}

async function runCommand(
  { command, options, operands }: Command,
  loaders: CommandLoaders,
): Promise<ExitCode | undefined> {
  switch (command.name) {
    case "check":
      return (await import("./check")).check(options, operands, await loaders.io());
    case "explain":
      return (await import("./explain")).explain(operands[0] ?? "", await loaders.io());
    case "rules":
      return (await import("./list-rules")).listRules(options, await loaders.io());
    case "lsp":
      await loaders.lsp();
      return undefined;
    default:
      throw new Error(`no command ${command.name}`);
  }
}
