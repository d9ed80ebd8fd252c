// Repairs of a job without a docker client: another image where docker is all that the job runs, or a line that installs it.
import { parseDockerVersion } from "../data/docker-versions";
import { isDocker } from "../model/docker/image-of";
import type { MissingClient } from "../model/docker/client-missing";
import type { JobImage } from "../model/docker/client-image";
import { clientVariables } from "../model/docker/client-variables";
import { daemonOf } from "../model/docker/daemon";
import { jobCommandsOf } from "../model/docker/find-commands";
import { showText } from "../model/docker/symbolic";
import { baseName } from "../model/docker/wrappers";
import { ownBody } from "../model/pipeline/edit";
import { setVariablesInScope } from "../model/pipeline/edit-scope";
import type { Job } from "../model/pipeline/job";
import { settingsOf } from "../model/settings-of";
import { profileOf } from "../model/runner/profile";
import { setKey } from "../syntax/yaml-edit";
import { pairOf } from "../syntax/yaml-nodes";
import type { ChunkEdit } from "../text/edit";
import { indentAt, insertBefore, lineStartOf } from "./edits";
import type { FixDraft, RuleContext } from "./rule";

/** Programs that the docker image holds: those of busybox, a shell's own, and git. */
const IN_DOCKER_IMAGE = new Set(
  `. : [ [[ base64 basename cat cd chmod cp cut date dirname docker docker-compose echo env eval exit export false find git grep head
  local ls mkdir mv printf pwd read readonly return rm sed set sh shift sleep sort source tail tar tee test touch tr trap true
  uniq unset wc wget xargs`.split(/\s+/),
);

/** The image is only replaced where the job runs nothing else that it may have been chosen for. */
export function clientFixes(ctx: RuleContext, job: Job, missing: MissingClient): readonly FixDraft[] {
  const isDockerOnly = jobCommandsOf(ctx, job).every(
    ({ argv }) => argv[0] === undefined || IN_DOCKER_IMAGE.has(baseName(argv[0].text)),
  );
  const fix = isDockerOnly ? imageFix(ctx, job) : installFix(missing);
  return fix === undefined ? [] : [fix];
}

function imageFix(ctx: RuleContext, job: Job): FixDraft | undefined {
  const body = ownBody(job);
  const own = body && pairOf(body, "image");
  // A mapping holds an entrypoint that was made for the other image.
  if (body === undefined || (own !== undefined && own.value.kind !== "scalar")) return undefined;
  const image = `docker:${versionFor(ctx, job)}-cli`;
  return {
    title: `Use the image \`${image}\``,
    safety: "suggested",
    edits: [...setKey(body, "image", image), ...connectionEdits(ctx, job)],
  };
}

/** What the new image's client needs beside it to reach the job's daemon. */
function connectionEdits(ctx: RuleContext, job: Job): readonly ChunkEdit[] {
  const access = daemonOf(ctx, job);
  const service = access.dind.find(({ from }) => from === "job");
  if (access.kind !== "dind" || service === undefined) return [];
  const variables = clientVariables(access, profileOf(ctx, job).executor !== "kubernetes");
  if (variables === undefined || variables.length === 0) return [];
  return setVariablesInScope(ctx, service.at.at, variables) ?? [];
}

/** That of the daemon where the job names one of the same major version as new images have. */
function versionFor(ctx: RuleContext, job: Job): string {
  const { dockerVersion } = ctx.get(settingsOf, null).settings;
  const { dind } = daemonOf(ctx, job);
  const tag = dind.find(({ image, version }) => isDocker(image) && version !== undefined)?.image.tag;
  const written = tag?.known === true && tag.value !== undefined ? showText(tag.value) : "";
  const version = /^\d+(\.\d+)*/.exec(written)?.[0];
  return version !== undefined && majorOf(version) === majorOf(dockerVersion) ? version : dockerVersion;
}

const majorOf = (version: string): number | undefined => parseDockerVersion(version)?.major;

/** Alpine has the client alone as a package; elsewhere its name depends on the distribution's version. */
function installFix({ command, image }: MissingClient): FixDraft | undefined {
  if (image === undefined || !image.references.every(isAlpine)) return undefined;
  const { at } = command.item;
  const start = lineStartOf(at.chunk, at.start);
  if (!/^\s*- +$/.test(at.chunk.text.slice(start, at.start)) || command.caller !== undefined)
    return undefined;
  return {
    title: "Install the client with `apk add`",
    safety: "suggested",
    edits: [
      insertBefore(
        { chunk: at.chunk, start, end: start },
        `${indentAt(at)}- apk add --no-cache docker-cli docker-cli-buildx\n`,
      ),
    ],
  };
}

const isAlpine = ({ text }: JobImage["references"][number]): boolean => /alpine/.test(showText(text));
