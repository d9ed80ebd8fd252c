// Image references as they will be: filled in for the example pipelines in which the job runs, and whether they are valid.
import type { SamplePipeline, SampleProject } from "../../data/sample-pipelines";
import type { ImageReference } from "../../model/docker/image-reference";
import { referenceFault } from "../../model/docker/reference-check";
import { showText, textKey, type SymbolicText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import { fill, sampleProjectOf, samplesOf, type Filled } from "../samples";
import { bullets, code, listed, paragraphs } from "./markdown";

/** More variants than this are counted, not shown. */
const MOST_VARIANTS = 4;

/** What references become; those without variables in one line. */
export function referencesText(ctx: QueryContext, job: Job, references: readonly ImageReference[]): string {
  const texts = distinct(references.map(({ text }) => text));
  const shown = texts.slice(0, MOST_VARIANTS);
  const left = texts.length - shown.length;
  return paragraphs(
    ...(alternativesText(ctx, job, shown) ?? shown.map((text) => referenceText(ctx, job, text))),
    left > 0 ? `…and ${left} more by the job's matrix or rules` : undefined,
  );
}

/**
 * Several texts of one word, by example. `${TAG:-$SLUG}` gives one with `$TAG` and one without; which of them it is in which pipeline
 * the texts don't say, but hardly the one whose variable is empty there. Undefined where there is one text, or no example.
 */
function alternativesText(
  ctx: QueryContext,
  job: Job,
  texts: readonly SymbolicText[],
): readonly string[] | undefined {
  if (texts.length < 2) return undefined;
  const project = sampleProjectOf(ctx);
  const lines = samplesOf(ctx, job).map((sample) => {
    const filled = texts.map((text) => fill(text, sample, project));
    const full = filled.filter(({ empty }) => empty.length === 0);
    const likely = full.length > 0 ? full : filled;
    return { label: sample.label, texts: [...new Set(likely.map(verdictOf))] };
  });
  const keys = new Set(lines.map((line) => line.texts.join("\n")));
  const [first] = lines;
  if (first === undefined) return undefined;
  const isValid = first.texts.every((text) => !text.includes(INVALID));
  if (keys.size === 1) return isValid ? [listed(first.texts, "or")] : first.texts;
  return [bullets(lines.map((line) => `${line.label}: ${listed(line.texts, "or")}`))];
}

const distinct = (texts: readonly SymbolicText[]): readonly SymbolicText[] => [
  ...new Map(texts.map((text) => [textKey(text), text])).values(),
];

function referenceText(ctx: QueryContext, job: Job, text: SymbolicText): string {
  if (!text.parts.some((part) => part.kind === "variable")) return verdict(showText(text), true, []);
  const project = sampleProjectOf(ctx);
  const samples = samplesOf(ctx, job);
  const lines = samples.map((sample) => ({ sample, text: becomes(text, sample, project) }));
  const [first] = lines;
  if (first === undefined) return code(showText(text));
  if (lines.every((line) => line.text === first.text)) return first.text;
  return bullets(lines.map((line) => `${line.sample.label}: ${line.text}`));
}

function becomes(text: SymbolicText, sample: SamplePipeline, project: SampleProject): string {
  return verdictOf(fill(text, sample, project));
}

const verdictOf = ({ text, isWhole, empty }: Filled): string => verdict(text, isWhole, empty);

const INVALID = "**not valid**";

/** With variables left over, letters stand for them: what is wrong then is wrong whatever they hold. */
function verdict(text: string, isWhole: boolean, empty: readonly string[]): string {
  const fault = referenceFault(
    isWhole ? text : text.replace(/\$\{[^}]*\}|\$\[\[[^\]]*\]\]|\$\([^)]*\)?|\$\w+/g, "x"),
  );
  if (fault === undefined) return code(text);
  const names = empty.map((name) => code(`$${name}`));
  const because =
    names.length === 0 ? "" : `; ${listed(names)} ${names.length === 1 ? "is" : "are"} empty there`;
  return `${code(text)} — ${INVALID}: ${fault}${because}`;
}
