// What image references become: those of a job's container commands and its `image:`, filled in for an example pipeline.
import type { SamplePipeline, SampleProject } from "../../data/sample-pipelines";
import { commandsOf } from "../../model/docker/find-commands";
import { operandReferences, type OperandReference } from "../../model/docker/operand-references";
import { textKey, variablesIn } from "../../model/docker/symbolic";
import type { ImageAction } from "../../model/flow/image-use";
import { imageUsesOf } from "../../model/flow/uses-of-job";
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import { textAt } from "../../text/located";
import { code, paragraphs } from "../hover/markdown";
import { fill, sampleProjectOf, samplesOf, type Filled } from "../samples";
import { shortened, type JobHint } from "./hint";

/** What commands of a job, or its `image:`, do with one image. Bases stand in Dockerfiles; services have hints of their own. */
const ACTIONS: ReadonlySet<ImageAction> = new Set<ImageAction>([
  "build",
  "cache-from",
  "cache-to",
  "copy",
  "create",
  "inspect",
  "job-image",
  "pull",
  "push",
  "remove",
  "run",
  "save",
  "tag",
]);

type Reference = Pick<OperandReference, "at" | "references">;

/** For the default branch where the job runs for it, else for the first pipeline that it runs in. */
export function imageHints(ctx: QueryContext, job: Job): readonly JobHint[] {
  const references = referencesOf(ctx, job).filter(({ at }) => at.value.includes("$"));
  if (references.length === 0) return [];
  const samples = samplesOf(ctx, job);
  const sample = samples.find(({ isDefault }) => isDefault) ?? samples[0];
  if (sample === undefined) return [];
  const project = sampleProjectOf(ctx);
  return references.flatMap((reference) => hintOf(reference, sample, project) ?? []);
}

/** The flow has what `docker tag` makes; what it makes it of stands there too. */
const referencesOf = (ctx: QueryContext, job: Job): readonly Reference[] => [
  ...imageUsesOf(ctx, job).filter(({ action }) => ACTIONS.has(action)),
  ...commandsOf(ctx, job)
    .filter(({ verb }) => verb === "tag")
    .flatMap((command) => operandReferences(ctx, command).slice(0, 1)),
];

function hintOf(
  { at, references }: Reference,
  sample: SamplePipeline,
  project: SampleProject,
): JobHint | undefined {
  const [first] = references;
  // A matrix gives one text several values; and a word that a variable brought is not written here.
  const keys = new Set(references.map(({ text }) => textKey(text)));
  if (first === undefined || keys.size !== 1 || !unquoted(textAt(at.at)).includes(unquoted(at.value)))
    return undefined;
  const filled = fill(first.text, sample, project);
  // No name holds a blank: the variable is a list, of which a loop takes one at a time.
  if (/\s/.test(filled.text) || !saysMore(filled, at.value)) return undefined;
  const isExample = variablesIn(first.text).length > 0;
  return {
    at: at.at,
    label: `→ ${shortened(filled.text)}`,
    tooltip: isExample
      ? paragraphs(`${sample.label}: ${code(filled.text)}`, "The values of GitLab's variables are examples.")
      : code(filled.text),
    key: textKey(first.text),
    rank: sample.isDefault ? 1 : 0,
  };
}

const unquoted = (text: string): string => text.replace(/["'\\]/g, "");

/** Where variables stay, something else must have come in their stead. */
const saysMore = ({ text, isWhole }: Filled, written: string): boolean =>
  isWhole ? text !== written : withoutVariables(text) !== withoutVariables(written);

const withoutVariables = (text: string): string =>
  text.replace(/\$\([^]*\)|`[^`]*`|\$\[\[[^\]]*\]\]|\$\{[^}]*\}|\$\w+/g, "");
