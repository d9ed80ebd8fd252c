// Rewrites a job that builds with kaniko for rootless BuildKit or Buildah, in the job's own style. Nothing where a part of it has no
// counterpart, or is not written in one place.
import { BUILDAH, ROOTLESS_BUILDKIT, ROOTLESS_FLAG } from "../data/builder-images";
import type { ContainerCommand } from "../model/docker/command";
import { jobCommandsOf } from "../model/docker/find-commands";
import { imageKeyOf, kanikoJobsOf, type KanikoUse } from "../model/docker/kaniko";
import { readKanikoBuild, type KanikoBuild } from "../model/docker/kaniko-build";
import type { NewVariables } from "../model/pipeline/edit";
import { clearEntrypoint, setVariablesBesideImage } from "../model/pipeline/image-edit";
import type { Job } from "../model/pipeline/job";
import { listOf } from "../model/pipeline/script-edit";
import { insertItemBefore } from "../syntax/yaml-edit";
import type { ChunkEdit } from "../text/edit";
import type { Origin } from "../text/located";
import { replaceText } from "./edits";
import { buildahCommands, buildkitCommands, type NewCommands } from "./kaniko-commands";
import { replaceCommand } from "./replace-command";
import type { FixDraft, RuleContext } from "./rule";

interface Builder {
  readonly title: string;
  readonly image: string;
  readonly variables: NewVariables;
  readonly commands: (build: KanikoBuild) => NewCommands;
  /** What the credentials must not hold. */
  readonly refuses: RegExp;
}

const BUILDERS: readonly Builder[] = [
  {
    title: "Build with rootless BuildKit",
    image: ROOTLESS_BUILDKIT,
    variables: [["BUILDKITD_FLAGS", ROOTLESS_FLAG]],
    commands: buildkitCommands,
    refuses: /credHelpers|credsStore|-login\b/,
  },
  {
    title: "Build with Buildah",
    image: BUILDAH,
    variables: [
      ["STORAGE_DRIVER", "vfs"],
      ["BUILDAH_FORMAT", "docker"],
    ],
    commands: buildahCommands,
    // It reads `auth` alone. https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
    refuses: /credHelpers|credsStore|-login\b|\\?"username\\?"/,
  },
];

/** The ways to build a job's image with something else. */
export function kanikoFixes(ctx: RuleContext, job: Job, { commands }: KanikoUse): readonly FixDraft[] {
  const builds = commands.map((command) => readKanikoBuild(ctx, command));
  if (commands.length === 0 || !isSelfContained(ctx, job, commands)) return [];
  return BUILDERS.flatMap((builder): readonly FixDraft[] => {
    const edits = rewrite(ctx, job, builder, commands, builds);
    return edits === undefined ? [] : [{ title: builder.title, safety: "suggested", edits }];
  });
}

/** Image, commands and credentials stand in one entry of a file, and whoever takes the image takes all of them. */
function isSelfContained(ctx: RuleContext, job: Job, commands: readonly ContainerCommand[]): boolean {
  const chunk = job.image?.name.at.chunk;
  const users = ctx.get(kanikoJobsOf, job.root).get(imageKeyOf(job)) ?? [];
  const isSame = (other: Job): boolean =>
    other.script.length === job.script.length &&
    other.script.every(
      (item, index) =>
        item.at.chunk === job.script[index]?.at.chunk && item.at.start === job.script[index].at.start,
    );
  const touched = job.script.filter(({ text }) => text.text.includes("/kaniko/"));
  return (
    users.length > 0 &&
    users.every(isSame) &&
    touched.every(({ at }) => at.chunk === chunk) &&
    commands.every(({ nameAt, item }) => nameAt.chunk === chunk && item.at.chunk === chunk) &&
    ![...job.variables.values()].some(
      ({ name, value }) => name === "DOCKER_CONFIG" || value.includes("/kaniko"),
    )
  );
}

function rewrite(
  ctx: RuleContext,
  job: Job,
  builder: Builder,
  commands: readonly ContainerCommand[],
  builds: readonly (KanikoBuild | undefined)[],
): readonly ChunkEdit[] | undefined {
  const { image } = job;
  const credentials = credentialEdits(ctx, job, builder, builds);
  const renamed = image && clearEntrypoint(ctx, image, builder.image);
  const missing = builder.variables.filter(([name]) => !job.variables.has(name));
  const variables = image && setVariablesBesideImage(ctx, image, missing);
  if (credentials === undefined || renamed === undefined || variables === undefined) return undefined;
  const edits: ChunkEdit[] = [...renamed, ...(missing.length === 0 ? [] : variables), ...credentials];
  for (const [index, command] of commands.entries()) {
    const build = builds[index];
    const replaced = build && replaceCommand(command, builder.commands(build));
    if (replaced === undefined) return undefined;
    edits.push(...replaced);
  }
  return edits;
}

const CREDENTIALS = "/kaniko/.docker";

/** The credentials go to where docker's clients look for them. Undefined where they come from somewhere else. */
function credentialEdits(
  ctx: RuleContext,
  job: Job,
  { refuses }: Builder,
  builds: readonly (KanikoBuild | undefined)[],
): readonly ChunkEdit[] | undefined {
  const text = job.script.map((item) => item.text.text).join("\n");
  const pushes = builds.some((build) => build?.pushes === true);
  const rest = text.replaceAll(CREDENTIALS, "").replaceAll("/kaniko/executor", "");
  if (/\/kaniko|\/busybox|DOCKER_CONFIG\b/.test(rest) || refuses.test(text)) return undefined;
  if ((pushes && !text.includes(`${CREDENTIALS}/config.json`)) || isSingleQuoted(ctx, job)) return undefined;
  const folder = folderEdits(job, text);
  return folder && [...folder, ...job.script.flatMap(({ at }) => moved(at))];
}

/** kaniko's image has the folder, others do not. Undefined where the line that makes it can't be written. */
function folderEdits(job: Job, text: string): readonly ChunkEdit[] | undefined {
  const first = job.script.find((item) => item.text.text.includes(CREDENTIALS));
  if (first === undefined || /mkdir\s[^\n;&|]*\/kaniko\/\.docker/.test(text)) return [];
  const place = listOf(job, first);
  return place && insertItemBefore(place.list.node, place.index, "mkdir -p $HOME/.docker");
}

function moved({ chunk, start, end }: Origin): readonly ChunkEdit[] {
  const edits: ChunkEdit[] = [];
  for (let at = chunk.text.indexOf(CREDENTIALS, start); at !== -1 && at < end;) {
    edits.push(replaceText({ chunk, start: at, end: at + CREDENTIALS.length }, "$HOME/.docker"));
    at = chunk.text.indexOf(CREDENTIALS, at + 1);
  }
  return edits;
}

/** Between single quotes `$HOME` would stay text. */
const isSingleQuoted = (ctx: RuleContext, job: Job): boolean =>
  jobCommandsOf(ctx, job).some(({ argv, use }) =>
    [...argv.map(({ word }) => word), ...use.command.redirects.flatMap(({ target }) => target ?? [])].some(
      ({ source }) => source.includes(CREDENTIALS) && source.includes("'"),
    ),
  );
