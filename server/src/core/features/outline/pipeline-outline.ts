// The outline of a pipeline's file: its jobs by stage, its templates, and what it says for the whole pipeline.
import type { Job } from "../../model/pipeline/job";
import { RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "../../model/pipeline/keywords";
import { jobNamesOf, jobOf, rootKey } from "../../model/pipeline/resolve";
import type { QueryContext } from "../../query/query";
import { keyText, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { blocksOf, rootsOfFile } from "../symbols/pipelines-around";
import { buildsIn } from "../symbols/jobs-of-workspace";
import { joined } from "./detail";
import type { OutlineGroup, UngroupedEntry } from "./outline-item";

const TEMPLATES: OutlineGroup = { kind: "template", name: "templates" };

/** The entries of a file in order; none where it is part of no pipeline. */
export function pipelineEntries(ctx: QueryContext, path: FilePath): readonly UngroupedEntry[] {
  const roots = rootsOfFile(ctx, path);
  if (roots.length === 0) return [];
  const rootOfJob = new Map<string, FilePath>();
  for (const root of [...roots].reverse())
    for (const name of ctx.get(jobNamesOf, root)) rootOfJob.set(name, root);
  return blocksOf(ctx, path)
    .flatMap(({ pairs }) => pairs)
    .flatMap((pair) => entryOf(ctx, rootOfJob, pair) ?? []);
}

function entryOf(
  ctx: QueryContext,
  rootOfJob: ReadonlyMap<string, FilePath>,
  pair: YamlPair,
): UngroupedEntry | undefined {
  const name = keyText(pair);
  if (name === undefined || name === "") return undefined;
  const { at } = pair;
  const own = { name, at, nameAt: pair.key.at } as const;
  const root = rootOfJob.get(name);
  const job = root === undefined ? undefined : ctx.get(jobOf, rootKey(root, name));
  if (RESERVED_ROOT_KEYS.has(name) || (SOFT_ROOT_KEYS.has(name) && job === undefined))
    return { ...own, kind: "global", group: undefined, detail: globalDetail(pair) };
  if (name.startsWith("."))
    return { ...own, kind: "template", group: TEMPLATES, detail: job && jobDetail(ctx, job) };
  // A name that is made of an input, or a job that is only half typed.
  if (job === undefined) return { ...own, kind: "job", group: undefined, detail: undefined };
  return {
    ...own,
    kind: "job",
    group: { kind: "stage", name: job.stage.value },
    detail: jobDetail(ctx, job),
  };
}

/** `docker:29 · builds api/Dockerfile` */
function jobDetail(ctx: QueryContext, job: Job): string | undefined {
  if (job.isTrigger) return "starts a pipeline";
  const image = job.image?.name;
  // A template gets the image of `default:` only through the jobs that take it in.
  const isOwn = !job.isHidden || image?.via.some(({ kind }) => kind === "default") === false;
  return joined([isOwn ? image?.value : undefined, buildDetail(ctx, job)], " · ");
}

/** Files that are named; with more of them, their number. */
const MOST_FILES = 2;

function buildDetail(ctx: QueryContext, job: Job): string | undefined {
  const builds = buildsIn(ctx, job);
  if (builds.length === 0) return undefined;
  const named = builds.flatMap(({ dockerfiles }) => dockerfiles ?? []);
  const files = [...new Set(named)].filter((file) => ctx.exists(file) !== false);
  if (files.length === 0) return builds.length === 1 ? "builds an image" : `builds ${builds.length} images`;
  return files.length > MOST_FILES ? `builds ${files.length} Dockerfiles` : `builds ${files.join(", ")}`;
}

// ---- What holds for the whole pipeline

function globalDetail({ key, value }: YamlPair): string | undefined {
  switch (key.kind === "scalar" ? key.text : "") {
    case "include":
      return joined(includeNames(value));
    case "variables":
    case "default":
      return joined(keysOf(value));
    case "workflow":
      return joined(textsOf(value, "name"));
    case "spec":
      return joined(value.kind === "map" ? value.pairs.flatMap((pair) => keysOf(pair.value)) : []);
    default:
      return joined(scalarsOf(value));
  }
}

const keysOf = (node: YamlNode): readonly string[] =>
  node.kind === "map" ? node.pairs.flatMap((pair) => keyText(pair) ?? []) : [];

const scalarsOf = (node: YamlNode): readonly string[] => {
  if (node.kind === "scalar") return [node.text];
  return node.kind === "seq" ? node.items.flatMap(scalarsOf) : [];
};

const textsOf = (node: YamlNode, key: string): readonly string[] =>
  node.kind === "map"
    ? node.pairs.flatMap((pair) => (keyText(pair) === key ? scalarsOf(pair.value) : []))
    : [];

const INCLUDE_KEYS = ["local", "project", "remote", "template", "component"] as const;

function includeNames(node: YamlNode): readonly string[] {
  if (node.kind === "seq") return node.items.flatMap(includeNames);
  return node.kind === "scalar" ? [node.text] : INCLUDE_KEYS.flatMap((key) => textsOf(node, key));
}
