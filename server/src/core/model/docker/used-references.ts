// Every image reference that a job uses, wherever it stands: `image:`, services, and the arguments of container commands.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import { buildOf } from "./build";
import type { ContainerCommand } from "./command";
import { expandText } from "./expand";
import { commandsOf } from "./find-commands";
import { parseReference, type ImageReference } from "./image-reference";
import { operandReferences } from "./operand-references";

export interface UsedReference {
  readonly reference: ImageReference;
  /** The word or value that holds it. */
  readonly at: Located<string>;
  /** Undefined for `image:` and services. */
  readonly command: ContainerCommand | undefined;
}

/** One entry for each variant of each reference. */
export const usedReferences = (ctx: QueryContext, job: Job): readonly UsedReference[] =>
  ctx.get(referencesOfJob, job);

const referencesOfJob = defineQuery<Job, readonly UsedReference[]>({
  name: "usedReferences",
  compute: (ctx, job) => {
    const images = [...(job.image === undefined ? [] : [job.image]), ...job.services].flatMap((image) =>
      expandText(ctx, job, image.text).map((text): UsedReference => ({
        reference: parseReference(text),
        at: image.name,
        command: undefined,
      })),
    );
    return [
      ...images,
      ...commandsOf(ctx, job).flatMap((command) => [...ofBuild(ctx, command), ...ofOperands(ctx, command)]),
    ];
  },
});

function ofBuild(ctx: QueryContext, command: ContainerCommand): readonly UsedReference[] {
  const build = buildOf(ctx, command);
  if (build === undefined) return [];
  return [...build.tags, ...build.cacheFrom, ...build.cacheTo].flatMap(({ references, value }) =>
    references.map((reference) => ({ reference, at: value.at, command })),
  );
}

const ofOperands = (ctx: QueryContext, command: ContainerCommand): readonly UsedReference[] =>
  operandReferences(ctx, command).flatMap(({ references, at }) =>
    references.map((reference) => ({ reference, at, command })),
  );
