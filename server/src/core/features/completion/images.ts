// Images that the project knows: those that its jobs build and use, and Docker's own in the version that fixes insert.
import { imageFlowOf, type FlowImage } from "../../model/flow/image-flow";
import { writtenCaches } from "../../model/flow/cache-metadata";
import { buildsOfJob } from "../../model/flow/builds-of-job";
import type { ImageAction, ImageUse } from "../../model/flow/image-use";
import { showText } from "../../model/docker/symbolic";
import { visibleJobsOf } from "../../model/pipeline/resolve";
import { settingsOf } from "../../model/settings-of";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { isIn, type Spot } from "../position/spot";
import { distinct, type Item } from "./item";

type Roots = readonly FilePath[];
type Image = Pick<FlowImage, "shown" | "uses">;

const WORDS: readonly (readonly [actions: readonly ImageAction[], word: string])[] = [
  [["build", "create", "tag", "copy"], "built by"],
  [["push"], "pushed by"],
  [["job-image"], "image of"],
  [["service"], "service of"],
  [["base"], "base of the build in"],
  [["pull", "run", "inspect", "save"], "used by"],
];

function detailOf(uses: readonly ImageUse[]): string | undefined {
  for (const [actions, word] of WORDS) {
    const use = uses.find(({ action }) => actions.includes(action));
    if (use !== undefined) return `${word} ${use.job.name}`;
  }
  return undefined;
}

/** Images that jobs name, those that the project builds first; not what is only being typed at the cursor. */
export function imageItems(ctx: QueryContext, roots: Roots, cursor?: Spot): readonly Item[] {
  const isElsewhere = ({ at }: ImageUse): boolean => cursor === undefined || !isIn(cursor, at.at);
  const images = roots
    .flatMap((root) => [...imageFlowOf(ctx, root).images.values()])
    .map(({ shown, uses }) => ({ shown, uses: uses.filter(isElsewhere) }))
    .filter(({ uses }) => uses.length > 0);
  const isOwn = ({ uses }: Image): boolean =>
    uses.some(({ action }) => action === "build" || action === "push");
  const isNamed = ({ shown }: Image): boolean => /^[^\s(]+$/.test(shown) && !/^\$\w+$/.test(shown);
  const ordered = [...images.filter(isOwn), ...images.filter((image) => !isOwn(image))];
  return distinct(
    ordered
      .filter(isNamed)
      .map((image) => ({ label: image.shown, kind: "image", detail: detailOf(image.uses) })),
  );
}

/** Docker's client and daemon, in the version of the settings. */
export function dockerItems(ctx: QueryContext, role: "image" | "service"): readonly Item[] {
  const { dockerVersion } = ctx.get(settingsOf, null).settings;
  const variant = role === "service" ? "dind" : "cli";
  const detail = role === "service" ? "Docker daemon for this job" : "Docker client";
  return [{ label: `docker:${dockerVersion}-${variant}`, kind: "image", detail }];
}

/** What `--cache-from` can read: caches that builds write, then images that are pushed. */
export function cacheItems(ctx: QueryContext, roots: Roots, cursor?: Spot): readonly Item[] {
  const builds = roots.flatMap((root) => visibleJobsOf(ctx, root)).flatMap((job) => buildsOfJob(ctx, job));
  const caches = builds.flatMap((build) =>
    writtenCaches(build).flatMap(({ type, references }) =>
      references.map(({ text }): Item => {
        const shown = showText(text);
        const label = type === "registry" ? `type=registry,ref=${shown}` : shown;
        return { label, kind: "image", detail: `${type} cache of ${build.command.job.name}` };
      }),
    ),
  );
  const pushed = imageItems(ctx, roots, cursor).filter(({ detail }) =>
    /^(built|pushed) by/.test(detail ?? ""),
  );
  return distinct([...caches, ...pushed]);
}
