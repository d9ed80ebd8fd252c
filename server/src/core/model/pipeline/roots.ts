// Which files a pipeline starts from: the entry file, child pipelines, and files that nobody includes.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { settingsOf } from "../settings-of";
import { expandNode } from "./expand";
import { pipelineFilesOf } from "./include";
import { valueOf } from "../../syntax/yaml-nodes";
import { headerOf, isReadable, rootPairsOf, sameItems, yamlOf } from "./yaml-of";

const ENTRY_FILE = ".gitlab-ci.yml";

/**
 * The files that pipelines start from, the repository's own entry first: the configured ones, else `.gitlab-ci.yml`; the
 * local files that trigger jobs start as child pipelines; then files that are named like a pipeline and that no other
 * includes (examples, templates for other repositories).
 */
export const rootsOf = defineQuery<null, readonly FilePath[]>({
  name: "rootsOf",
  compute: (ctx) => {
    const { entry } = ctx.get(settingsOf, null).settings;
    const roots: FilePath[] = [];
    const covered = new Set<FilePath>();
    const add = (path: FilePath): void => {
      if (covered.has(path) || !ctx.get(isReadable, path)) return;
      roots.push(path);
      for (const file of ctx.get(pipelineFilesOf, path).files) covered.add(file);
      for (const child of ctx.get(childPipelinesOf, path)) add(child);
    };
    for (const path of entry.length > 0 ? entry : [ENTRY_FILE]) add(path);
    for (const path of ctx.get(pipelineLikeFiles, null)) add(path);
    for (const path of ctx.get(componentFiles, null)) if (ctx.get(hasHeader, path)) add(path);
    return roots;
  },
  equals: sameItems,
});

/**
 * Whether a root is a pipeline that GitLab runs as it stands. What is only named like one may be completed by whoever
 * includes it, so nothing may be called absent in it.
 */
export const isPipelineEntry = defineQuery<FilePath, boolean>({
  name: "isPipelineEntry",
  compute: (ctx, root) => {
    const { entry } = ctx.get(settingsOf, null).settings;
    if (entry.length > 0) return entry.includes(root) || isChildPipeline(ctx, root);
    return root === ENTRY_FILE || root.endsWith(`/${ENTRY_FILE}`) || isChildPipeline(ctx, root);
  },
});

const isChildPipeline = (ctx: QueryContext, path: FilePath): boolean =>
  ctx.get(rootsOf, null).some((root) => ctx.get(childPipelinesOf, root).includes(path));

/** Local files that the trigger jobs of a pipeline start. https://docs.gitlab.com/ci/pipelines/downstream_pipelines/ */
export const childPipelinesOf = defineQuery<FilePath, readonly FilePath[]>({
  name: "childPipelinesOf",
  compute: (ctx, root) => {
    const files = ctx.get(pipelineFilesOf, root).files;
    return [...new Set(files.flatMap((file) => ctx.get(triggeredBy, file)))];
  },
  equals: sameItems,
});

/** Local files that the trigger jobs written in one file start. */
const triggeredBy = defineQuery<FilePath, readonly FilePath[]>({
  name: "triggeredBy",
  compute: (ctx, file) => {
    const yaml = ctx.get(yamlOf, file);
    if (yaml === undefined) return [];
    return rootPairsOf(yaml).flatMap((pair) => {
      const trigger = pair.value.kind === "map" ? valueOf(pair.value, "trigger") : undefined;
      const include = trigger?.kind === "map" ? valueOf(trigger, "include") : undefined;
      return include === undefined ? [] : localTargets(ctx, expandNode(ctx, include));
    });
  },
  equals: sameItems,
});

function localTargets(ctx: QueryContext, value: ReturnType<typeof expandNode>): readonly FilePath[] {
  if (value.kind === "list") return value.items.flatMap((item) => localTargets(ctx, item));
  if (value.kind === "map") {
    const local = value.entries.get("local")?.value;
    return local === undefined ? [] : localTargets(ctx, local);
  }
  if (value.kind !== "scalar") return [];
  const path = value.node.text.replace(/^\/+/, "");
  return /^https?:|\$|\.\./.test(path) || !/\.ya?ml$/.test(path) ? [] : [path];
}

/** Files that are named like a pipeline, those nearest to the root first. */
const pipelineLikeFiles = defineQuery<null, readonly FilePath[]>({
  name: "pipelineLikeFiles",
  compute: (ctx) => {
    const paths = [...(ctx.paths() ?? [])].filter((path) => /(^|[/.])gitlab-ci\.ya?ml$/.test(path));
    return paths.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  },
  equals: sameItems,
});

/** Where components live. https://docs.gitlab.com/ci/components/#directory-structure */
const componentFiles = defineQuery<null, readonly FilePath[]>({
  name: "componentFiles",
  compute: (ctx) => [...(ctx.paths() ?? [])].filter((path) => /^templates\/([^/]+|[^/]+\/template)\.ya?ml$/.test(path)).sort(),
  equals: sameItems,
});

/** Whether a file begins with a `spec:` header, which makes a template a component. */
const hasHeader = defineQuery<FilePath, boolean>({
  name: "hasHeader",
  compute: (ctx, path) => {
    const yaml = ctx.get(yamlOf, path);
    return yaml !== undefined && headerOf(yaml) !== undefined;
  },
});

const depthOf = (path: FilePath): number => path.split("/").length;

