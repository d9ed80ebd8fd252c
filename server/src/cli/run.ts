// Runs one command line: picks the command, turns what the user can put right into exit code 2 and our own faults into 3.
import { helpText, readArguments, type Arguments, type Complaint, type GivenOption } from "./args";
import { EXIT, type ExitCode, type Io } from "./io";
import { VERSION } from "../host/version";
import { isUsageError } from "./usage-error";

/** The commands are loaded when one runs: `--version` shall not wait for parsers. */
export interface CommandLoaders {
  readonly commands: () => Promise<Commands>;
  readonly lsp: () => Promise<void>;
}

export interface Commands {
  readonly io: () => Io;
  readonly check: (options: readonly GivenOption[], operands: readonly string[], io: Io) => ExitCode;
  readonly resolve: (options: readonly GivenOption[], jobs: readonly string[], io: Io) => ExitCode;
  readonly listCommands: (options: readonly GivenOption[], jobs: readonly string[], io: Io) => ExitCode;
  readonly explain: (rule: string, io: Io) => ExitCode;
  readonly listRules: (options: readonly GivenOption[], io: Io) => ExitCode;
  /** `; did you mean …?`, or nothing. */
  readonly didYouMean: (word: string, known: readonly string[]) => string;
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
        `gitlab-ci-docker: ${given.message}${await hintFor(given, loaders)}\nTry \`gitlab-ci-docker --help\`.\n`,
      );
      return EXIT.usage;
    case "command":
      return guarded(given, streams, loaders);
  }
}

async function hintFor({ unknown }: Complaint, loaders: CommandLoaders): Promise<string> {
  return unknown === undefined ? "" : (await loaders.commands()).didYouMean(unknown.word, unknown.known);
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
    if (isUsageError(error)) {
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

async function runCommand(given: Command, loaders: CommandLoaders): Promise<ExitCode | undefined> {
  const { command, options, operands } = given;
  if (command.name === "lsp") {
    await loaders.lsp();
    return undefined;
  }
  const commands = await loaders.commands();
  const io = commands.io();
  switch (command.name) {
    case "check":
      return commands.check(options, operands, io);
    case "resolve":
      return commands.resolve(options, operands, io);
    case "commands":
      return commands.listCommands(options, operands, io);
    case "explain":
      return commands.explain(operands[0] ?? "", io);
    case "rules":
      return commands.listRules(options, io);
    default:
      throw new Error(`no command ${command.name}`);
  }
}
