// A Dockerfile as BuildKit sees it: stages, their bases, and what they take from each other.
import { defineQuery, type QueryContext } from "../../query/query";
import { parseDockerfile } from "../../syntax/dockerfile";
import type {
  DockerfileAssignment,
  DockerfileInstruction,
  DockerfileTree,
  DockerfileWord,
} from "../../syntax/dockerfile-nodes";
import { partOf, spanning, type Located, type Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { expandDockerfileText, type ArgumentValues } from "./dockerfile-variables";
import { parseReference, type ImageReference } from "./image-reference";
import { literalText, type SymbolicText } from "./symbolic";

/** A declaration `ARG NAME` or `ARG NAME=default`. */
export interface BuildArgDeclaration {
  readonly assignment: DockerfileAssignment;
  readonly instruction: DockerfileInstruction;
  readonly name: string;
  readonly default: string | undefined;
}

export type StageBase =
  /** An earlier stage. */
  | { readonly kind: "stage"; readonly stage: Stage }
  | { readonly kind: "scratch" }
  | { readonly kind: "image"; readonly reference: ImageReference };

/** `COPY --from=X`, `ADD --from=X`, `RUN --mount=…,from=X`. */
export interface StageEdge {
  /** The value of `from`, as written. */
  readonly from: Located<string>;
  /** The stage meant: by index, or by name among the earlier ones. Undefined for images, contexts and mistakes. */
  readonly stage: Stage | undefined;
  readonly instruction: DockerfileInstruction;
}

export interface Stage {
  readonly index: number;
  /** The name behind AS, as written (names are compared without case); undefined where there is none. */
  readonly name: Located<string> | undefined;
  /** The FROM instruction. */
  readonly from: DockerfileInstruction;
  /** The base as written, and its place. */
  readonly written: Located<string>;
  /** With global ARG defaults in place. */
  readonly baseText: SymbolicText;
  readonly base: StageBase;
  /** `--platform` of FROM. */
  readonly platform: string | undefined;
  /** Instructions behind FROM. */
  readonly instructions: readonly DockerfileInstruction[];
  readonly edges: readonly StageEdge[];
  /** ARG of this stage, without those of its base. */
  readonly arguments: readonly BuildArgDeclaration[];
  /** FROM to the end of the last instruction. */
  readonly at: Origin;
}

export interface Dockerfile {
  readonly tree: DockerfileTree;
  /** ARG before the first FROM. */
  readonly globalArguments: readonly BuildArgDeclaration[];
  readonly stages: readonly Stage[];
  /** `# syntax=…` names a frontend other than docker/dockerfile: nothing may be claimed of stages. */
  readonly foreignFrontend: string | undefined;
}
const treeOf = defineQuery<FilePath, DockerfileTree | undefined>({
  name: "dockerfileTreeOf",
  compute: (ctx, path, previous) => {
    const file = ctx.file(path);
    return file === undefined ? undefined : parseDockerfile(file, previous);
  },
});

const dockerfiles = defineQuery<FilePath, Dockerfile | undefined>({
  name: "dockerfileOf",
  compute: (ctx, path) => {
    const tree = ctx.get(treeOf, path);
    return tree === undefined ? undefined : stagesOf(tree);
  },
});

/** The syntax tree of a Dockerfile; undefined where the file is not there or not loaded yet. */
export const dockerfileTreeOf = (ctx: QueryContext, path: FilePath): DockerfileTree | undefined =>
  ctx.get(treeOf, path);

/** A Dockerfile with its stages; undefined where the file is not there or not loaded yet. */
export const dockerfileOf = (ctx: QueryContext, path: FilePath): Dockerfile | undefined =>
  ctx.get(dockerfiles, path);

/**
 * The stages of a Dockerfile. Instructions before the first FROM belong to none.
 *
 * @param given values of `--build-arg`, by name: they win over the defaults of global ARGs
 */
export function stagesOf(tree: DockerfileTree, given: ArgumentValues = new Map()): Dockerfile {
  const first = tree.instructions.findIndex(({ keyword }) => keyword === "FROM");
  const globalArguments = tree.instructions
    .slice(0, first === -1 ? undefined : first)
    .flatMap(declarationsOf);
  const values = globalValues(globalArguments, given);
  const stages: Stage[] = [];
  for (const [from, instructions] of cutStages(tree.instructions))
    stages.push(stageOf(stages, from, instructions, values));
  return { tree, globalArguments, stages, foreignFrontend: foreignFrontendOf(tree) };
}

/** The stage that `--target` means: by name without case, or by number. BuildKit: dockerfile2llb, `HasStage`. */
export function stageNamed({ stages }: Dockerfile, target: string): Stage | undefined {
  const wanted = target.toLowerCase();
  return (
    stages.find(({ name }) => name?.value.toLowerCase() === wanted) ??
    (/^\d+$/.test(target) ? stages[Number(target)] : undefined)
  );
}

function cutStages(
  instructions: readonly DockerfileInstruction[],
): readonly (readonly [DockerfileInstruction, readonly DockerfileInstruction[]])[] {
  const stages: (readonly [DockerfileInstruction, DockerfileInstruction[]])[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") stages.push([instruction, []]);
    else stages.at(-1)?.[1].push(instruction);
  }
  return stages;
}

function stageOf(
  earlier: readonly Stage[],
  from: DockerfileInstruction,
  instructions: readonly DockerfileInstruction[],
  values: ArgumentValues,
): Stage {
  const [image, as, name] = from.words;
  const written: Located<string> = { value: image?.text ?? "", at: image?.at ?? from.keywordAt, via: [] };
  const baseText = expandDockerfileText(written.value, written.at, values);
  const last = instructions.at(-1);
  return {
    index: earlier.length,
    name: as?.text.toUpperCase() === "AS" && name !== undefined ? located(name) : undefined,
    from,
    written,
    baseText,
    base: baseOf(earlier, baseText),
    platform: from.flags.find((flag) => flag.name === "platform")?.value,
    instructions,
    edges: instructions.flatMap((instruction) => edgesOf(earlier, instruction)),
    arguments: instructions.flatMap(declarationsOf),
    at: last === undefined ? from.at : spanning(from.at, last.at),
  };
}

const located = (word: DockerfileWord): Located<string> => ({ value: word.text, at: word.at, via: [] });

function baseOf(earlier: readonly Stage[], text: SymbolicText): StageBase {
  const name = literalText(text)?.toLowerCase();
  const stage = earlier.find((candidate) => candidate.name?.value.toLowerCase() === name);
  if (stage !== undefined) return { kind: "stage", stage };
  return name === "scratch" ? { kind: "scratch" } : { kind: "image", reference: parseReference(text) };
}

function edgesOf(earlier: readonly Stage[], instruction: DockerfileInstruction): readonly StageEdge[] {
  return instruction.flags.flatMap((flag) => {
    if (flag.value === undefined || flag.valueAt === undefined) return [];
    if (flag.name === "from") return [edge(earlier, instruction, flag.value, flag.valueAt)];
    // `--mount=type=bind,from=build,source=/x`
    const match = flag.name === "mount" ? /(?:^|,)from=([^,]*)/.exec(flag.value) : null;
    if (match?.[1] === undefined) return [];
    const start = match.index + match[0].length - match[1].length;
    return [edge(earlier, instruction, match[1], partOf(flag.valueAt, start, start + match[1].length))];
  });
}

function edge(
  earlier: readonly Stage[],
  instruction: DockerfileInstruction,
  value: string,
  at: Origin,
): StageEdge {
  const wanted = value.toLowerCase();
  const stage =
    earlier.find(({ name }) => name?.value.toLowerCase() === wanted) ??
    (/^\d+$/.test(value) ? earlier[Number(value)] : undefined);
  return { from: { value, at, via: [] }, stage, instruction };
}

function declarationsOf(instruction: DockerfileInstruction): readonly BuildArgDeclaration[] {
  if (instruction.keyword !== "ARG") return [];
  return instruction.assignments.map((assignment) => ({
    assignment,
    instruction,
    name: assignment.name,
    default: assignment.value,
  }));
}

/** Defaults of global ARGs, each expanded with those before it; a given build argument wins. */
function globalValues(declarations: readonly BuildArgDeclaration[], given: ArgumentValues): ArgumentValues {
  const values = new Map<string, SymbolicText>();
  for (const { name, assignment, default: text } of declarations) {
    const outside = given.get(name);
    if (outside !== undefined) values.set(name, outside);
    else if (text !== undefined)
      values.set(name, expandDockerfileText(text, assignment.valueAt ?? assignment.nameAt, values));
  }
  return values;
}

/** `# syntax=` that names another frontend than Docker's own: stages may then mean something else. */
function foreignFrontendOf(tree: DockerfileTree): string | undefined {
  const syntax = tree.directives.find(({ name }) => name === "syntax")?.value;
  if (syntax === undefined) return undefined;
  return /^((registry-1\.|index\.)?docker\.io\/)?docker\/dockerfile(-upstream)?([:@].*)?$/.test(syntax)
    ? undefined
    : syntax;
}
