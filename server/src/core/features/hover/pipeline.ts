// Hover in pipeline files: what stands under the cursor, and who speaks of it.
import type { Job, Service } from "../../model/pipeline/job";
import { jobNamesOf, jobOf, rootKey, visibleJobsOf } from "../../model/pipeline/resolve";
import type { QueryContext } from "../../query/query";
import type { YamlNode } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { commandIn, firstWith, jobsAt, rootsAround } from "../position/jobs-at";
import { isIn, type Spot } from "../position/spot";
import { variableAt } from "../position/variable-at";
import { yamlPathAt, type YamlPath } from "../position/yaml-path";
import { commandHover, imageAtText } from "./command";
import { headerKeyText } from "./header";
import { hoverText, type HoverText } from "./hover-text";
import { imageText, serviceText } from "./images";
import { inputText } from "./input";
import { jobText } from "./job";
import { keywordHoverText } from "./keyword";
import { bullets, code, listed, paragraphs } from "./markdown";
import { anchorAt, anchorText, entryText, referenceText } from "./parts";
import { variableText } from "./variable";

/** What is said at a spot of a pipeline file. */
export function pipelineHover(ctx: QueryContext, spot: Spot): HoverText | undefined {
  const roots = rootsAround(ctx, spot.file.path);
  const anchor = anchorAt(ctx, spot);
  if (anchor !== undefined) return hoverText(anchorText(ctx, anchor), anchor.at);
  const path = yamlPathAt(ctx, spot);
  if (path?.on === "key") return keyHover(ctx, spot, roots, path);
  const variable = variableAt(spot);
  if (variable?.isInput === true)
    return hoverText(inputText(ctx, roots, spot.file.path, variable.name), variable.at);
  if (variable !== undefined && path !== undefined)
    return hoverText(
      paragraphs(variableText(ctx, spot, path, variable.name), wholeImage(ctx, spot, path)),
      variable.at,
    );
  return path === undefined ? undefined : valueHover(ctx, spot, roots, path);
}

/** A variable in the name of an image is looked at for the sake of the name. */
function wholeImage(ctx: QueryContext, spot: Spot, path: YamlPath): string | undefined {
  const command = firstWith(jobsAt(ctx, spot, path), (job) => commandIn(ctx, job, spot));
  const text = command && imageAtText(ctx, spot, command);
  return text === undefined ? undefined : paragraphs("---", text);
}

// ---- Keys

function keyHover(
  ctx: QueryContext,
  spot: Spot,
  roots: readonly FilePath[],
  path: YamlPath,
): HoverText | undefined {
  const header = headerKeyText(ctx, roots, spot.file.path, path);
  if (header !== undefined) return hoverText(header, path.node.at);
  const name = String(path.keys.at(-1));
  if (isVariableName(path)) return hoverText(variableText(ctx, spot, path, name), path.node.at);
  if (path.keys.length === 1) {
    const job = jobNamed(ctx, roots, name);
    if (job !== undefined) return hoverText(jobText(ctx, job), path.node.at);
  }
  const text = keywordHoverText(ctx, roots, path);
  return text === undefined ? undefined : hoverText(text, path.node.at);
}

/** A key below `variables:`, or in a row of a matrix. */
function isVariableName({ keys }: YamlPath): boolean {
  if (keys.at(-2) === "variables") return true;
  return keys.at(-3) === "matrix" && typeof keys.at(-2) === "number";
}

function jobNamed(ctx: QueryContext, roots: readonly FilePath[], name: string): Job | undefined {
  for (const root of roots) {
    const job = ctx.get(jobNamesOf, root).includes(name) ? ctx.get(jobOf, rootKey(root, name)) : undefined;
    if (job !== undefined) return job;
  }
  return undefined;
}

// ---- Values

function valueHover(
  ctx: QueryContext,
  spot: Spot,
  roots: readonly FilePath[],
  path: YamlPath,
): HoverText | undefined {
  const reference = path.pairs.map(({ value }) => value).flatMap((node) => referenceIn(node, spot))[0];
  if (reference !== undefined) {
    const text = referenceText(ctx, roots, reference.path);
    return text === undefined ? undefined : hoverText(text, reference.at);
  }
  // The blank between a key and its value.
  if (!isIn(spot, path.node.at)) return undefined;
  const name = path.node.kind === "scalar" ? path.node.text : "";
  switch (path.keys.filter((key) => typeof key === "string").at(path.keys[0] === "default" ? 1 : -1)) {
    case "extends":
      return textAt(entryText(ctx, roots, name), path);
    case "needs":
    case "job":
    case "dependencies":
      return textAt(jobTextOf(ctx, roots, name), path);
    case "stage":
    case "stages":
      return textAt(stageText(ctx, roots, name), path);
    default:
      return jobPartHover(ctx, spot, path);
  }
}

const textAt = (text: string | undefined, { node }: YamlPath): HoverText | undefined =>
  text === undefined ? undefined : hoverText(text, node.at);

function jobTextOf(ctx: QueryContext, roots: readonly FilePath[], name: string): string | undefined {
  const job = jobNamed(ctx, roots, name);
  return job && jobText(ctx, job);
}

interface WrittenReference {
  readonly path: readonly string[];
  /** The tag included. */
  readonly at: Origin;
}

/** The `!reference` below a node that holds the spot. */
function referenceIn(node: YamlNode, spot: Spot): readonly WrittenReference[] {
  if (node.kind !== "seq") return [];
  const at = node.tag === undefined ? node.at : withTag(node.at, node.tag);
  if (!isIn(spot, at)) return [];
  if (node.tag !== "!reference") return node.items.flatMap((item) => referenceIn(item, spot));
  return [{ path: node.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : [])), at }];
}

/** From the tag in front of a node. */
function withTag(at: Origin, tag: string): Origin {
  const start = at.chunk.text.lastIndexOf(tag, at.start);
  return start === -1 ? at : { ...at, start };
}

const MOST_JOBS = 8;

/** The jobs of a stage. */
function stageText(ctx: QueryContext, roots: readonly FilePath[], stage: string): string | undefined {
  for (const root of roots) {
    const jobs = visibleJobsOf(ctx, root).filter((job) => job.stage.value === stage);
    if (jobs.length === 0) continue;
    const shown = jobs.slice(0, MOST_JOBS).map(({ name }) => code(name));
    return paragraphs(
      `**Stage** ${code(stage)}`,
      bullets([
        `${jobs.length === 1 ? "job" : "jobs"} ${listed(jobs.length > shown.length ? [...shown, `${jobs.length - shown.length} more`] : shown)}`,
      ]),
    );
  }
  return undefined;
}

// ---- Commands, images and services of the jobs around

function jobPartHover(ctx: QueryContext, spot: Spot, path: YamlPath): HoverText | undefined {
  const jobs = jobsAt(ctx, spot, path);
  const command = firstWith(jobs, (job) => commandIn(ctx, job, spot));
  if (command !== undefined) return commandHover(ctx, spot, command);
  const image = firstWith(jobs, (job) => (isIn(spot, job.image?.name.at) ? job.image : undefined));
  if (image !== undefined) {
    const text = imageText(ctx, image);
    return text === undefined ? undefined : hoverText(text, image.found.name.at);
  }
  const service = firstWith(jobs, (job) => job.services.find((each) => isServiceAt(each, spot)));
  if (service === undefined) return undefined;
  const { name, alias } = service.found;
  return hoverText(serviceText(ctx, service), isIn(spot, name.at) ? name.at : (alias?.at ?? name.at));
}

const isServiceAt = ({ name, alias }: Service, spot: Spot): boolean =>
  isIn(spot, name.at) || isIn(spot, alias?.at);
