// A `docker` image of a release line that nobody maintains: no fixes, no new builds.
// https://endoflife.date/docker-engine
import { endOfDocker } from "../../data/docker-lifecycles";
import { FROZEN_TAGS } from "../../data/docker-versions";
import { DEAD_DOCKER_IMAGES } from "../../data/known-images";
import type { ExpandedImage } from "../../model/docker/image-of";
import { jobImagesOf, type JobImage } from "../../model/docker/job-images";
import { literalText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { settingsOf } from "../../model/settings-of";
import { dockerTag, setDockerVersion, versionVariable, withoutTwins } from "../docker-tag";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dockerImageEol = defineRule({
  id: "docker-image-eol",
  title: "Docker image that is frozen or out of maintenance",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `docker` images of jobs and services whose release line has ended (20.10 and older as a warning, newer ones as information), tags that stand still such as `stable`, and images that were given up: `docker/compose`, `gitlab/dind`, `jpetazzo/dind`.",
    why: 'Such an image gets no security fixes and meets newer daemons and registries less and less: Docker 29 refuses clients of before 25 in its first releases ("client version 1.41 is too old"), and `docker:stable` has been 19.03 since 2019.',
    fix: "Use one maintained version for client and daemon.",
    example: {
      bad: `
build:
  image: docker:20.10
  services: [docker:20.10-dind]
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
    references: ["https://endoflife.date/docker-engine", "https://hub.docker.com/_/docker"],
  },

  *check(job, ctx) {
    for (const image of jobImagesOf(ctx, job)) yield* judge(job, image, ctx);
  },
});

function* judge(job: Job, { use, role, images }: JobImage, ctx: RuleContext): Iterable<Report> {
  if (!/\$|docker|dind/.test(use.text.text)) return;
  const version = ctx.get(settingsOf, null).settings.dockerVersion;
  for (const image of images) {
    const ended = endOf(image);
    // What the configuration names is a decision.
    if (ended === undefined || image.versionText === version) continue;
    const shown = literalText(image.reference.text) ?? use.name.value;
    const instead = image.tag === undefined ? `${version}-${role}` : dockerTag(image.tag, role, version);
    const variable = versionVariable(image);
    yield {
      // All images that take their version from one variable are one finding.
      at: variable === undefined ? use.name : { at: variable.at, via: [...use.name.via, ...variable.via] },
      severity: ended.severity,
      message:
        variable === undefined
          ? `\`${shown}\` ${ended.why}; use \`docker:${instead}\`, and the same version for client and daemon`
          : `Docker \`${variable.value}\` ${ended.why}; use \`${variable.value.replace(/^[\d.]*\d/, version)}\``,
      fixes: fixesOf(ctx, job, version),
    };
    return;
  }
}

/** Tags that Docker itself publishes; `20.10-py3` in a registry of one's own is another image. */
const OFFICIAL_TAG =
  /^(?:stable|edge|test|\d+(?:\.\d+)*)(?:-(?:ce|rc\.?\d*|beta\.?\d*|tp\d*|cli|dind|git|rootless|experimental|alpine[\d.]*|windowsservercore\S*|nanoserver\S*))*$/;

interface Ended {
  readonly severity: "warning" | "info";
  /** Goes on behind the image's name. */
  readonly why: string;
}

function endOf({ reference, docker, tag }: ExpandedImage): Ended | undefined {
  const dead = DEAD_DOCKER_IMAGES.get(literalText(reference.repository) ?? "");
  if (dead !== undefined) return { severity: "warning", why: dead };
  if (docker?.version === undefined || tag === undefined || !OFFICIAL_TAG.test(tag)) return undefined;
  if (FROZEN_TAGS.includes(tag))
    return { severity: "warning", why: "has stood still at 19.03 since 2019, so it gets no fixes" };
  const end = endOfDocker(docker.version);
  if (end === undefined) return undefined;
  return {
    severity: docker.version.major < 23 ? "warning" : "info",
    why: `has been out of maintenance since ${end}, so it gets no fixes`,
  };
}

/** Client and daemon move together, as far as both are written where they can be changed. */
function fixesOf(ctx: RuleContext, job: Job, version: string): readonly FixDraft[] {
  const edits = jobImagesOf(ctx, job).flatMap(({ images, role }) => {
    const [image, ...others] = images.filter(({ docker }) => docker !== undefined);
    if (image === undefined || others.length > 0 || image.versionText === version) return [];
    return setDockerVersion(image, role, version) ?? [];
  });
  if (edits.length === 0) return [];
  const title = `Use Docker ${version} for client and daemon`;
  return [{ title, safety: "suggested", edits: withoutTwins(edits) }];
}
