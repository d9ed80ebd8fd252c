// What `COPY --from`, `RUN --mount=from=` and FROM name that cannot be what was meant.
//
// frontend/dockerfile/dockerfile2llb/convert.go of moby/buildkit: all stages are known by name before any is made, so that a
// later one is found and then refused ("it needs to be defined before current stage"); an index must be that of a stage;
// FROM sees earlier stages only, and takes every other name for an image.
import { OFFICIAL_IMAGES } from "../../data/official-images";
import { nearestName } from "../../settings/nearest";
import type { Located } from "../../text/located";
import type { Dockerfile, Stage } from "./dockerfile";
import { directSources, reachableFrom } from "./stage-reachability";

export type ReferenceFault =
  /** `$X`, which is not expanded here. */
  | { readonly kind: "variable" }
  /** The stage itself, or a later one that needs this one. */
  | { readonly kind: "circular"; readonly target: Stage }
  | { readonly kind: "later"; readonly target: Stage }
  /** A number that no stage has. */
  | { readonly kind: "index" }
  /** Neither a stage nor an official image, and nearly the name of a stage. What is like none may be a named context. */
  | { readonly kind: "unknown"; readonly nearest: string };

export interface FaultyReference {
  readonly stage: Stage;
  readonly by: "COPY" | "RUN" | "FROM";
  readonly from: Located<string>;
  readonly fault: ReferenceFault;
}

/** The references of a Dockerfile that cannot be used, in order. Named build contexts are not known here. */
export function faultyReferences(dockerfile: Dockerfile): readonly FaultyReference[] {
  return dockerfile.stages.flatMap((stage) => {
    const base = faultOfBase(dockerfile, stage);
    const first: readonly FaultyReference[] =
      base === undefined ? [] : [{ stage, by: "FROM", from: stage.written, fault: base }];
    return [...first, ...faultyEdges(dockerfile, stage)];
  });
}

function faultyEdges(dockerfile: Dockerfile, stage: Stage): readonly FaultyReference[] {
  return stage.edges.flatMap(({ from, stage: target, instruction: { keyword } }) => {
    if (target !== undefined || (keyword !== "COPY" && keyword !== "RUN")) return [];
    const fault = faultOf(dockerfile, stage, from.value, keyword);
    return fault === undefined ? [] : [{ stage, by: keyword, from, fault }];
  });
}

function faultOf(
  dockerfile: Dockerfile,
  stage: Stage,
  name: string,
  by: "COPY" | "RUN",
): ReferenceFault | undefined {
  if (/\$./.test(name)) return { kind: "variable" };
  if (/^\d+$/.test(name)) {
    // A mount knows stages by name only.
    const target = dockerfile.stages[Number(name)];
    if (by === "RUN") return undefined;
    return target === undefined ? { kind: "index" } : faultOfLater(stage, target);
  }
  const target = namedAs(dockerfile, name);
  if (target !== undefined) return faultOfLater(stage, target);
  if (!isBareName(name)) return undefined;
  const nearest = nearestStage(dockerfile.stages.slice(0, stage.index), name);
  return nearest === undefined ? undefined : { kind: "unknown", nearest };
}

function faultOfLater(stage: Stage, target: Stage): ReferenceFault | undefined {
  if (target.index < stage.index) return undefined;
  const needsThis = target === stage || reachableFrom(directSources(target)).has(stage);
  return needsThis ? { kind: "circular", target } : { kind: "later", target };
}

/** `FROM x`: nobody means an image by a name that a later stage has, or that is nearly that of an earlier one. */
function faultOfBase(dockerfile: Dockerfile, stage: Stage): ReferenceFault | undefined {
  const { value } = stage.written;
  if (stage.base.kind !== "image" || !isBareName(value) || isSame(stage.name?.value, value)) return undefined;
  const target = namedAs(dockerfile, value);
  if (target !== undefined && target.index > stage.index) return { kind: "later", target };
  const nearest = nearestStage(dockerfile.stages.slice(0, stage.index), value);
  return nearest === undefined ? undefined : { kind: "unknown", nearest };
}

/** A name without tag, registry and path that is no official image. */
const isBareName = (name: string): boolean =>
  /^[a-z0-9][\w-]*$/i.test(name) && !OFFICIAL_IMAGES.has(name.toLowerCase());

const isSame = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

const namedAs = ({ stages }: Dockerfile, name: string): Stage | undefined =>
  stages.find((stage) => isSame(stage.name?.value, name));

/** Who mistypes a name has the last stages in mind; a generated file has thousands. */
const MOST_CANDIDATES = 100;

const nearestStage = (stages: readonly Stage[], name: string): string | undefined =>
  nearestName(
    name,
    stages.slice(-MOST_CANDIDATES).flatMap((stage) => stage.name?.value ?? []),
  );

/** Names that mean something else to a builder. https://docs.docker.com/reference/build-checks/reserved-stage-name/ */
export const RESERVED_STAGE_NAMES: ReadonlySet<string> = new Set(["context", "scratch"]);

/** Stages whose name an earlier one has, with that one. BuildKit keeps the last. */
export function duplicateNames({
  stages,
}: Dockerfile): readonly { readonly stage: Stage; readonly name: Located<string>; readonly first: Stage }[] {
  return stages.flatMap((stage) => {
    const { name } = stage;
    const first =
      name === undefined ? undefined : stages.find((other) => isSame(other.name?.value, name.value));
    return name === undefined || first === undefined || first === stage ? [] : [{ stage, name, first }];
  });
}
