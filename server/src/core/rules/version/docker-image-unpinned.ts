// A `docker` image without a version moves to the next major release by itself.
// https://hub.docker.com/_/docker
import { isDocker, type ExpandedImage } from "../../model/docker/image-of";
import { jobImagesOf, type JobImage } from "../../model/docker/job-images";
import { parseReference } from "../../model/docker/image-reference";
import { literal, literalText } from "../../model/docker/symbolic";
import { profileOf } from "../../model/runner/profile";
import { textAt } from "../../text/located";
import type { ImageUse, Job } from "../../model/pipeline/job";
import { isAtLeast, parseDockerVersion } from "../../data/docker-versions";
import { settingsOf } from "../../model/settings-of";
import { replace } from "../../text/edit";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dockerImageUnpinned = defineRule({
  id: "docker-image-unpinned",
  title: "Docker image without a version",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `docker` images for jobs and services whose tag names no version: none, `latest`, `dind`, `cli`, `git`, `rc`; the same as the default image in config.toml; as information, floating images of BuildKit, buildah and podman.",
    why: 'Such a tag jumps to a new major version on release day. Docker 29 raised the oldest API it speaks ("client version 1.43 is too old. Minimum supported API version is 1.44") and changed the image store, and pipelines broke without a commit.',
    fix: "Name one version for client and daemon, such as `docker:29.6.2-cli` and `docker:29.6.2-dind`.",
    example: {
      bad: `
build:
  image: docker:latest
  services: [docker:dind]
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker info
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_build/",
      "https://docs.docker.com/engine/release-notes/29/",
    ],
  },

  *check(job, ctx) {
    if (job.image === undefined) yield* defaultImage(job, ctx);
    for (const image of jobImagesOf(ctx, job)) yield* judge(image, ctx);
  },
});

/** The image that config.toml gives to jobs without one. */
function* defaultImage(job: Job, ctx: RuleContext): Iterable<Report> {
  const { image, ignoresImages } = profileOf(ctx, job);
  if (image === undefined || ignoresImages !== false || image.value.includes("$")) return;
  const reference = parseReference({ parts: [literal(image.value)] });
  const tag =
    reference.tag.known && reference.tag.value === undefined
      ? "latest"
      : /:([\w.-]+)$/.exec(image.value)?.[1];
  if (!isDocker(reference) || reference.digest !== undefined || tag === undefined || !FLOATING.test(tag))
    return;
  const pinned = `${image.value.replace(/:[\w.-]+$/, "")}:${ctx.get(settingsOf, null).settings.dockerVersion}${suffixFor(tag, "cli")}`;
  const written = textAt(image.at);
  const edit = replace(image.at, written.replace(image.value, pinned));
  yield {
    at: image,
    message: messageFor(image.value, pinned),
    fixes: written.includes(image.value)
      ? [{ title: `Pin to \`${pinned}\``, safety: "suggested", edits: [edit] }]
      : [],
  };
}

const messageFor = (image: string, pinned: string): string =>
  `\`${image}\` has no version, so it jumps to a new major on release day (29 raised the oldest API: "client version 1.43 is too old"); pin client and daemon to one version, such as \`${pinned}\``;

/** Builders that need no daemon: they jump too, but nothing has to fit them. */
const FLOATING_BUILDER =
  /^(?:docker\.io\/)?moby\/buildkit(?::(?:latest|master|rootless|master-rootless))?$|^quay\.io\/(?:containers\/)?(?:buildah|podman)(?:\/stable)?(?::latest)?$/;

function* judgeBuilder(use: ImageUse, images: readonly ExpandedImage[]): Iterable<Report> {
  if (!images.some((image) => FLOATING_BUILDER.test(literalText(image.reference.text) ?? ""))) return;
  yield {
    at: use.name,
    severity: "info",
    message: `\`${use.name.value}\` has no version, so it changes whenever a new one is released; pin it to one`,
  };
}

function* judge({ use, role, images }: JobImage, ctx: RuleContext): Iterable<Report> {
  if (!/\$|docker|buildah|podman|buildkit/.test(use.text.text)) return;
  const image = images.find(floats);
  if (image?.tag === undefined) {
    yield* judgeBuilder(use, images);
    return;
  }
  const version = ctx.get(settingsOf, null).settings.dockerVersion;
  const suffix = suffixFor(image.tag, role);
  yield {
    at: use.name,
    message:
      image.tag === "git"
        ? `\`${use.name.value}\` is no longer built and stays at version 25; the client image holds git too: use \`docker:${version}${suffix}\``
        : messageFor(use.name.value, `docker:${version}${suffix}`),
    fixes: image.tag === "git" && !holdsGit(version) ? [] : pin(use, image.tag, `${version}${suffix}`),
  };
}

/** https://github.com/docker-library/docker/issues/482 */
function holdsGit(version: string): boolean {
  const parsed = parseDockerVersion(version);
  return parsed !== undefined && isAtLeast(parsed, "27.1");
}

/** A tag of the docker image that names no version. Frozen ones (`stable`) and dead ones are another rule's. */
const floats = (image: ExpandedImage): boolean =>
  image.docker !== undefined &&
  image.versionText === undefined &&
  image.docker.version === undefined &&
  image.tag !== undefined &&
  FLOATING.test(image.tag);

const FLOATING = /^(latest|dind|cli|git|rc|dind-rootless|rc-.*|windowsservercore.*)$/;

/** What stands behind the version: a job image without suffix is the client, a service the daemon. */
function suffixFor(tag: string, role: "cli" | "dind"): string {
  if (tag.includes("rootless")) return "-dind-rootless";
  if (tag.includes("windowsservercore")) return `-${tag}`;
  return tag === "dind" || role === "dind" ? "-dind" : "-cli";
}

/** Only where the tag stands in the image itself: a tag that comes from a variable is changed where that is defined. */
function pin(use: ImageUse, tag: string, pinned: string): readonly FixDraft[] {
  const written = use.text.text;
  const colon = written.lastIndexOf(":");
  const hasTag = colon > written.lastIndexOf("/");
  if (hasTag && written.slice(colon + 1) !== tag) return [];
  if (!hasTag && (tag !== "latest" || written.includes("$") || written.includes("@"))) return [];
  const name = hasTag ? written.slice(0, colon) : written;
  const edit = replace(use.text.at(name.length, written.length), `:${pinned}`);
  return [{ title: `Pin to \`${name}:${pinned}\``, safety: "suggested", edits: [edit] }];
}
