// Every image reference that a job uses, wherever it stands: `image:`, services, and the arguments of container commands.
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import { buildOf } from "./build";
import type { ContainerCommand } from "./command";
import { expandArgument, expandText } from "./expand";
import { commandsOf } from "./find-commands";
import { parseReference, type ImageReference } from "./image-reference";

export interface UsedReference {
  readonly reference: ImageReference;
  /** The word or value that holds it. */
  readonly at: Located<string>;
  /** Undefined for `image:` and services. */
  readonly command: ContainerCommand | undefined;
}

/** Commands whose operands are references, and how many of them. */
const REFERENCE_OPERANDS: ReadonlyMap<string, number> = new Map([
  ["pull", 1],
  ["push", 2],
  ["tag", 2],
  ["run", 1],
  ["create", 1],
]);

/** One entry for each variant of each reference. */
export function usedReferences(ctx: QueryContext, job: Job): readonly UsedReference[] {
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
}

function ofBuild(ctx: QueryContext, command: ContainerCommand): readonly UsedReference[] {
  const build = buildOf(ctx, command);
  if (build === undefined) return [];
  return [...build.tags, ...build.cacheFrom, ...build.cacheTo].flatMap(({ references, value }) =>
    references.map((reference) => ({ reference, at: value.at, command })),
  );
}

function ofOperands(ctx: QueryContext, command: ContainerCommand): readonly UsedReference[] {
  const count = REFERENCE_OPERANDS.get(command.verb);
  if (count === undefined || command.tool === "docker-compose") return [];
  return command.operands.slice(0, count).flatMap((operand) => {
    const at: Located<string> = { value: operand.text, at: operand.at, via: command.via };
    return expandArgument(ctx, command, operand).map((text) => ({
      reference: parseReference(text),
      at,
      command,
    }));
  });
}
