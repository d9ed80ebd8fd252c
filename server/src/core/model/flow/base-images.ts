// The images that a build starts from: `FROM` and `COPY --from` of its Dockerfile, with the build's arguments in place.
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Build } from "../docker/build";
import { dockerfileOf, stagesOf, type Dockerfile, type Stage } from "../docker/dockerfile";
import type { ArgumentValues } from "../docker/dockerfile-variables";
import { parseReference, type ImageReference } from "../docker/image-reference";
import { literal, type SymbolicText } from "../docker/symbolic";

export interface BaseImage {
  readonly reference: ImageReference;
  /** In the Dockerfile. */
  readonly at: Located<string>;
}

/** Images that a build takes from a registry or from its daemon; none where the Dockerfile is not known. */
export function basesOf(ctx: QueryContext, build: Build): readonly BaseImage[] {
  if (!build.dockerfile.known) return [];
  const dockerfile = dockerfileOf(ctx, build.dockerfile.value);
  if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return [];
  return withArguments(dockerfile, build).stages.flatMap((stage) => basesOfStage(stage, build));
}

/** Global arguments are the only ones that FROM sees. */
function withArguments(dockerfile: Dockerfile, build: Build): Dockerfile {
  const given = new Map<string, SymbolicText>();
  for (const { name, value } of build.arguments) {
    const [only, ...others] = value ?? [];
    if (only !== undefined && others.length === 0 && isGlobal(dockerfile, name)) given.set(name, only);
  }
  return given.size === 0 ? dockerfile : stagesOf(dockerfile.tree, given satisfies ArgumentValues);
}

const isGlobal = ({ globalArguments }: Dockerfile, name: string): boolean =>
  globalArguments.some((argument) => argument.name === name);

function basesOfStage({ base, written, edges }: Stage, build: Build): readonly BaseImage[] {
  const from: readonly BaseImage[] =
    base.kind === "image" ? [{ reference: base.reference, at: written }] : [];
  const copied = edges.flatMap(({ stage, from: at }): readonly BaseImage[] => {
    // A number or a variable is no image, nor is a context that the command names.
    if (stage !== undefined || /^\d*$|\$/.test(at.value) || isBuildContext(build, at.value)) return [];
    return [{ reference: parseReference({ parts: [literal(at.value, at.at)] }), at }];
  });
  return [...from, ...copied];
}

const isBuildContext = ({ command }: Build, name: string): boolean =>
  command.flags.some(
    (flag) => flag.name === "build-context" && flag.value?.text.startsWith(`${name}=`) === true,
  );
