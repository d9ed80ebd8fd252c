// Every image reference that a job's commands name, its image and its services, in order.
import type { QueryContext } from "../query/query";
import { buildOf } from "../model/docker/build";
import type { ContainerCommand } from "../model/docker/command";
import { expandArgument, expandText } from "../model/docker/expand";
import { commandsOf } from "../model/docker/find-commands";
import { parseReference, type ImageReference } from "../model/docker/image-reference";
import type { Job, ScriptItem } from "../model/pipeline/job";

export interface ReferenceUse {
  /** One per variant. */
  readonly references: readonly ImageReference[];
  /** The script item that names it; undefined for `image` and `services`. */
  readonly item: ScriptItem | undefined;
}

/** References of `image`, `services`, `-t`, `tag`, `push`, `pull`, `run` and caches. */
export function referencesOf(ctx: QueryContext, job: Job): readonly ReferenceUse[] {
  const images = [job.image, ...job.services].flatMap((use) => (use === undefined ? [] : [use.text]));
  return [
    ...images.map((text) => ({ references: expandText(ctx, job, text).map(parseReference), item: undefined })),
    ...commandsOf(ctx, job).flatMap((command) => ofCommand(ctx, command)),
  ];
}

function ofCommand(ctx: QueryContext, command: ContainerCommand): readonly ReferenceUse[] {
  const { item } = command;
  const build = buildOf(ctx, command);
  if (build !== undefined) {
    return [...build.tags, ...build.cacheFrom, ...build.cacheTo].map(({ references }) => ({ references, item }));
  }
  const count = OPERANDS[command.verb];
  if (count === undefined) return [];
  return command.operands.slice(0, count).map((operand) => ({ references: expandArgument(ctx, command, operand).map(parseReference), item }));
}

/** How many operands of a verb are references. */
const OPERANDS: Readonly<Record<string, number>> = { pull: 1, push: 1, tag: 2, run: 1 };
