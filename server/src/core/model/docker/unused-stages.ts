// Stages of a Dockerfile that no build in sight makes. BuildKit makes what the target needs; the legacy builder and kaniko make
// every stage, so for them nothing is said.
// https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit
// https://github.com/GoogleContainerTools/kaniko#flag---skip-unused-stages
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Build } from "./build";
import { isFlagOn } from "./command";
import { stageNamed, type Dockerfile, type Stage } from "./dockerfile";
import { buildsOfDockerfile, buildsOfUnknownDockerfiles } from "./dockerfile-uses";
import { directSources, finalStage, reachableFrom } from "./stage-reachability";
import { literalText } from "./symbolic";

/**
 * The stages that nothing makes, without those that only another unused stage needs. Empty where no build of the file is known,
 * where a target is not known, and where a file that may hold a build of its own (compose, bake, make) speaks of the stage.
 */
export function unusedStages(ctx: QueryContext, dockerfile: Dockerfile): readonly Stage[] {
  const last = finalStage(dockerfile);
  if (last === undefined || dockerfile.stages.length < 2) return [];
  const reachable = reachableFrom([last]);
  if (dockerfile.stages.every((stage) => reachable.has(stage))) return [];
  const targets = builtTargets(ctx, dockerfile);
  if (targets === undefined) return [];
  const used = reachableFrom([last, ...targets]);
  const unused = dockerfile.stages.filter((stage) => !used.has(stage));
  const needed = new Set(unused.flatMap(directSources));
  return unused.filter((stage) => !needed.has(stage) && !isMentioned(ctx, stage));
}

/** The stages that `--target` names anywhere; undefined where one of them is not known, or where every stage is made. */
function builtTargets(ctx: QueryContext, dockerfile: Dockerfile): readonly Stage[] | undefined {
  const builds = buildsOfDockerfile(ctx, dockerfile.tree.path);
  if (builds.length === 0 || builds.some(makesEveryStage)) return undefined;
  const targets: Stage[] = [];
  for (const { target, command } of [...builds, ...buildsOfUnknownDockerfiles(ctx)]) {
    if (target === undefined && command.isOpen) return undefined;
    for (const variant of target?.variants ?? []) {
      const name = literalText(variant);
      if (name === undefined) return undefined;
      const stage = stageNamed(dockerfile, name);
      if (stage !== undefined) targets.push(stage);
    }
  }
  return targets;
}

function makesEveryStage({ command }: Build): boolean {
  if (command.tool === "kaniko") return !isFlagOn(command, "skip-unused-stages");
  const inline = command.assignments.find(({ name }) => name === "DOCKER_BUILDKIT")?.value?.text;
  return (inline ?? command.job.variables.get("DOCKER_BUILDKIT")?.value) === "0";
}

/** Files that build images, or name what is to be built, besides the pipeline. */
const BUILD_FILE =
  /(?:^|\/)(?:(?:docker-)?compose[^/]*\.ya?ml|docker-bake[^/]*\.(?:hcl|json)|(?:GNU)?[Mm]akefile|[^/]+\.mk|[Jj]ustfile|Taskfile\.ya?ml|skaffold\.ya?ml|Tiltfile|Jenkinsfile|devcontainer\.json|[^/]+\.(?:ba)?sh)$|^\.github\/workflows\/[^/]+\.ya?ml$/;

/** More files than this are not read; the stage then counts as used. */
const MOST_FILES = 60;

function isMentioned(ctx: QueryContext, { name }: Stage): boolean {
  const paths = ctx.paths();
  if (paths === undefined) return true;
  if (name === undefined) return false;
  const files = [...paths].filter((path) => BUILD_FILE.test(path));
  return files.length > MOST_FILES || files.some((path) => speaksOf(ctx, path, name.value));
}

function speaksOf(ctx: QueryContext, path: FilePath, name: string): boolean {
  const text = ctx.file(path)?.text ?? "";
  return (
    /target/i.test(text) && new RegExp(`(?<![\\w-])${name.replace(/[.]/g, "\\.")}(?![\\w-])`, "i").test(text)
  );
}
