// Which names are defined where in a Dockerfile, and what reads a name where it is empty: an ARG in front of the first FROM
// holds for FROM lines alone, one in a stage for that stage and those built on it.
// https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
import { isPredefinedForRun } from "../../data/build-arguments";
import { COMMON_ENVIRONMENT, imageSets } from "../../data/image-environment";
import type { QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { Dockerfile, BuildArgDeclaration, Stage } from "./dockerfile";
import { readsOf, readsOfText, type InstructionRead } from "./instruction-reads";
import { officialName } from "./official-image";
import { baseChain } from "./stage-reachability";

/** https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
const PLATFORM_ARGUMENTS: ReadonlySet<string> = new Set(
  "BUILDARCH BUILDOS BUILDPLATFORM BUILDVARIANT TARGETARCH TARGETOS TARGETPLATFORM TARGETSTAGE TARGETVARIANT".split(
    " ",
  ),
);

/** Reads of one name in one stage, where nothing gives it a value. */
export interface EmptyName {
  readonly stage: Stage;
  readonly name: string;
  /** "global": only an ARG in front of the first FROM has it. "platform": BuildKit sets it, once it is declared. "stage": the ARG of another stage. */
  readonly because: "global" | "platform" | "stage";
  /** The declaration that does not reach here; undefined for platform arguments. */
  readonly declaration: BuildArgDeclaration | undefined;
  /** In order; at least one. */
  readonly reads: readonly InstructionRead[];
  /** False where the base image may set the name. */
  readonly isCertain: boolean;
}

/** Names that are read in stages and are empty there. A name that nothing in the file declares is the base image's business. */
export function emptyNames(ctx: QueryContext, dockerfile: Dockerfile): readonly EmptyName[] {
  const scopes = new Map<Stage, Scope>();
  return dockerfile.stages.flatMap((stage) => {
    const base = stage.base.kind === "stage" ? scopes.get(stage.base.stage) : undefined;
    const isPosix = (base?.isPosix ?? dockerfile.tree.escape === "\\") && hasPosixShell(stage);
    const scope: Scope = { defined: new Set(base?.defined), isPosix };
    scopes.set(stage, scope);
    return emptyIn(ctx, dockerfile, stage, scope);
  });
}

interface Scope {
  /** Names that have a value, so far. */
  readonly defined: Set<string>;
  readonly isPosix: boolean;
}

function emptyIn(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  stage: Stage,
  { defined, isPosix }: Scope,
): readonly EmptyName[] {
  const found = new Map<string, InstructionRead[]>();
  for (const instruction of stage.instructions) {
    // A definition counts for its own instruction too: `ARG A=1 B=$A`.
    for (const name of definedBy(instruction)) defined.add(name);
    if (instruction.keyword === "RUN" && !isPosix) continue;
    for (const read of readsOf(ctx, instruction, dockerfile.tree.escape)) {
      if (defined.has(read.name) || read.hasFallback || isBrought(read.name)) continue;
      const reads = found.get(read.name);
      if (reads === undefined) found.set(read.name, [read]);
      else reads.push(read);
    }
  }
  return [...found].flatMap(([name, reads]) => {
    const cause = causeOf(dockerfile, stage, name);
    return cause === undefined ? [] : [{ stage, name, reads, ...cause }];
  });
}

const definedBy = ({ keyword, assignments }: DockerfileInstruction): readonly string[] =>
  keyword === "ARG" || keyword === "ENV" ? assignments.map(({ name }) => name) : [];

const isBrought = (name: string): boolean => COMMON_ENVIRONMENT.has(name) || isPredefinedForRun(name);

/** PowerShell and cmd read `$NAME` in their own ways; a stage has the shell of its base. */
const hasPosixShell = ({ instructions }: Stage): boolean =>
  instructions.every(
    ({ keyword, json }) => keyword !== "SHELL" || /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(json?.[0]?.text ?? ""),
  );

function causeOf(
  { stages, globalArguments }: Dockerfile,
  stage: Stage,
  name: string,
): Pick<EmptyName, "because" | "declaration" | "isCertain"> | undefined {
  if (PLATFORM_ARGUMENTS.has(name)) return { because: "platform", declaration: undefined, isCertain: true };
  const known = baseSets(stage, name);
  if (known === true) return undefined;
  const global = globalArguments.find((argument) => argument.name === name);
  if (global !== undefined) return { because: "global", declaration: global, isCertain: known === false };
  const elsewhere = stages.flatMap((each) => each.arguments).find((argument) => argument.name === name);
  // A name that is no global argument may well come from a base image that is not known.
  return elsewhere === undefined || known === undefined
    ? undefined
    : { because: "stage", declaration: elsewhere, isCertain: true };
}

/** Whether the external image at the bottom of a stage sets a name; undefined where that is not known. */
export function baseSets(stage: Stage, name: string): boolean | undefined {
  const base = baseChain(stage).at(-1)?.base;
  if (base === undefined || base.kind === "stage") return undefined;
  if (base.kind === "scratch") return false;
  const image = officialName(base.reference);
  return image === undefined ? undefined : imageSets(image, name);
}

// ---- FROM

/** A name in a FROM line that no ARG in front of the first FROM declares. */
export interface UndeclaredInFrom {
  readonly stage: Stage;
  readonly read: InstructionRead;
  /** The ARG of an earlier stage that was meant; undefined where there is none at all. */
  readonly declaration: BuildArgDeclaration | undefined;
}

/** BuildKit: UndefinedArgInFrom. Names with a fallback and platform arguments are fine. */
export function undeclaredInFrom({ tree, stages, globalArguments }: Dockerfile): readonly UndeclaredInFrom[] {
  const declared = new Set(globalArguments.map(({ name }) => name));
  return stages.flatMap((stage) => {
    const platform = stage.from.flags.find(({ name }) => name === "platform");
    const texts = [
      stage.written,
      { value: platform?.value ?? "", at: platform?.valueAt ?? stage.written.at },
    ];
    return texts
      .flatMap(({ value, at }) =>
        readsOfText(value, tree.escape, (start, end) => ({
          chunk: at.chunk,
          start: at.start + start,
          end: at.start + end,
        })),
      )
      .filter(
        ({ name, hasFallback }) =>
          !hasFallback && !declared.has(name) && !PLATFORM_ARGUMENTS.has(name) && !isPredefinedForRun(name),
      )
      .map((read) => ({
        stage,
        read,
        declaration: stages
          .slice(0, stage.index)
          .flatMap((each) => each.arguments)
          .find((argument) => argument.name === read.name),
      }));
  });
}
