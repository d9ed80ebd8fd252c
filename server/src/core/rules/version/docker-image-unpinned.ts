import { expandImages, type ExpandedImage } from "../../model/docker/image-of";
import type { ImageUse, Job } from "../../model/pipeline/job";
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
    what: "Reports `docker` images for jobs and services whose tag names no version: none, `latest`, `dind`, `cli`, `git`, `rc`.",
    why: "Such a tag jumps to a new major version on release day. Docker 29 raised the oldest API it speaks (\"client version 1.43 is too old. Minimum supported API version is 1.44\") and changed the image store, and pipelines broke without a commit.",
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
    references: ["https://docs.gitlab.com/ci/docker/using_docker_build/", "https://docs.docker.com/engine/release-notes/29/"],
  },

  *check(job, ctx) {
    if (job.image !== undefined) yield* judge(job, job.image, "cli", ctx);
    for (const service of job.services) yield* judge(job, service, "dind", ctx);
  },
});

function* judge(job: Job, use: ImageUse, role: "cli" | "dind", ctx: RuleContext): Iterable<Report> {
  const image = expandImages(ctx, job, use).find(floats);
  if (image?.tag === undefined) return;
  const version = ctx.get(settingsOf, null).settings.dockerVersion;
  const suffix = suffixFor(image.tag, role);
  yield {
    at: use.name,
    message: `\`${use.name.value}\` has no version, so it jumps to a new major on release day (29 raised the oldest API: "client version 1.43 is too old"); pin client and daemon to one version, such as \`docker:${version}${suffix}\``,
    fixes: pin(use, image.tag, `${version}${suffix}`),
  };
}

/** A tag of the docker image that names no version. Frozen ones (`stable`) and dead ones are another rule's. */
const floats = (image: ExpandedImage): boolean =>
  image.docker !== undefined && image.versionText === undefined && image.docker.version === undefined && image.tag !== undefined && FLOATING.test(image.tag);

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
