// The Dockerfiles that one build command may read: several where a matrix or a template gives the line different paths.
import { defineQuery, type QueryContext } from "../../query/query";
import { sameOrigin, type Origin } from "../../text/located";
import { below } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { buildsOfDockerfile } from "./dockerfile-uses";
import { dockerfileOf, type Dockerfile } from "./dockerfile";
import { expandArgument } from "./expand";
import type { Build } from "./image-build";
import { pathOf } from "./read-build";
import type { SymbolicText } from "./symbolic";
import { MAX_VARIANTS } from "./variants";
import { directoryAt } from "./working-directory";

/** Paths of the Dockerfiles of all variants; undefined where one of them is not known. */
export function dockerfilePathsOf(ctx: QueryContext, build: Build): readonly FilePath[] | undefined {
  if (build.dockerfile.known) return [build.dockerfile.value];
  const { command, file, contexts } = build;
  const [context, ...others] = contexts;
  if (context === undefined || others.length > 0 || command.tool === "kaniko") return undefined;
  const variants = file?.variants ?? expandArgument(ctx, command, context);
  if (variants.length < 2 || variants.length >= MAX_VARIANTS) return undefined;
  const paths = variants.map((text) => pathIn(build, text));
  const known = paths.filter((path) => path !== undefined);
  if (known.length < paths.length) return undefined;
  return file === undefined ? known.map((folder) => below(folder, "Dockerfile")) : known;
}

function pathIn({ command }: Build, text: SymbolicText): FilePath | undefined {
  const path = pathOf(text);
  if (path === undefined || path === "-" || /^\w+:\/\//.test(path)) return undefined;
  const at = directoryAt(command.workingDirectory, path);
  return at.known ? at.path : undefined;
}

/** Dockerfiles that declare a build argument, in any stage or in front of the first. */
const declarersOf = defineQuery<string, readonly FilePath[]>({
  name: "dockerfilesDeclaring",
  compute: (ctx, name) =>
    ctx.filesOfKind("dockerfile").filter((path) => {
      const dockerfile = dockerfileOf(ctx, path);
      return dockerfile !== undefined && declares(dockerfile, name);
    }),
  equals: (a, b) => a.join("\n") === b.join("\n"),
});

/** Whether an ARG of this name stands anywhere in a Dockerfile, behind ONBUILD too. */
export const declares = ({ tree }: Dockerfile, name: string): boolean =>
  tree.instructions.some(({ keyword, assignments, trigger }) =>
    (keyword === "ARG" ? assignments : trigger?.keyword === "ARG" ? trigger.assignments : []).some(
      (assignment) => assignment.name === name,
    ),
  );

/** Whether the same written argument (of a template, a `!reference`, an anchor) goes to another Dockerfile that declares it. */
export const declaredElsewhere = (ctx: QueryContext, name: string, at: Origin): boolean =>
  ctx
    .get(declarersOf, name)
    .some((path) =>
      buildsOfDockerfile(ctx, path).some((build) => build.arguments.some((each) => sameOrigin(each.at, at))),
    );
