// The grammar of the command line: one table of commands and options. Parsing, the help text and the README's list of
// options are made from it.
import { parseArgs } from "node:util";

export interface OptionSpec {
  readonly name: string;
  /** What the option takes, for the help: "FILE". Undefined for a switch. */
  readonly takes?: string;
  /** The words it may take. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  /** "[PATH…]", for the help. */
  readonly operands: string;
  readonly least: number;
  readonly most: number;
  readonly help: string;
  readonly options: readonly OptionSpec[];
}

const SEVERITY_WORDS = ["hint", "info", "warning", "error"] as const;

const CONFIG_OPTION: OptionSpec = {
  name: "config",
  takes: "FILE",
  help: "Configuration to use instead of .gitlab-ci-docker.yml",
};

const CHECK_OPTIONS: readonly OptionSpec[] = [
  {
    name: "format",
    takes: "FORMAT",
    choices: ["text", "json"],
    help: "How findings are printed; may be given several times, each with its --output",
  },
  { name: "output", takes: "FILE", help: "Writes what the --format before it prints into a file" },
  { name: "fix", help: "Applies the fixes that keep the meaning" },
  { name: "fix-suggested", help: "Applies the suggested fixes too, which need a look at what they change" },
  { name: "diff", help: "Prints what --fix would change, and changes nothing" },
  {
    name: "min-severity",
    takes: "SEVERITY",
    choices: SEVERITY_WORDS,
    help: "Least severity that is shown (default: info; what could not be read: all of it)",
  },
  {
    name: "fail-on",
    takes: "SEVERITY",
    choices: ["error", "warning", "info", "never"],
    help: "Least severity that makes the exit code 1 (default: warning)",
  },
  {
    name: "rule",
    takes: "ID",
    help: "Reports only this rule; may be given several times, or as a list with commas",
  },
  CONFIG_OPTION,
  { name: "stdin", help: "Checks what is on standard input" },
  { name: "stdin-filename", takes: "NAME", help: "The file that standard input stands for" },
  { name: "quiet", help: "Prints findings only, no summary" },
];

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "check",
    operands: "[PATH…]",
    least: 0,
    most: Number.POSITIVE_INFINITY,
    help: "Checks the folders or files, each within its repository; without a PATH, this folder",
    options: CHECK_OPTIONS,
  },
  {
    name: "resolve",
    operands: "[JOB…]",
    least: 0,
    most: Number.POSITIVE_INFINITY,
    help: "Prints the effective jobs, as GitLab sees them; without a JOB, all that are not hidden",
    options: [
      {
        name: "format",
        takes: "FORMAT",
        choices: ["yaml", "json"],
        help: "How jobs are printed: yaml says where each value comes from (default: yaml)",
      },
      CONFIG_OPTION,
    ],
  },
  {
    name: "commands",
    operands: "[JOB…]",
    least: 0,
    most: Number.POSITIVE_INFINITY,
    help: "Lists the container commands in the jobs' scripts",
    options: [
      {
        name: "format",
        takes: "FORMAT",
        choices: ["text", "json"],
        help: "How commands are printed (default: text)",
      },
      CONFIG_OPTION,
    ],
  },
  { name: "explain", operands: "RULE", least: 1, most: 1, help: "Prints the page of a rule", options: [] },
  {
    name: "rules",
    operands: "",
    least: 0,
    most: 0,
    help: "Lists all rules",
    options: [
      { name: "format", takes: "FORMAT", choices: ["text", "json"], help: "How the list is printed" },
    ],
  },
  {
    name: "lsp",
    operands: "",
    least: 0,
    most: 0,
    help: "Starts the language server",
    options: [
      { name: "stdio", help: "Talks over standard input and output (the default)" },
      { name: "node-ipc", help: "Talks over Node's channel between processes" },
      { name: "pipe", takes: "NAME", help: "Talks over a pipe" },
      { name: "socket", takes: "PORT", help: "Talks over a socket" },
      { name: "clientProcessId", takes: "ID", help: "Ends when this process ends" },
    ],
  },
];

const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { name: "help", help: "Prints this help" },
  { name: "version", help: "Prints the version" },
];

/** One option as it was given; several of the same name stay in their order. */
export interface GivenOption {
  readonly name: string;
  /** Undefined for switches. */
  readonly value: string | undefined;
}

export type Arguments =
  | { readonly kind: "help"; readonly command: CommandSpec | undefined }
  | { readonly kind: "version" }
  | {
      readonly kind: "command";
      readonly command: CommandSpec;
      readonly options: readonly GivenOption[];
      readonly operands: readonly string[];
    }
  | ({ readonly kind: "error" } & Complaint);

export interface Complaint {
  readonly message: string;
  /** A word that is not known, and those that are: one of them may have been meant. */
  readonly unknown?: { readonly word: string; readonly known: readonly string[] };
}

/** Reads the arguments behind the program's name. Never throws. */
export function readArguments(words: readonly string[]): Arguments {
  const [first, ...rest] = words;
  if (first === undefined) return { kind: "error", message: "no command given" };
  if (first === "--version" || first === "-V") return { kind: "version" };
  if (first === "--help" || first === "-h" || first === "help") {
    return { kind: "help", command: COMMANDS.find(({ name }) => name === rest[0]) };
  }
  const command = COMMANDS.find(({ name }) => name === first);
  if (command !== undefined) return readCommand(command, rest);
  const what = first.startsWith("-") ? "option" : "command";
  const known = what === "option" ? ["--help", "--version"] : COMMANDS.map(({ name }) => name);
  return { kind: "error", message: `there is no ${what} \`${first}\``, unknown: { word: first, known } };
}

function readCommand(command: CommandSpec, words: readonly string[]): Arguments {
  const specs = [...command.options, ...GLOBAL_OPTIONS];
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(
        specs.map(({ name, takes }) => [name, { type: takes === undefined ? "boolean" : "string" } as const]),
      ),
      help: { type: "boolean", short: "h" },
    },
  });
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const wrong = complaintAbout(specs, token.rawName, token.name, token.value);
    if (wrong !== undefined) return { kind: "error", ...wrong };
    options.push({ name: token.name, value: token.value });
  }
  if (options.some(({ name }) => name === "help")) return { kind: "help", command };
  if (options.some(({ name }) => name === "version")) return { kind: "version" };
  const wrong = operandComplaint(command, operands);
  return wrong === undefined
    ? { kind: "command", command, options, operands }
    : { kind: "error", message: wrong };
}

function complaintAbout(
  specs: readonly OptionSpec[],
  written: string,
  name: string,
  value: string | undefined,
): Complaint | undefined {
  const spec = specs.find((candidate) => candidate.name === name);
  if (spec === undefined) {
    const known = specs.map((each) => `--${each.name}`);
    return { message: `there is no option \`${written}\``, unknown: { word: written, known } };
  }
  if (spec.takes === undefined)
    return value === undefined ? undefined : { message: `\`${written}\` takes no value` };
  if (value === undefined) return { message: `\`${written}\` needs a value (${spec.takes})` };
  if (spec.choices === undefined || spec.choices.includes(value)) return undefined;
  const message = `\`${written}\` is one of ${spec.choices.join(", ")}, not \`${value}\``;
  return { message, unknown: { word: value, known: spec.choices } };
}

function operandComplaint(command: CommandSpec, operands: readonly string[]): string | undefined {
  const extra = operands[command.most];
  if (extra !== undefined) return `\`${command.name}\` does not take \`${extra}\``;
  return operands.length < command.least ? `\`${command.name}\` needs ${command.operands}` : undefined;
}

/** The last value of an option; undefined where it was not given. */
export const valueOf = (options: readonly GivenOption[], name: string): string | undefined =>
  options.findLast((option) => option.name === name)?.value;

export const has = (options: readonly GivenOption[], name: string): boolean =>
  options.some((option) => option.name === name);

/** The help, for one command or for all of them. */
export function helpText(command?: CommandSpec): string {
  const usage = (spec: CommandSpec): string =>
    `gitlab-ci-docker ${spec.name}${spec.operands === "" ? "" : ` ${spec.operands}`}`;
  if (command !== undefined) {
    const options = [...command.options, ...GLOBAL_OPTIONS];
    return `${command.help}.\n\nUsage: ${usage(command)}${command.options.length > 0 ? " [OPTION…]" : ""}\n\n${optionLines(options)}`;
  }
  const commands = COMMANDS.map((spec): readonly [string, string] => [usage(spec), spec.help]);
  return [
    "Checks .gitlab-ci.yml, Dockerfiles and GitLab Runner's config.toml as one system.\n",
    columns(commands),
    `Options of check:\n${optionLines(CHECK_OPTIONS)}`,
    `Options of all commands:\n${optionLines(GLOBAL_OPTIONS)}`,
    "Exit code: 0 nothing at or above --fail-on; 1 findings, or files that could not be read; 2 usage or configuration;\n3 an error of this program\n",
  ].join("\n");
}

const optionLines = (options: readonly OptionSpec[]): string =>
  columns(
    options.map(({ name, takes, choices, help }) => [
      `  --${name}${takes === undefined ? "" : ` ${choices?.join("|") ?? takes}`}`,
      help,
    ]),
  );

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}\n`).join("");
}
