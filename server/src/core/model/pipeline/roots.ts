// Which files a pipeline starts from: the entry file, child pipelines, and files that nobody includes.
import { defineQuery } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { settingsOf } from "../settings-of";
import { childStartsOf, entryCandidatesOf, startedBy } from "./child-pipelines";
import { pipelineFilesOf } from "./include";
import { headerPairOf, isReadable, sameItems } from "./yaml-of";

const ENTRY_FILE = ".gitlab-ci.yml";

/**
 * The files that pipelines start from, the repository's own entry first: the configured ones, else `.gitlab-ci.yml`; the
 * child pipelines that trigger jobs start from local files; then files that are named like a pipeline and components,
 * unless another one includes them (examples, templates for other repositories).
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
    };
    const candidates = ctx.get(entryCandidatesOf, null);
    const count = Math.max(entry.length, 1);
    for (const path of candidates.slice(0, count)) add(path);
    for (const path of ctx.get(childStartsOf, null).keys()) add(path);
    for (const path of candidates.slice(count)) add(path);
    for (const path of ctx.get(componentFiles, null))
      if (ctx.get(headerPairOf, path) !== undefined) add(path);
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
    if (ctx.get(childStartsOf, null).has(root)) return true;
    const { entry } = ctx.get(settingsOf, null).settings;
    return entry.length > 0 ? entry.includes(root) : root === ENTRY_FILE || root.endsWith(`/${ENTRY_FILE}`);
  },
});

/**
 * Whether GitLab runs the pipeline of a root in this repository: its entry file, a configured one, a child pipeline. A
 * `.gitlab-ci.yml` in a folder is an example or another repository's, and what it includes need not be here.
 */
export const isOwnPipeline = defineQuery<FilePath, boolean>({
  name: "isOwnPipeline",
  compute: (ctx, root) => {
    if (ctx.get(childStartsOf, null).has(root)) return true;
    const { entry } = ctx.get(settingsOf, null).settings;
    return entry.length > 0 ? entry.includes(root) : root === ENTRY_FILE;
  },
});

/** The first file of each child pipeline that the trigger jobs of a pipeline start. */
export const childPipelinesOf = defineQuery<FilePath, readonly FilePath[]>({
  name: "childPipelinesOf",
  compute: (ctx, root) => startedBy(ctx, ctx.get(pipelineFilesOf, root)),
  equals: sameItems,
});

/** Whether a path is where a component lives. https://docs.gitlab.com/ci/components/#directory-structure */
export const isComponentFile = (path: FilePath): boolean =>
  /^templates\/(?:[^/]+|[^/]+\/template)\.yml$/.test(path);

const componentFiles = defineQuery<null, readonly FilePath[]>({
  name: "componentFiles",
  compute: (ctx) => [...(ctx.paths() ?? [])].filter(isComponentFile).sort(),
  equals: sameItems,
});
