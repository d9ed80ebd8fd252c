// The options of `check`, from words to values.
import { RULE_IDS, SEVERITIES, didYouMean, type Severity } from "../core/index";
import { has, valueOf, type GivenOption } from "./args";
import { UsageError } from "./usage-error";

export type Format = "text" | "json";

export interface CheckOptions {
  /** Each format once at most for the terminal, and any number of files. */
  readonly outputs: readonly { readonly format: Format; readonly file: string | undefined }[];
  readonly fix: "none" | "safe" | "all";
  readonly diff: boolean;
  readonly minSeverity: Severity;
  /** The same for what could not be read; all of it unless `--min-severity` says otherwise. */
  readonly minProblem: Severity;
  readonly failOn: Severity | "never";
  /** Undefined: all rules. */
  readonly rules: ReadonlySet<string> | undefined;
  readonly config: string | undefined;
  readonly stdin: boolean;
  readonly stdinFilename: string | undefined;
  readonly quiet: boolean;
}

/** Puts options together; what does not go together is a `UsageError`. */
export function checkOptions(options: readonly GivenOption[], operands: readonly string[]): CheckOptions {
  const stdin = has(options, "stdin") || has(options, "stdin-filename");
  if (stdin && operands.length > 0)
    throw new UsageError("`--stdin` goes with no PATH; use `--stdin-filename`");
  const all = has(options, "fix-suggested");
  const least = severityOf(valueOf(options, "min-severity"));
  return {
    outputs: outputsOf(options),
    fix: all ? "all" : has(options, "fix") || has(options, "diff") ? "safe" : "none",
    diff: has(options, "diff"),
    minSeverity: least ?? "info",
    minProblem: least ?? "hint",
    failOn:
      valueOf(options, "fail-on") === "never"
        ? "never"
        : (severityOf(valueOf(options, "fail-on")) ?? "warning"),
    rules: rulesOf(options),
    config: valueOf(options, "config"),
    stdin,
    stdinFilename: valueOf(options, "stdin-filename"),
    quiet: has(options, "quiet"),
  };
}

const severityOf = (word: string | undefined): Severity | undefined =>
  SEVERITIES.find((severity) => severity === word);

function outputsOf(options: readonly GivenOption[]): CheckOptions["outputs"] {
  const outputs: { format: Format; file: string | undefined }[] = [];
  for (const { name, value } of options) {
    if (name === "format") outputs.push({ format: value === "json" ? "json" : "text", file: undefined });
    if (name !== "output") continue;
    if (outputs.length === 0) outputs.push({ format: "text", file: undefined });
    const last = outputs.at(-1);
    if (last === undefined || last.file !== undefined)
      throw new UsageError("`--output` belongs to the `--format` before it; there is none");
    last.file = value;
  }
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError("only one `--format` can be printed; give the others an `--output`");
  }
  if (has(options, "diff") && outputs.some(({ format, file }) => format !== "text" && file === undefined))
    throw new UsageError("`--diff` prints the diff; give `--format json` an `--output`");
  return outputs.length === 0 ? [{ format: "text", file: undefined }] : outputs;
}

function rulesOf(options: readonly GivenOption[]): ReadonlySet<string> | undefined {
  const ids = options
    .filter(({ name }) => name === "rule")
    .flatMap(({ value }) => (value ?? "").split(",").map((id) => id.trim()));
  if (ids.length === 0) return undefined;
  for (const id of ids) {
    if (!RULE_IDS.includes(id)) throw new UsageError(`there is no rule \`${id}\`${didYouMean(id, RULE_IDS)}`);
  }
  return new Set(ids);
}
