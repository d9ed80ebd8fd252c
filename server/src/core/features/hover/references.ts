// Image references as they will be: filled in for the example pipelines in which the job runs, and whether they are valid.
import type { SamplePipeline, SampleProject } from "../../data/sample-pipelines";
import type { ImageReference } from "../../model/docker/image-reference";
import { referenceFault } from "../../model/docker/reference-check";
import { showText, textKey, type SymbolicText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import { fill, sampleProjectOf, samplesOf } from "../samples";
import { bullets, code, paragraphs } from "./markdown";

/** More variants than this are counted, not shown. */
const MOST_VARIANTS = 4;

/** What references become; those without variables in one line. */
export function referencesText(ctx: QueryContext, job: Job, references: readonly ImageReference[]): string {
  const texts = distinct(references.map(({ text }) => text));
  const shown = texts.slice(0, MOST_VARIANTS).map((text) => referenceText(ctx, job, text));
  const left = texts.length - shown.length;
  return paragraphs(...shown, left > 0 ? `…and ${left} more by the job's matrix or rules` : undefined);
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
  const filled = fill(text, sample, project);
  return verdict(filled.text, filled.isWhole, filled.empty);
}

/** With variables left over, letters stand for them: what is wrong then is wrong whatever they hold. */
function verdict(text: string, isWhole: boolean, empty: readonly string[]): string {
  const fault = referenceFault(
    isWhole ? text : text.replace(/\$\{[^}]*\}|\$\[\[[^\]]*\]\]|\$\([^)]*\)?|\$\w+/g, "x"),
  );
  if (fault === undefined) return code(text);
  const because =
    empty.length === 0 ? "" : `; ${empty.map((name) => `\`$${name}\``).join(", ")} is empty there`;
  return `${code(text)} — **not valid**: ${fault}${because}`;
}
