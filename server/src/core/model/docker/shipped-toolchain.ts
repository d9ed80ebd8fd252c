// Whether the image that a Dockerfile makes ships compilers that only the build needs.
import { TOOLCHAINS, type Toolchain } from "../../data/toolchain-images";
import type { QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { Located } from "../../text/located";
import type { Dockerfile, Stage } from "./dockerfile";
import { buildsOfDockerfile } from "./dockerfile-uses";
import { runsIn } from "./dockerfile-run";
import { stageNamed } from "./dockerfile";
import { registryName } from "./image-reference";
import { officialName } from "./official-image";
import { baseChain, finalStage } from "./stage-reachability";
import { literalText, showText } from "./symbolic";

export interface ShippedToolchain {
  readonly toolchain: Toolchain;
  /** The base that brings it. */
  readonly base: Located<string>;
  /** The command that compiles. */
  readonly command: { readonly text: string; readonly at: Located<string>["at"] };
}

/**
 * The toolchain in the image of the last stage. Nothing where that image is meant to have one: an image for pipelines or
 * development by its name, one without a program of its own, one whose program uses the tools.
 */
export function shippedToolchain(ctx: QueryContext, dockerfile: Dockerfile): ShippedToolchain | undefined {
  const last = finalStage(dockerfile);
  if (last === undefined) return undefined;
  const chain = baseChain(last);
  const bottom = chain.at(-1);
  const toolchain = bottom === undefined ? undefined : toolchainOf(bottom);
  if (bottom === undefined || toolchain === undefined) return undefined;
  const program = programOf(chain);
  if (program === undefined || toolchain.runs.test(program) || SHELL.test(program)) return undefined;
  const instructions = chain.flatMap((stage) => stage.instructions);
  const command = runsIn(ctx, instructions)
    .flatMap(({ commands }) => commands)
    .find(({ text }) => toolchain.compiles.test(text));
  if (command === undefined || isForBuilding(ctx, dockerfile, last)) return undefined;
  return { toolchain, base: bottom.written, command };
}

function toolchainOf({ base }: Stage): Toolchain | undefined {
  if (base.kind !== "image") return undefined;
  const { reference } = base;
  const name =
    officialName(reference) ?? `${registryName(reference) ?? ""}/${showText(reference.repository)}`;
  const toolchain = TOOLCHAINS.find(({ image }) => image === name);
  if (toolchain?.tag === undefined) return toolchain;
  const tag =
    reference.tag.known && reference.tag.value !== undefined ? literalText(reference.tag.value) : "";
  return tag !== undefined && toolchain.tag.test(tag) ? toolchain : undefined;
}

const SHELL = /^(?:\S*\/)?(?:ba|da|a|z)?sh$/;

/** What the container runs, as far as the file says; undefined where it says nothing. */
function programOf(chain: readonly Stage[]): string | undefined {
  for (const { instructions } of chain) {
    const last = (keyword: string): DockerfileInstruction | undefined =>
      instructions.filter((each) => each.keyword === keyword).at(-1);
    const found = last("ENTRYPOINT") ?? last("CMD");
    if (found !== undefined) return found.json?.map(({ text }) => text).join(" ") ?? found.rest.text.trim();
  }
  return undefined;
}

/** Names of images that people work in. */
const FOR_BUILDING =
  /(?:^|[^a-z])(?:builder|build|buildenv|ci|dev|devel|development|devcontainer|toolchain|tools?|tests?|testing|lint|runner|sdk|base|bench)(?:[^a-z]|$)/i;

/** Whether names say that the image is a tool itself: the file's own, its stage's, its tags'; or every build stops before the last stage. */
function isForBuilding(ctx: QueryContext, dockerfile: Dockerfile, last: Stage): boolean {
  const { path } = dockerfile.tree;
  if (FOR_BUILDING.test(path) || FOR_BUILDING.test(last.name?.value ?? "")) return true;
  const builds = buildsOfDockerfile(ctx, path);
  const tags = builds.flatMap((build) =>
    build.tags.flatMap(({ references }) => references.map(({ text }) => showText(text))),
  );
  if (tags.some((tag) => FOR_BUILDING.test(tag.replace(/\$\w+/g, "")))) return true;
  return (
    builds.length > 0 &&
    builds.every(
      ({ target }) =>
        target?.variants.some((variant) => stageNamed(dockerfile, literalText(variant) ?? "") !== last) ===
        true,
    )
  );
}
