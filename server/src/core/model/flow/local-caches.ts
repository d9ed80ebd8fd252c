// The legacy builder takes a cache only from images that the daemon has: whether a job brings them there before it builds.
// https://docs.gitlab.com/ci/docker/docker_layer_caching/
import type { QueryContext } from "../../query/query";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import { commandsOf, isOpaque } from "../docker/find-commands";
import type { ImageAction, ImageUse } from "./image-use";
import type { CacheRead } from "./cache-reads";
import { mayBeSameInJob } from "./same-image";
import { usesLike } from "./uses-of-job";

const BRINGS: ReadonlySet<ImageAction> = new Set<ImageAction>(["pull", "run", "build", "tag", "create"]);

/** Whether a daemon that starts empty has the image of a cache when the build begins. */
export function isLocal(ctx: QueryContext, { use, build }: CacheRead): Answer {
  const { job } = use;
  // A function runs where it is called, maybe behind what stands below it.
  const order = build.command.use.inFunction === undefined ? build.command.order : Infinity;
  const near = use.references.flatMap((reference) => usesLike(ctx, job, reference));
  const brought = [...new Set(near)]
    .filter(
      (other) =>
        BRINGS.has(other.action) &&
        (other.command?.order ?? Infinity) < order &&
        other.command !== build.command,
    )
    .map((other) => answerFor(use, other));
  if (brought.includes("yes")) return "yes";
  return brought.includes("unknown") || isOpaque(ctx, job) || bringsAny(ctx, job, order) ? "unknown" : "no";
}

function answerFor(use: ImageUse, other: ImageUse): Answer {
  const answers = use.references.flatMap((each) =>
    other.references.map((brought) => mayBeSameInJob(each, brought)),
  );
  return answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";
}

/** `docker load`, `docker compose pull`: images of any name. */
const bringsAny = (ctx: QueryContext, job: Job, before: number): boolean =>
  commandsOf(ctx, job).some(
    ({ verb, order }) =>
      order < before && /^(load|import|compose (pull|build|up|run)|buildx bake)$/.test(verb),
  );
