// What stands in the way of renaming stages and arguments of Dockerfiles.
import { dockerfileOf, type Dockerfile } from "../../model/docker/dockerfile";
import { RESERVED_STAGE_NAMES } from "../../model/docker/stage-references";
import { runReadingOf } from "../../model/docker/dockerfile-run";
import { literalText } from "../../model/docker/symbolic";
import { flagsNamed } from "../../model/docker/command";
import type { QueryContext } from "../../query/query";
import { usedBeside } from "./compose-names";
import { linkedDockerfiles, type LinkedDockerfile } from "./build-names";
import { allBuilds, type PlacedBuild } from "./jobs-of-workspace";
import { placeText, type RenameRules } from "./rename-rules";
import type { Mention } from "./symbol";

export const buildStageRules: RenameRules = {
  blocked(ctx, mention) {
    const { name } = mention;
    if (name.startsWith("#")) return "This stage has no name; give it one with `AS name` first";
    for (const linked of linkedDockerfiles(ctx, mention)) {
      const reason =
        blockedIn(ctx, linked) ??
        duplicate(ctx, linked, name) ??
        linked.builds.map((each) => unclearTarget(each, name)).find((each) => each !== undefined);
      if (reason !== undefined) return reason;
    }
    return unplacedUse(ctx, name, "target") ?? usedBeside(ctx, name, "stage");
  },
  refuses(ctx, mention, name) {
    // BuildKit: frontend/dockerfile/instructions/parse.go (validStageName), after the name is made lower case
    if (!/^[a-z][a-z\d_.-]*$/.test(name.toLowerCase()))
      return `\`${name}\` is no name for a stage: a letter, then letters, digits, \`-\`, \`_\` and \`.\``;
    if (RESERVED_STAGE_NAMES.has(name.toLowerCase())) return `\`${name}\` means something else to a builder`;
    for (const { path } of linkedDockerfiles(ctx, mention)) {
      const dockerfile = dockerfileOf(ctx, path);
      const reason = dockerfile && takenStage(dockerfile, name.toLowerCase());
      if (reason !== undefined) return reason;
    }
    return undefined;
  },
};

const blockedIn = (ctx: QueryContext, { path }: LinkedDockerfile): string | undefined => {
  const frontend = dockerfileOf(ctx, path)?.foreignFrontend;
  return frontend && `\`${path}\` is read by another frontend (\`${frontend}\`), whose names are not known`;
};

function duplicate(ctx: QueryContext, { path }: LinkedDockerfile, name: string): string | undefined {
  const same =
    dockerfileOf(ctx, path)?.stages.filter((stage) => stage.name?.value.toLowerCase() === name) ?? [];
  return same.length > 1
    ? `Two stages of \`${path}\` are called \`${name}\`; give one of them another name first`
    : undefined;
}

/** A `--target` that is not known may be this stage. */
function unclearTarget({ job, build }: PlacedBuild, name: string): string | undefined {
  const { target, command } = build;
  if (target?.variants.some((variant) => literalText(variant) === undefined) === true)
    return `The job \`${job.name}\` chooses the stage by \`${target.argument.text}\`, whose value is not known`;
  const context = flagsNamed(command, "build-context").find(
    ({ value }) => value?.text.toLowerCase().startsWith(`${name}=`) === true,
  );
  return context && `The job \`${job.name}\` replaces the stage by a build context of the same name`;
}

/** A build whose Dockerfile is not known uses the name. */
function unplacedUse(ctx: QueryContext, name: string, what: "target" | "arguments"): string | undefined {
  const found = allBuilds(ctx).find(({ build, dockerfiles }) => {
    if (dockerfiles !== undefined) return false;
    if (what === "arguments") return build.arguments.some((each) => each.name === name);
    return build.target?.variants.some((variant) => literalText(variant)?.toLowerCase() === name) === true;
  });
  return found && `The job \`${found.job.name}\` uses \`${name}\` in a build whose Dockerfile is not known`;
}

function takenStage({ stages, tree: { path } }: Dockerfile, name: string): string | undefined {
  if (stages.some((stage) => stage.name?.value.toLowerCase() === name))
    return `\`${path}\` has a stage \`${name}\` already`;
  const isImage = stages.some(
    ({ written, edges }) =>
      written.value.toLowerCase() === name || edges.some(({ from }) => from.value.toLowerCase() === name),
  );
  return isImage
    ? `\`${path}\` takes an image \`${name}\`, which a stage of this name would hide`
    : undefined;
}

/** https://docs.docker.com/reference/dockerfile/#predefined-args , #automatic-platform-args-in-the-global-scope */
const PREDEFINED =
  /^(?:(?:HTTP|HTTPS|FTP|NO|ALL)_PROXY|SOURCE_DATE_EPOCH|BUILDKIT_\w+|(?:BUILD|TARGET)(?:ARCH|OS|PLATFORM|VARIANT|STAGE))$/i;

export const buildArgRules: RenameRules = {
  blocked(ctx, mention, all) {
    const { name } = mention;
    if (PREDEFINED.test(name)) return `\`${name}\` is an argument of the builder's own`;
    if (!all.some(({ role }) => role === "definition")) return `No \`ARG\` declares \`${name}\``;
    for (const linked of linkedDockerfiles(ctx, mention)) {
      const reason = blockedIn(ctx, linked) ?? readFromEnvironment(ctx, linked, name);
      if (reason !== undefined) return reason;
    }
    return unplacedUse(ctx, name, "arguments") ?? usedBeside(ctx, name, "argument");
  },
  refuses(ctx, mention, name) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      return `\`${name}\` is no name for an argument: letters, digits and \`_\`, no digit in front`;
    if (PREDEFINED.test(name)) return `\`${name}\` is an argument of the builder's own`;
    for (const { path, builds } of linkedDockerfiles(ctx, mention)) {
      const text = ctx.file(path)?.text ?? "";
      if (new RegExp(`\\b${name}\\b`).test(text)) return `\`${path}\` uses \`${name}\` already`;
      const given = builds.find(({ build }) => build.arguments.some((each) => each.name === name));
      if (given !== undefined)
        return `The job \`${given.job.name}\` gives a build argument \`${name}\` already`;
    }
    return undefined;
  },
};

/** In RUN an argument is a variable of the environment: what nobody reads by its name is there for a program. */
function readFromEnvironment(
  ctx: QueryContext,
  { path, mentions }: LinkedDockerfile,
  name: string,
): string | undefined {
  const dockerfile = dockerfileOf(ctx, path);
  for (const stage of dockerfile?.stages ?? []) {
    const declared = stage.arguments.find((each) => each.name === name);
    if (declared === undefined) continue;
    const behind = stage.instructions.slice(stage.instructions.indexOf(declared.instruction) + 1);
    const runs = behind.filter(({ keyword }) => keyword === "RUN");
    const isRead = mentions.some(
      (each) => each.role === "reference" && behind.some(({ at }) => covers(at, each)),
    );
    if (!isRead && runs.length > 0)
      return `No instruction reads \`${name}\` by its name behind ${placeText(ctx, declared.assignment.nameAt)}: a program that RUN starts may find it in its environment`;
    const calling = runs
      .flatMap((run) => runReadingOf(ctx, run).commands)
      .find(({ words }) => callsScript(words));
    if (calling !== undefined)
      return `\`${calling.text.slice(0, 60)}\` (${placeText(ctx, calling.at)}) is not read here and may use \`${name}\` from its environment`;
  }
  return undefined;
}

const covers = (at: Mention["at"], mention: Mention): boolean =>
  at.chunk === mention.at.chunk && at.start <= mention.at.start && mention.at.end <= at.end;

const callsScript = ([name = "", ...rest]: readonly string[]): boolean =>
  /^(?!.*\/s?bin\/)\.{0,2}\/|\.(?:sh|bash|py|pl|rb)$/.test(name) ||
  /^(?:make|just|task|rake|ninja|envsubst)$/.test(name) ||
  (/^(?:(?:ba|da|a|z|k)?sh|python[\d.]*|node|ruby|perl|source|\.)$/.test(name) &&
    rest.some((word) => /\.\w+$/.test(word) && !word.startsWith("-")));
