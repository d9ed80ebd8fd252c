// What the variables in a reference can hold in the pipelines in which a job runs: empty, with a slash, with capitals, a new
// value for each commit. From the table of predefined variables, the job's own name, stage and environment, and its rules.
import { predefinedVariable, type VariableProperties } from "../../data/predefined-variables";
import type { QueryContext } from "../../query/query";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import { runsIn, type JobRuns, type RefKind, type Way } from "../pipeline/when";
import { isSetFor } from "../pipeline/when-conditions";
import { canHaveSlash } from "../pipeline/when-name";
import type { SymbolicText, VariablePart } from "./symbolic";

/** Properties of a value as the job meets it: "no" is proven, "yes" means that such a pipeline is possible. */
export interface PartProperties {
  readonly maySlash: Answer;
  readonly mayUpper: Answer;
  /** Holds `+`, `#`, `:`, blanks and the like, which neither a tag nor a path allows. */
  readonly mayBadTagChar: Answer;
  readonly emptiness: Emptiness;
  readonly uniquePerCommit: boolean;
  readonly uniquePerPipeline: boolean;
}

/** When a predefined variable is empty for a job. */
export interface Emptiness {
  /** "always": in each pipeline in which the job runs. "sometimes": in those of `refs`, which are possible. */
  readonly kind: "never" | "sometimes" | "always" | "unknown";
  readonly refs: readonly RefKind[];
}

/** What is known of a variable part of a reference; nothing may be said of one that GitLab does not set. */
export function propertiesOf(ctx: QueryContext, job: Job, part: VariablePart): PartProperties {
  const { properties } = part;
  const { uniquePerCommit, uniquePerPipeline } = properties;
  if (part.reason !== "predefined") {
    const emptiness: Emptiness = { kind: "unknown", refs: [] };
    return { ...NOTHING, emptiness, uniquePerCommit, uniquePerPipeline };
  }
  const runs = runsIn(ctx, job);
  const own = ownValue(job, part.name);
  const characters = own === undefined ? ofTable(properties) : ofText(own, properties);
  return {
    ...characters,
    ...(isBranchName(part.name) && own === undefined ? ofBranch(part, runs, characters) : {}),
    emptiness: emptinessOf(job, runs, part.name),
    uniquePerCommit,
    uniquePerPipeline,
  };
}

type Characters = Pick<PartProperties, "maySlash" | "mayUpper" | "mayBadTagChar">;

const NOTHING: Characters = { maySlash: "unknown", mayUpper: "unknown", mayBadTagChar: "unknown" };

const answer = (is: boolean): Answer => (is ? "yes" : "no");

const ofTable = ({ maySlash, mayUpper, mayBadTagChar }: VariableProperties): Characters => ({
  maySlash: answer(maySlash),
  mayUpper: answer(mayUpper),
  mayBadTagChar: answer(mayBadTagChar),
});

/** A value that the files say; a change such as `${X,,}` takes away what it takes away. */
const ofText = (value: string, properties: VariableProperties): Characters => ({
  maySlash: answer(properties.maySlash && value.includes("/")),
  mayUpper: answer(properties.mayUpper && /[A-Z]/.test(value)),
  mayBadTagChar: answer(properties.mayBadTagChar && /[^\w./-]/.test(value)),
});

// ---- Values that the job itself says

/** The value of a variable that GitLab makes of the job's own text; undefined where that is not known as text. */
function ownValue(job: Job, name: string): string | undefined {
  switch (name) {
    case "CI_JOB_NAME":
      // `parallel` adds " 1/5", or ": [a, b]" for a matrix.
      return job.keywords.has("parallel") ? undefined : job.name;
    case "CI_JOB_STAGE":
      return job.stage.value;
    case "CI_ENVIRONMENT_NAME":
      return environmentName(job);
    default:
      return undefined;
  }
}

function environmentName(job: Job): string | undefined {
  const environment = job.keywords.get("environment")?.value;
  const name = environment?.kind === "map" ? environment.entries.get("name")?.value : environment;
  return name?.kind === "scalar" && !name.node.text.includes("$") ? name.node.text : undefined;
}

// ---- Names of refs

const BRANCH_NAMES: ReadonlyMap<string, readonly RefKind[]> = new Map<string, readonly RefKind[]>([
  ["CI_COMMIT_REF_NAME", ["branch", "tag", "merge_request"]],
  ["CI_COMMIT_BRANCH", ["branch"]],
  ["CI_COMMIT_TAG", ["tag"]],
  ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", ["merge_request"]],
]);

const isBranchName = (name: string): boolean => BRANCH_NAMES.has(name);

/** The ways in which the variable is set; of each it is asked what the ref's name can hold. */
function ofBranch(part: VariablePart, { ways }: JobRuns, characters: Characters): Partial<Characters> {
  const refs = BRANCH_NAMES.get(part.name) ?? [];
  const own = ways.filter((way) => way.refs.some((ref) => refs.includes(ref)));
  const asked = (before: Answer, ask: (way: Way) => Answer): Answer =>
    before === "no" ? "no" : best(own.map((way) => certain(way, ask(way))));
  return {
    maySlash: asked(characters.maySlash, (way) => canHaveSlash(way.name)),
    mayBadTagChar: asked(characters.mayBadTagChar, (way) => answer(!isNarrow(way))),
    mayUpper: asked(characters.mayUpper, (way) =>
      answer(literalNames(way).every((name) => /[A-Z]/.test(name))),
    ),
  };
}

const certain = (way: Way, found: Answer): Answer => (found === "yes" && !way.isCertain ? "unknown" : found);

const best = (answers: readonly Answer[]): Answer =>
  answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";

/** The names that a way is limited to; the default branch is taken for one without anything special. */
const literalNames = (way: Way): readonly string[] =>
  way.name.flatMap((each) => (each.kind === "is" ? [each.name] : each.kind === "is-default" ? ["main"] : []));

/** One name, a slug, or a pattern from end to end that admits neither `+` nor anything at all: `^v\d+\.\d+$`. */
const isNarrow = (way: Way): boolean =>
  way.name.some((each) => {
    if (each.kind === "is") return /^[\w./-]*$/.test(each.name);
    return each.kind === "is-default" || (each.kind === "matches" && isSafePattern(each.pattern));
  });

/** A regular expression from end to end that admits neither `/` nor `+` nor anything at all. */
export function isSafePattern(pattern: string): boolean {
  const text = pattern.replace(/^\\A/, "^").replace(/\\[zZ]$/, "$");
  if (!text.startsWith("^") || !text.endsWith("$")) return false;
  const plain = text
    .slice(1, -1)
    .replace(/\\[dw.-]/g, "0")
    // A dot in a character class is a dot.
    .replace(/\[[^\]]*\]/g, (set) => set.replaceAll(".", "0"));
  return /^[\w\-()[\]{},:*+?|]*$/.test(plain) && !/\[[^\]]*\+/.test(plain);
}

// ---- Emptiness

/** Keywords without which GitLab does not set a variable. */
const NEEDED_KEYWORDS: readonly (readonly [RegExp, string])[] = [
  [/^CI_ENVIRONMENT_/, "environment"],
  [/^CI_NODE_INDEX$/, "parallel"],
];

/** Variables whose emptiness the rules of a job decide. */
const BY_REF = /^CI_COMMIT_(?:BRANCH|TAG|TAG_MESSAGE)$|^CI_MERGE_REQUEST_/;

/** In which of the pipelines that a job runs in a predefined variable is empty. What YAML defines is not looked at. */
export function emptinessOf(job: Job, runs: JobRuns, name: string): Emptiness {
  const never: Emptiness = { kind: "never", refs: [] };
  if (predefinedVariable(name)?.mayBeEmpty !== true) return never;
  const keyword = NEEDED_KEYWORDS.find(([names]) => names.test(name))?.[1];
  if (keyword !== undefined && job.keywords.has(keyword)) return never;
  if (keyword !== undefined) return { kind: job.isClosed ? "always" : "unknown", refs: [] };
  return BY_REF.test(name) ? emptinessByRef(runs, name) : { kind: "unknown", refs: [] };
}

function emptinessByRef({ ways }: JobRuns, name: string): Emptiness {
  // The message of a tag may be missing where the tag is not.
  const asked = name === "CI_COMMIT_TAG_MESSAGE" ? "CI_COMMIT_TAG" : name;
  const states = ways
    .filter((way) => way.variables.get(asked) !== "set")
    .flatMap((way) => way.refs.map((ref) => ({ way, ref, isSet: isSetFor(asked, ref) })));
  const empty = states.filter(({ isSet }) => isSet === false);
  if (empty.length === 0)
    return { kind: states.some(({ isSet }) => isSet === undefined) ? "unknown" : "never", refs: [] };
  const possible = empty.filter(({ way }) => way.isCertain && !isNamedLikeOthers(way, asked));
  const refs = [...new Set(possible.map(({ ref }) => ref))];
  const isAlways = empty.length === states.length && ways.every((way) => way.variables.get(asked) !== "set");
  if (isAlways) return { kind: "always", refs };
  return refs.length === 0 ? { kind: "unknown", refs } : { kind: "sometimes", refs };
}

/**
 * The rules ask for a name, of branches and Git tags alike (`only: [main]`, `$CI_COMMIT_REF_NAME =~ /^v/`): nearly always one kind
 * of them is meant, and the other has no such name.
 */
const isNamedLikeOthers = (way: Way, name: string): boolean =>
  way.name.some(({ kind }) => kind !== "is-not" && kind !== "is-not-default" && kind !== "matches-not") &&
  way.refs.some((ref) => isSetFor(name, ref) === true);

// ---- Uniqueness

/** Whether each commit, or each pipeline, has a value of its own for a text: what it names cannot exist before. */
export const isUniquePerCommit = ({ parts }: SymbolicText): boolean =>
  parts.some((part) => part.kind === "variable" && part.properties.uniquePerCommit);

export const isUniquePerPipeline = ({ parts }: SymbolicText): boolean =>
  parts.some((part) => part.kind === "variable" && part.properties.uniquePerPipeline);
