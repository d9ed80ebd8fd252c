// Uses of Compose v1, the program `docker-compose`, and whether the job's image has it.
// https://www.docker.com/blog/new-docker-compose-v2-and-v1-deprecation/
import type { QueryContext } from "../../query/query";
import { isAtLeast } from "../../data/docker-versions";
import type { Job } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import { surelyRuns, type ContainerCommand } from "./command";
import { commandsOf, isOpaque, jobCommandsOf } from "./find-commands";
import { expandImage, type ExpandedImage } from "./image-of";
import { literalText } from "./symbolic";

export interface ComposeV1 {
  /** At least one, in order. */
  readonly commands: readonly ContainerCommand[];
  /** "no": an official `docker` image of before 20.10, and nothing brings the program. "yes": the image of Compose v1. */
  readonly isInstalled: "yes" | "no" | "unknown";
  /** Whether `docker compose` is there instead; undefined where nobody knows. */
  readonly hasPlugin: boolean | undefined;
}

/**
 * What a job does with `docker-compose`; undefined where it does nothing. Official images since 20.10 link their Compose plugin
 * under the old name too, so there it is no v1. https://github.com/docker-library/docker (Dockerfile-cli.template)
 */
export function composeV1Of(ctx: QueryContext, job: Job): ComposeV1 | undefined {
  const commands = commandsOf(ctx, job).filter(({ tool }) => tool === "docker-compose");
  if (commands.length === 0) return undefined;
  const isInContainer = profileOf(ctx, job).ignoresImages !== true;
  const image = isInContainer && job.image !== undefined ? expandImage(ctx, job, job.image) : undefined;
  const hasPlugin = pluginIn(image);
  if (hasPlugin === true) return undefined;
  const isMissing = image?.docker !== undefined && commands.some(surelyRuns) && !mayInstall(ctx, job);
  return {
    commands,
    isInstalled: isMissing ? "no" : isComposeImage(image) ? "yes" : "unknown",
    hasPlugin,
  };
}

const isComposeImage = (image: ExpandedImage | undefined): boolean =>
  image !== undefined && literalText(image.reference.repository)?.endsWith("docker/compose") === true;

/** The official images hold the plugin since 20.10. https://github.com/docker-library/docker */
function pluginIn(image: ExpandedImage | undefined): boolean | undefined {
  if (isComposeImage(image)) return false;
  if (image?.docker === undefined) return undefined;
  const { version } = image.docker;
  return version === undefined || isAtLeast(version, "20.10");
}

/** `apk add docker-compose`, `curl -o /usr/local/bin/docker-compose`, a function of that name, a script that is not read. */
const mayInstall = (ctx: QueryContext, job: Job): boolean =>
  isOpaque(ctx, job) ||
  jobCommandsOf(ctx, job).some(
    ({ argv, use }) =>
      use.inFunction === "docker-compose" ||
      argv.slice(1).some(({ text }) => /docker[-_]compose(?![\w.-]*\.ya?ml)/.test(text)),
  );
