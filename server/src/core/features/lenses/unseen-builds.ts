// Whether a Dockerfile may be built by what nobody reads here: a program, a Compose or Bake file, a pipeline that is not whole.
// Only where that is ruled out may a lens say that no job builds it.
import { holdsClient, jobImageOf } from "../../model/docker/client-image";
import type { ContainerCommand } from "../../model/docker/command";
import { commandsOf, isOpaque } from "../../model/docker/find-commands";
import type { Job } from "../../model/pipeline/job";
import { isClosedOf } from "../../model/pipeline/resolve";
import { rootsOf } from "../../model/pipeline/roots";
import { profileOf } from "../../model/runner/profile";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { allBuilds, allJobs, callsOf, type PlacedBuild } from "../symbols/jobs-of-workspace";

/** Whether it is certain that no job builds a Dockerfile that no build in sight reads. */
export const isSurelyUnbuilt = (ctx: QueryContext, path: FilePath): boolean =>
  ctx.get(isWholeInSight, null) && !isMentioned(ctx, path);

const isWholeInSight = defineQuery<null, boolean>({
  name: "allBuildsAreInSight",
  compute: (ctx) => {
    const roots = ctx.get(rootsOf, null);
    const builds = allBuilds(ctx);
    // Where no job builds any image, images are built elsewhere, and to say it on each Dockerfile helps nobody.
    if (builds.length === 0 || ctx.get(hasOtherPipelines, null)) return false;
    return (
      roots.every((root) => ctx.get(isClosedOf, root)) &&
      builds.every(isPlaced) &&
      !visibleJobs(ctx).some((job) => ctx.get(mayBuildUnseen, job))
    );
  },
});

const visibleJobs = (ctx: QueryContext): readonly Job[] => allJobs(ctx).filter(({ isHidden }) => !isHidden);

/** `docker build $OPTIONS .` may name any file. */
const isPlaced = ({ build, dockerfiles }: PlacedBuild): boolean =>
  dockerfiles !== undefined && (build.file !== undefined || !build.command.isOpen);

/** Pipelines of other systems build from the same repository; nothing of them is read. */
const hasOtherPipelines = defineQuery<null, boolean>({
  name: "hasOtherPipelines",
  compute: (ctx) => {
    const paths = ctx.paths();
    return paths === undefined || [...paths].some((path) => OTHER_PIPELINE.test(path));
  },
});

const OTHER_PIPELINE =
  /^(?:\.github\/workflows\/|\.gitea\/workflows\/|\.forgejo\/workflows\/|\.circleci\/|\.buildkite\/|\.woodpecker|\.drone\.ya?ml$|azure-pipelines[^/]*\.ya?ml$|bitbucket-pipelines\.ya?ml$|cloudbuild[^/]*\.ya?ml$|Jenkinsfile)/;

const mayBuildUnseen = defineQuery<Job, boolean>({
  name: "mayBuildUnseen",
  compute: (ctx, job) => {
    if (!job.isClosed) return true;
    if (job.isTrigger) return startsUnread(job);
    return commandsOf(ctx, job).some(buildsByFile) || (isOpaque(ctx, job) && mayHoldBuilder(ctx, job));
  },
});

/** Child pipelines from local files are read; those that a job makes, and those of other projects, are not. */
function startsUnread({ keywords }: Job): boolean {
  const trigger = keywords.get("trigger")?.value;
  const include = trigger?.kind === "map" ? trigger.entries.get("include")?.value : undefined;
  if (include === undefined) return false;
  const statements = include.kind === "list" ? include.items : [include];
  return !statements.every((each) => {
    const path = each.kind === "map" && each.entries.size === 1 ? each.entries.get("local")?.value : each;
    return path?.kind === "scalar" && !path.node.text.includes("$");
  });
}

/** Builds that files describe, those of tools that are not read, and commands that are not known. */
const buildsByFile = ({ tool, verb, isOpen }: ContainerCommand): boolean =>
  /^(?:compose (?:build|create|run|up|watch)|(?:buildx )?bake)$/.test(verb) ||
  (tool === "buildctl" && verb !== "prune") ||
  (verb === "" && isOpen);

/** Whether what a job calls can build an image: in an image that is known to hold no Docker client it can't. */
function mayHoldBuilder(ctx: QueryContext, job: Job): boolean {
  const image = jobImageOf(ctx, job, profileOf(ctx, job));
  if (image === undefined || holdsClient(image) !== "no" || job.services.length > 0) return true;
  return textsOf(ctx, job).some((text) => BUILDER_WORD.test(text));
}

const BUILDER_WORD = /docker|kaniko|buildah|podman|buildkit|nerdctl/i;

const textsOf = (ctx: QueryContext, job: Job): readonly string[] => [
  ...job.script.map(({ text }) => text.text),
  ...callsOf(ctx, job).map(({ file }) => file.text.text),
];

/** Whether a script speaks of the file or its folder: it may be copied to where a build reads it. */
function isMentioned(ctx: QueryContext, path: FilePath): boolean {
  const names = path.split("/");
  const base = names.at(-1) ?? path;
  const folder = names.at(-2);
  const words = [
    ...(folder === undefined || base.toLowerCase() !== "dockerfile" ? [base] : []),
    ...(folder === undefined ? [] : [folder]),
  ];
  const pattern = new RegExp(`(?<![\\w-])(?:${words.map(escaped).join("|")})(?![\\w-])`);
  return visibleJobs(ctx).some((job) => textsOf(ctx, job).some((text) => pattern.test(text)));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
