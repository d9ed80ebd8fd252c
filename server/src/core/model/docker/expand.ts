// Expands variables in a job's texts and in the words of its commands, as far as they can be known before the pipeline
// runs. What is not known stays a variable part, with what GitLab says of its value.
// https://docs.gitlab.com/ci/variables/where_variables_can_be_used/
import { predefinedVariable, UNKNOWN_PROPERTIES } from "../../data/predefined-variables";
import type { QueryContext } from "../../query/query";
import type { Word, WordPart } from "../../syntax/shell-nodes";
import type { Hop, Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import type { Job, Variable } from "../pipeline/job";
import type { Argument, JobCommand } from "./command";
import { settingsOf } from "../settings-of";
import { fieldOf, mayBeSplit } from "./loop-words";
import { changeParts, isDefaultOperator } from "./parameter-change";
import { shellValuesOf, type ShellValue } from "./shell-variables";
import { pickVariable } from "./pick-variable";
import { literal, type SymbolReason, type SymbolicPart, type SymbolicText } from "./symbolic";
import { choose, closeVariable, isOpen, openVariable, variants, type Run } from "./variants";

export { MAX_VARIANTS } from "./variants";

/** Where a text stands: which shell's variables it sees, and how it came. */
interface Site {
  /** Undefined in YAML, where shell variables are not known. */
  readonly command: JobCommand | undefined;
  readonly via: readonly Hop[];
  readonly place: (start: number, end: number) => Origin | undefined;
}

const NO_HOPS: readonly Hop[] = [];
const NOWHERE: Site["place"] = () => undefined;

/**
 * What a YAML text of a job (`image`, a service's name, a variable's value) becomes.
 *
 * @param text a text with places, or one without
 * @returns one variant per matrix value, at least one, at most MAX_VARIANTS. Shell assignments do not count there.
 */
export function expandText(ctx: QueryContext, job: Job, text: MappedText | string): readonly SymbolicText[] {
  const [value, place] =
    typeof text === "string"
      ? [text, NOWHERE]
      : [text.text, (start: number, end: number) => text.at(start, end)];
  const site: Site = { command: undefined, via: NO_HOPS, place };
  if (isPlain(value)) return [{ parts: [plainPart(value, site)] }];
  return variants(ctx, job, (run) => yamlParts(run, value, site));
}

/**
 * What a word of a command becomes when the shell runs it: assignments that stand before it in the same shell count, then the
 * job's variables.
 */
export function expandArgument(
  ctx: QueryContext,
  command: JobCommand,
  argument: Argument,
): readonly SymbolicText[] {
  if (argument.isStatic) return [{ parts: [literal(argument.text, argument.at)] }];
  const site: Site = { command, via: NO_HOPS, place: command.place };
  return variants(ctx, command.job, (run) => wordParts(run, argument.word, site));
}

/** What a variable holds where a command runs: the shell's own value, else the job's. */
export function expandVariable(
  ctx: QueryContext,
  command: JobCommand,
  name: string,
): readonly SymbolicText[] {
  const site: Site = { command, via: NO_HOPS, place: NOWHERE };
  return variants(ctx, command.job, (run) => variableParts(run, name, undefined, site));
}

// ---- YAML texts: GitLab and Runner expand `$X`, `${X}` and `%X%`; `$$` is a dollar sign.

const YAML_VARIABLE = /\$\$|\$\[\[([^\]]*)\]\]|\$\{([^{}]*)\}|\$([A-Za-z_]\w*)|%([A-Za-z_]\w*)%/g;

/** Most values hold no variable. */
const isPlain = (text: string): boolean => !text.includes("$") && !text.includes("%");

const plainPart = (text: string, { place, via }: Site): SymbolicPart =>
  literal(text, place(0, text.length), via);

function yamlParts(run: Run, text: string, site: Site): readonly SymbolicPart[] {
  if (isPlain(text)) return [plainPart(text, site)];
  const parts: SymbolicPart[] = [];
  let end = 0;
  const push = (from: number, to: number): void => {
    if (to > from) parts.push(literal(text.slice(from, to), site.place(from, to), site.via));
  };
  for (const match of text.matchAll(YAML_VARIABLE)) {
    const start = match.index;
    push(end, start);
    end = start + match[0].length;
    const at = site.place(start, end);
    const name = match[2] ?? match[3] ?? match[4];
    if (match[0] === "$$") parts.push(literal("$", at, site.via));
    else if (match[1] !== undefined) parts.push(unknownPart(`[[${match[1]}]]`, "unknown", at, site));
    else if (name !== undefined) parts.push(...variableParts(run, name, at, site));
  }
  push(end, text.length);
  return parts.length > 0 ? parts : [literal("", site.place(0, 0), site.via)];
}

// ---- Words of the shell

function wordParts(run: Run, word: Word, site: Site): readonly SymbolicPart[] {
  if (word.parts.length === 0) return [literal("", site.place(word.start, word.end), site.via)];
  const [only] = word.parts;
  if (only !== undefined && word.parts.length === 1) return wordPart(run, only, site);
  return word.parts.flatMap((part) => wordPart(run, part, site));
}

function wordPart(run: Run, part: WordPart, site: Site): readonly SymbolicPart[] {
  const at = site.place(part.start, part.end);
  switch (part.kind) {
    case "literal":
    case "glob":
      return [literal(part.text, at, site.via)];
    case "command":
      return [unknownPart("(…)", "runtime", at, site)];
    case "arithmetic":
      return [unknownPart("((…))", "runtime", at, site)];
    case "variable":
      return operatorParts(run, part, at, site);
  }
}

type VariableWordPart = Extract<WordPart, { kind: "variable" }>;

function operatorParts(
  run: Run,
  part: VariableWordPart,
  at: Origin | undefined,
  site: Site,
): readonly SymbolicPart[] {
  const value = (): readonly SymbolicPart[] => variableParts(run, part.name, at, site);
  const { operator, argument = "" } = part;
  if (operator === undefined) return value();
  if (isDefaultOperator(operator)) return defaultParts(run, part, value(), at, site);
  if (operator === "[" || operator === "!" || (operator === "#" && part.argument === undefined)) {
    return [unknownPart(part.name, "runtime", at, site)];
  }
  return changeParts(value(), { name: part.name, operator, argument });
}

/** `${X:-default}` and its kin. Where it is not known whether X is set, both are possible. */
function defaultParts(
  run: Run,
  part: VariableWordPart,
  value: readonly SymbolicPart[],
  at: Origin | undefined,
  site: Site,
): readonly SymbolicPart[] {
  const operator = part.operator ?? "";
  if (operator.endsWith("?")) return value;
  const isEmpty = value.every((piece) => piece.kind === "literal" && piece.text === "");
  const isSure =
    isEmpty || value.some((piece) => (piece.kind === "literal" ? piece.text !== "" : isAlwaysSet(piece)));
  const alternative = (): readonly SymbolicPart[] => yamlLike(run, part.argument ?? "", at, site);
  const takesValue = isSure
    ? !isEmpty
    : choose(run, `\${${part.name}${operator}${part.argument ?? ""}}`, 2) === 0;
  if (operator.endsWith("+")) return takesValue ? alternative() : [literal("", at, site.via)];
  return takesValue ? value : alternative();
}

const isAlwaysSet = (part: SymbolicPart): boolean =>
  part.kind === "variable" &&
  part.reason === "predefined" &&
  part.properties !== UNKNOWN_PROPERTIES &&
  !part.properties.mayBeEmpty;

/** The text of a default: variables of the shell's kind, quotes removed; operators inside it are not followed. */
function yamlLike(run: Run, argument: string, at: Origin | undefined, site: Site): readonly SymbolicPart[] {
  const text = argument.replace(/^(["'])([^]*)\1$/, "$2");
  const parts: SymbolicPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|\$\{[^}]*\}|\$\([^)]*\)/g)) {
    if (match.index > end) parts.push(literal(text.slice(end, match.index), at, site.via));
    end = match.index + match[0].length;
    const name = match[1] ?? match[2];
    if (name === undefined) parts.push(unknownPart(match[0].slice(1), "runtime", at, site));
    else parts.push(...variableParts(run, name, at, site));
  }
  if (end < text.length || parts.length === 0) parts.push(literal(text.slice(end), at, site.via));
  return parts;
}

// ---- Variables

function variableParts(run: Run, name: string, at: Origin | undefined, site: Site): readonly SymbolicPart[] {
  if (/^(\d+|[@*#?$!-])$/.test(name)) return [unknownPart(name, "shell", at, site)];
  // Each shell command sees its own value: `X=a; X=$X-b` is no cycle.
  const { command } = site;
  if (isOpen(run, name, command?.order)) return outerOrCycle(run, name, at, site);
  if (!openVariable(run, name, command?.order)) return [unknownPart(name, "cycle", at, site)];
  const parts =
    command === undefined ? jobVariable(run, name, at, site) : shellVariable(run, name, at, site, command);
  closeVariable(run);
  return parts;
}

/** `PATH=$PATH:x` names the value from outside the shell; in YAML a variable in terms of itself has none. */
const outerOrCycle = (run: Run, name: string, at: Origin | undefined, site: Site): readonly SymbolicPart[] =>
  site.command === undefined
    ? [unknownPart(name, "cycle", at, site)]
    : variableParts(run, name, at, { ...site, command: undefined });

function shellVariable(
  run: Run,
  name: string,
  at: Origin | undefined,
  site: Site,
  command: JobCommand,
): readonly SymbolicPart[] {
  const { values, isCertain } = shellValuesOf(run.ctx, command, name);
  if (values.length === 0) return jobVariable(run, name, at, site);
  const last = values.at(-1);
  if (last?.kind === "assignment" && last.assignment.kind === "append")
    return [unknownPart(name, "runtime", at, site)];
  const index = choose(run, `shell ${name} ${command.order}`, values.length + (isCertain ? 0 : 1));
  const value = values[index];
  return value === undefined ? jobVariable(run, name, at, site) : shellValueParts(run, name, value, at, site);
}

function shellValueParts(
  run: Run,
  name: string,
  value: ShellValue,
  at: Origin | undefined,
  site: Site,
): readonly SymbolicPart[] {
  const via = through(site, name, at, "script");
  if (value.kind === "loop") {
    const { word, loop } = value;
    const inList: Site = { ...site, via, place: loop.place };
    if (!mayBeSplit(word)) return wordParts(run, word, inList);
    const field = fieldOf(run, site.command, word, (part) => wordPart(run, part, inList));
    return field ?? [unknownPart(name, "runtime", loop.place(word.start, word.end), inList)];
  }
  const { assignment } = value;
  const inner: Site = { command: assignment.command, via, place: assignment.command.place };
  if (assignment.kind === "unset") return [literal("", assignment.at, via)];
  const word = assignment.value?.word;
  const isRuntime =
    word === undefined
      ? assignment.kind === "read"
      : word.parts.length === 1 && word.parts[0]?.kind === "command";
  if (isRuntime || assignment.value === undefined)
    return [unknownPart(name, "runtime", assignment.at, inner)];
  return wordParts(run, assignment.value.word, inner);
}

function jobVariable(run: Run, name: string, at: Origin | undefined, site: Site): readonly SymbolicPart[] {
  const variable = pickVariable(run, name);
  if (variable === undefined) return [unknownVariable(run, name, at, site)];
  const used = through(site, name, at, "variable");
  const via = variable.via.length === 0 ? used : [...used, ...variable.via];
  if (!variable.isKnown) return [unknownPart(name, "unknown", variable.at, { ...site, via })];
  const { value } = variable;
  const place = placesOf(variable, value);
  if (!variable.expand) return [literal(value, place(0, value.length), via)];
  return yamlParts(run, value, { command: undefined, via, place });
}

function placesOf(variable: Variable, value: string): Site["place"] {
  const { text } = variable;
  return text !== undefined && text.text === value ? (start, end) => text.at(start, end) : () => variable.at;
}

function unknownVariable(run: Run, name: string, at: Origin | undefined, site: Site): SymbolicPart {
  if (predefinedVariable(name) !== undefined) return unknownPart(name, "predefined", at, site);
  const isKnown = run.ctx.get(settingsOf, null).settings.variables.known.includes(name);
  return unknownPart(name, isKnown ? "external" : "unknown", at, site);
}

function unknownPart(name: string, reason: SymbolReason, at: Origin | undefined, site: Site): SymbolicPart {
  const properties =
    reason === "predefined" ? (predefinedVariable(name) ?? UNKNOWN_PROPERTIES) : UNKNOWN_PROPERTIES;
  return {
    kind: "variable",
    name,
    reason,
    properties,
    change: undefined,
    isSanitised: false,
    at,
    via: site.via,
  };
}

const through = (
  site: Site,
  name: string,
  at: Origin | undefined,
  kind: "variable" | "script",
): readonly Hop[] => (at === undefined ? site.via : [...site.via, { kind, name, at }]);
