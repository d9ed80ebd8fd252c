// A base image without a version, or of a release that gets no fixes any more.
// https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
import { dockerfileOf, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { buildsOfDockerfile } from "../../model/docker/dockerfile-uses";
import type { ExpandedImage } from "../../model/docker/image-of";
import { jobImagesOf, type JobImage } from "../../model/docker/job-images";
import { weaknessOf, weaknessOfImage, type ImageWeakness } from "../../model/docker/image-support";
import { showText } from "../../model/docker/symbolic";
import type { ImageUse } from "../../model/pipeline/job";
import type { FilePath } from "../../text/source-file";
import { isTemplate } from "../dockerfile-template";
import { aboutImage, otherImage } from "../image-advice";
import { defineRule, type Report, type RuleContext } from "../rule";

export const dockerfileBaseUnpinned = defineRule({
  id: "dockerfile-base-unpinned",
  title: "Base image that moves or is out of support",
  severity: "info",
  since: "0.1.0",
  inspects: "dockerfile",
  alsoTemplates: true,

  docs: {
    what: "Reports official base images without a version (no tag, `latest`, `nightly`, `edge`) and releases that are out of support, such as `node:18` or `debian:buster`; as a hint, the same in `image:` and `services:` of jobs.",
    why: 'A tag without a version is another image on release day, without a commit. A release that is out of support gets no security fixes, and the mirrors of its packages go: "404 Not Found" from `apt-get update`.',
    fix: "Name a version that is supported. Which ones are is not looked up: a table in the tool says it, as of its own date.",
    example: {
      file: "Dockerfile",
      bad: `
FROM node:18-alpine
COPY server.js ./
CMD ["node", "server.js"]
`,
      good: `
FROM node:24-alpine
COPY server.js ./
CMD ["node", "server.js"]
`,
    },
    references: [
      "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
      "https://endoflife.date",
    ],
  },

  *check(tree, ctx) {
    if (isTemplate(tree)) return;
    const dockerfile = dockerfileOf(ctx, tree.path);
    if (dockerfile === undefined) return;
    yield* defaults(ctx, dockerfile);
    for (const stages of externalBases(dockerfile)) {
      const [stage, ...others] = stages;
      if (stage?.base.kind !== "image") continue;
      const weakness = weaknessOf(stage.base.reference);
      if (weakness === undefined) continue;
      const deliberate = isDeliberate(tree.path, weakness);
      yield {
        message: aboutImage(stage.written.value, weakness),
        at: stage.written,
        ...(deliberate ? { severity: "hint" } : {}),
        related: others.map(({ written }) => ({ at: written.at, message: "and here" })),
        fixes: deliberate
          ? []
          : otherImage(
              stages.map(({ written }) => written.at),
              stage.written.value,
              weakness,
            ),
      };
    }
  },

  alsoInspects: {
    *job(job, ctx) {
      for (const image of jobImagesOf(ctx, job)) yield* judgeUse(ctx, image);
    },
  },
});

/** `FROM ubuntu:$TAG` whose default is out of support, and that no build gives another value. */
function* defaults(ctx: RuleContext, { tree, stages }: Dockerfile): Iterable<Report> {
  for (const { written, base } of stages) {
    if (base.kind !== "image" || !written.value.includes("$")) continue;
    const weakness = weaknessOf(base.reference);
    if (weakness?.kind !== "ended" || isGiven(ctx, tree.path, written.value)) continue;
    yield { message: aboutImage(showText(base.reference.text), weakness), at: written };
  }
}

const isGiven = (ctx: RuleContext, path: FilePath, image: string): boolean =>
  buildsOfDockerfile(ctx, path).some((build) => build.arguments.some(({ name }) => image.includes(name)));

/** Stages by their base as written: the same image twice is one finding. A variable is pinned where it gets its value. */
function externalBases({ stages }: Dockerfile): readonly (readonly Stage[])[] {
  const groups = new Map<string, Stage[]>();
  for (const stage of stages) {
    const { value } = stage.written;
    if (stage.base.kind === "image" && !value.includes("$"))
      groups.set(value, [...(groups.get(value) ?? []), stage]);
  }
  return [...groups.values()];
}

/** `php/7.4/Dockerfile`, `debian10/Dockerfile`: who names the file after the release wants that one. Sources of others are theirs. */
const isDeliberate = (path: FilePath, weakness: ImageWeakness): boolean =>
  /(?:^|\/)(?:vendor|third_party|node_modules)\//.test(path) ||
  (weakness.kind === "ended" &&
    weakness.names.some((name) =>
      new RegExp(`(?<![\\d.])${name.replaceAll(".", "\\.")}(?![\\d])`).test(path),
    ));

function* judgeUse(ctx: RuleContext, { use, images }: JobImage): Iterable<Report> {
  const { value } = use.name;
  const { image, weakness } = value.includes("$")
    ? expanded(use, images)
    : { image: value, weakness: weaknessOfImage(ctx, value) };
  // The `docker` image is the business of the rules about versions of Docker.
  if (weakness === undefined || /(?:^|\/)docker(?::|$)/.test(image)) return;
  const isPlain = image === value && use.text.text === value;
  yield {
    message: aboutImage(image, weakness),
    at: use.name,
    severity: "hint",
    fixes: isPlain ? otherImage([use.text.at(0, value.length)], value, weakness) : [],
  };
}

interface JudgedImage {
  readonly image: string;
  readonly weakness: ImageWeakness | undefined;
}

/** Nothing is said of an image that differs between variants of the job. */
function expanded(use: ImageUse, images: readonly ExpandedImage[]): JudgedImage {
  const [image, ...others] = images;
  if (image === undefined || others.length > 0) return { image: use.name.value, weakness: undefined };
  return { image: showText(image.reference.text), weakness: weaknessOf(image.reference) };
}
