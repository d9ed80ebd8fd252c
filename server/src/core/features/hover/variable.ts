// Hover on a variable of a pipeline: its value, where that comes from, and what it can hold.
import { PREDEFINED_PAGE, predefinedText } from "../../data/predefined-texts";
import { predefinedVariable, REMOVED_VARIABLES, UNKNOWN_PROPERTIES } from "../../data/predefined-variables";
import type { ContainerCommand, JobCommand } from "../../model/docker/command";
import { expandText, expandVariable } from "../../model/docker/expand";
import { jobCommandsOf } from "../../model/docker/find-commands";
import { propertiesOf, type PartProperties } from "../../model/docker/reference-properties";
import { shellValuesOf } from "../../model/docker/shell-variables";
import { showText, textKey, type SymbolicText, type VariablePart } from "../../model/docker/symbolic";
import { variableOf } from "../../model/docker/variable-of";
import type { Job, Variable, VariableScope } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import { jobsAt } from "../position/jobs-at";
import { placeText } from "../position/place-text";
import { isIn, type Spot } from "../position/spot";
import type { YamlPath } from "../position/yaml-path";
import { fill, sampleProjectOf, samplesOf } from "../samples";
import { bullets, code, link, listed, paragraphs } from "./markdown";

/** What is said of a variable at a spot. */
export function variableText(
  ctx: QueryContext,
  spot: Spot,
  path: YamlPath | undefined,
  name: string,
): string {
  const jobs = jobsAt(ctx, spot, path);
  const job =
    jobs.find((each) => each.script.some((item) => isIn(spot, item.at))) ?? bestJob(jobs, spot, name);
  return paragraphs(
    `**${code(`$${name}`)}**${kindText(name, job)}`,
    predefinedPart(name),
    ...(job === undefined || REMOVED_VARIABLES.has(name) ? [] : inJob(ctx, spot, job, name)),
    job === undefined || job.variables.has(name) ? overriding(path, jobs, name) : undefined,
  );
}

/** The job whose definition stands at the spot, else one that knows the name, else any. */
const bestJob = (jobs: readonly Job[], spot: Spot, name: string): Job | undefined =>
  jobs.find((job) => isIn(spot, job.variables.get(name)?.nameAt)) ??
  jobs.find((job) => job.variables.has(name)) ??
  jobs[0];

function kindText(name: string, job: Job | undefined): string {
  if (job?.variables.has(name) === true)
    return predefinedVariable(name) ? " — set by GitLab, and again in this pipeline" : "";
  return predefinedVariable(name) === undefined ? "" : " — set by GitLab";
}

function predefinedPart(name: string): string | undefined {
  const successor = REMOVED_VARIABLES.get(name);
  if (successor !== undefined) return `Removed in GitLab 16.0, and empty since: use \`$${successor}\`.`;
  const text = predefinedText(name);
  return text === undefined ? undefined : `${text}. ${link("Predefined variables", PREDEFINED_PAGE)}`;
}

// ---- In one job

function inJob(ctx: QueryContext, spot: Spot, job: Job, name: string): readonly (string | undefined)[] {
  const command = commandAt(ctx, job, spot);
  const assigned = command === undefined ? [] : assignmentsText(ctx, command, name);
  const layers = layersText(ctx, job, name);
  const expanded =
    command === undefined ? expandText(ctx, job, `\${${name}}`) : expandVariable(ctx, command, name);
  const value = variableOf(ctx, job, name);
  const isNowhere = assigned.length === 0 && layers.length === 0 && predefinedText(name) === undefined;
  const sources = [...assigned, ...layers];
  const isIncluded = sources.length > 0 || isNowhere;
  return [
    isIncluded ? `In job ${code(job.name)}:` : undefined,
    sources.length > 0 ? bullets(sources) : undefined,
    isNowhere
      ? value.kind === "unknown"
        ? `${sentence(value.explanation)}.`
        : `Its value is ${code(value.kind === "text" ? value.value : "…")}.`
      : undefined,
    samplesText(ctx, job, name, expanded),
    propertiesText(ctx, job, expanded),
    layers.length > 0
      ? "*A variable of the same name in GitLab's user interface, or of a pipeline started by hand, wins over the file.*"
      : undefined,
  ];
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The innermost command at a spot, of any kind. */
function commandAt(ctx: QueryContext, job: Job, spot: Spot): JobCommand | ContainerCommand | undefined {
  if (!job.script.some((item) => isIn(spot, item.at))) return undefined;
  const holding = jobCommandsOf(ctx, job).filter((command) => isIn(spot, command.at));
  return holding.sort((a, b) => a.at.end - a.at.start - (b.at.end - b.at.start))[0];
}

function assignmentsText(ctx: QueryContext, command: JobCommand, name: string): readonly string[] {
  const { values, isCertain } = shellValuesOf(ctx, command, name);
  return values.map((each) => {
    if (each.kind === "loop") return `a value of a loop: ${code(each.word.source)}`;
    const { assignment } = each;
    const place = placeText(ctx, assignment.at);
    const value = assignment.value === undefined ? "set when the script runs" : code(assignment.value.text);
    return `${value} — by the script, ${place}${isCertain ? "" : ", in some cases"}`;
  });
}

const SCOPES: Readonly<Record<VariableScope, string>> = {
  rules: "`rules` of the job",
  matrix: "`parallel:matrix`",
  job: "`variables` of the job",
  workflow: "`workflow:rules`",
  pipeline: "`variables` of the pipeline",
  service: "`variables` of the service",
  runner: "the runner",
};

/** More places than this are not listed: a matrix may have hundreds of rows. */
const MOST_VALUES = 6;

/** Who sets it, the one that wins first. */
function layersText(ctx: QueryContext, job: Job, name: string): readonly string[] {
  let isHidden = false;
  return job.variableLayers.flatMap(({ scope, options }) => {
    const written = options.flatMap((option) => option.get(name) ?? []);
    if (written.length === 0) return [];
    const wins = isHidden ? " — hidden by the one above" : "";
    isHidden ||= written.length === options.length;
    return [`${valuesText(written)} — ${SCOPES[scope]}, ${placesText(ctx, written)}${wins}`];
  });
}

function valuesText(variables: readonly Variable[]): string {
  const values = [
    ...new Set(variables.map(({ value, isKnown }) => (isKnown ? code(value) : "a value that is not known"))),
  ];
  const shown = values.slice(0, MOST_VALUES);
  return listed(shown, "or") + (values.length > shown.length ? " …" : "");
}

function placesText(ctx: QueryContext, variables: readonly Variable[]): string {
  const places = [...new Set(variables.map(({ at }) => placeText(ctx, at)))];
  return listed(places.slice(0, 3)) + (places.length > 3 ? " …" : "");
}

/** Its value in the examples, unless that is what stands in the file anyway. */
function samplesText(
  ctx: QueryContext,
  job: Job,
  name: string,
  expanded: readonly SymbolicText[],
): string | undefined {
  const texts = [...new Map(expanded.map((text) => [textKey(text), text])).values()].slice(0, MOST_VALUES);
  const [only] = texts;
  if (only === undefined || texts.length > 1 || !only.parts.some((part) => part.kind === "variable")) {
    const shown = texts
      .map(showText)
      .filter((text) => text !== job.variables.get(name)?.value && text !== "");
    const isNews = shown.length > 0 && job.variables.get(name)?.value.includes("$") === true;
    return isNews ? `Filled in: ${listed(shown.map(code), "or")}` : undefined;
  }
  const project = sampleProjectOf(ctx);
  const lines = samplesOf(ctx, job).map((sample) => ({ sample, filled: fill(only, sample, project) }));
  const [first] = lines;
  if (first === undefined || lines.every(({ filled }) => !filled.isWhole && filled.text === `$${name}`))
    return undefined;
  if (lines.every(({ filled }) => filled.text === first.filled.text)) {
    // What no example says stays as it is written.
    return first.filled.text === job.variables.get(name)?.value
      ? undefined
      : `For example ${code(first.filled.text)}`;
  }
  const shown = lines.map(({ sample, filled }) => `${sample.label}: ${code(filled.text)}`);
  return paragraphs("Filled in for example pipelines:", bullets(shown));
}

// ---- What it can hold

function propertiesText(ctx: QueryContext, job: Job, expanded: readonly SymbolicText[]): string | undefined {
  const parts = expanded.flatMap(({ parts: each }) =>
    each.filter((part): part is VariablePart => part.kind === "variable" && isDescribed(part)),
  );
  const distinct = [...new Map(parts.map((part) => [part.name + (part.change ?? ""), part])).values()];
  const lines = distinct.flatMap((part) => {
    const facts = factsOf(propertiesOf(ctx, job, part));
    return facts.length === 0
      ? []
      : [`${distinct.length > 1 ? `\`$${part.name}\`: ` : ""}${facts.join(", and ")}`];
  });
  const [only] = lines;
  if (only === undefined) return undefined;
  return distinct.length === 1 ? `In this job it ${only}.` : paragraphs("In this job:", bullets(lines));
}

/** Of most of GitLab's variables the table claims nothing: then nothing may be said. */
const isDescribed = ({ reason, name }: VariablePart): boolean =>
  reason === "predefined" && predefinedVariable(name) !== UNKNOWN_PROPERTIES;

const REFS = { branch: "branch", tag: "tag", merge_request: "merge request" } as const;

function factsOf({ maySlash, mayUpper, mayBadTagChar, emptiness }: PartProperties): readonly string[] {
  const can = [
    ...(maySlash === "yes" ? ["a slash"] : []),
    ...(mayUpper === "yes" ? ["capitals"] : []),
    ...(mayBadTagChar === "yes" ? ["characters that no tag may hold"] : []),
  ];
  const never = maySlash === "no" && mayBadTagChar === "no" ? ["holds only what a tag may hold"] : [];
  return [...(can.length > 0 ? [`can hold ${listed(can)}`] : never), ...emptyText(emptiness)];
}

function emptyText({ kind, refs }: PartProperties["emptiness"]): readonly string[] {
  if (kind === "never") return ["is never empty"];
  if (kind === "always") return ["is always empty"];
  if (kind !== "sometimes") return [];
  return [`is empty in ${listed(refs.map((ref) => REFS[ref]))} pipelines`];
}

// ---- Other jobs

/** At the definition of a pipeline variable: the jobs that have one of their own. */
function overriding(path: YamlPath | undefined, jobs: readonly Job[], name: string): string | undefined {
  if (path?.keys[0] !== "variables") return undefined;
  const own = jobs.filter((job) => {
    const scope = job.variables.get(name)?.scope;
    return scope !== undefined && scope !== "pipeline";
  });
  const shown = own.slice(0, MOST_VALUES).map((job) => code(job.name));
  return own.length === 0
    ? undefined
    : `Set anew in ${listed(shown)}${own.length > shown.length ? " …" : ""}.`;
}
