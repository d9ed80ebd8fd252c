// Which stages of a Dockerfile a build of one of them needs: BuildKit makes no others.
// https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit
import type { Dockerfile, Stage } from "./dockerfile";

/** The stages that another one stands on or takes files from, without what those need in turn. */
export function directSources(stage: Stage): readonly Stage[] {
  const taken = stage.edges.flatMap((edge) => edge.stage ?? []);
  return stage.base.kind === "stage" ? [stage.base.stage, ...taken] : taken;
}

/** The given stages and all that they need. */
export function reachableFrom(starts: readonly Stage[]): ReadonlySet<Stage> {
  const reached = new Set<Stage>(starts);
  for (const stage of reached) for (const source of directSources(stage)) reached.add(source);
  return reached;
}

/** The stage that a build without `--target` makes. */
export const finalStage = ({ stages }: Dockerfile): Stage | undefined => stages.at(-1);

/** The stage itself and the stages that it stands on by FROM, nearest first: what ends up in its image. */
export function baseChain(stage: Stage): readonly Stage[] {
  const chain: Stage[] = [];
  for (let each: Stage | undefined = stage; each !== undefined;) {
    chain.push(each);
    each = each.base.kind === "stage" ? each.base.stage : undefined;
  }
  return chain;
}
