// The stages and build arguments that a Dockerfile names, each with its place.
// https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
import { runReadingOf } from "../../model/docker/dockerfile-run";
import { dockerfileOf, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { readsOf, readsOfText } from "../../model/docker/instruction-reads";
import { defineQuery, type QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import { partOf, textAt, type Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { namesInShell } from "./shell-names";
import { nameWithin, type Mention, type Role } from "./symbol";

/** What a stage without a name is called: it can be meant by its number, and not be renamed. */
export const nameOfStage = (stage: Stage): string => stage.name?.value.toLowerCase() ?? `#${stage.index}`;

export const mentionsOfDockerfile = defineQuery<FilePath, readonly Mention[]>({
  name: "mentionsOfDockerfile",
  compute: (ctx, path) => {
    const dockerfile = dockerfileOf(ctx, path);
    return dockerfile === undefined
      ? []
      : [...stageMentions(dockerfile), ...argumentMentions(ctx, dockerfile)];
  },
});

function stageMentions({ tree: { path: owner }, stages }: Dockerfile): readonly Mention[] {
  const mention = (stage: Stage, role: Role, at: Origin, written: string): Mention => {
    const own = { kind: "build-stage", name: nameOfStage(stage), owner, role, at } as const;
    if (/^\d+$/.test(written) || stage.name === undefined) return { ...own, isFixed: true };
    if (written.includes("$")) return { ...own, obstacle: `\`${written}\` means it through an ARG` };
    return own;
  };
  return stages.flatMap((stage) => {
    const { name, from, base, written, edges } = stage;
    return [
      mention(stage, "definition", name?.at ?? from.keywordAt, name?.value ?? ""),
      ...(base.kind === "stage" ? [mention(base.stage, "reference", written.at, written.value)] : []),
      ...edges.flatMap(({ from: { value, at }, stage: target }) =>
        target === undefined ? [] : [mention(target, "reference", nameWithin(at, value) ?? at, value)],
      ),
    ];
  });
}

/** Whose a name is at an instruction: of `ARG`, or of `ENV`, which wins over it. */
type Scope = Map<string, "arg" | "env">;

interface Search {
  readonly ctx: QueryContext;
  readonly owner: FilePath;
  readonly escape: string;
  /** Names that an ARG of the file declares. */
  readonly names: ReadonlySet<string>;
  readonly found: Mention[];
}

function argumentMentions(ctx: QueryContext, dockerfile: Dockerfile): readonly Mention[] {
  const { tree, globalArguments, stages } = dockerfile;
  const declared = [...globalArguments, ...stages.flatMap((stage) => stage.arguments)];
  if (declared.length === 0) return [];
  const names = new Set(declared.map(({ name }) => name));
  const search: Search = { ctx, owner: tree.path, escape: tree.escape, names, found: [] };
  const global: Scope = new Map();
  for (const { instruction } of globalArguments) visitInstruction(search, global, instruction);
  const scopes = new Map<Stage, Scope>();
  for (const stage of stages) {
    for (const read of readsOfFrom(stage, tree.escape)) addRead(search, global, read);
    const scope: Scope = new Map(stage.base.kind === "stage" ? scopes.get(stage.base.stage) : undefined);
    scopes.set(stage, scope);
    for (const instruction of stage.instructions) visitInstruction(search, scope, instruction);
  }
  return unique(search.found);
}

function visitInstruction(search: Search, scope: Scope, instruction: DockerfileInstruction): void {
  for (const read of readsIn(search.ctx, instruction, search.escape)) addRead(search, scope, read);
  for (const { name, nameAt } of instruction.assignments) {
    if (instruction.keyword === "ENV") scope.set(name, "env");
    if (instruction.keyword !== "ARG") continue;
    addMention(search, name, "definition", nameAt);
    if (scope.get(name) !== "env") scope.set(name, "arg");
  }
}

function addRead(search: Search, scope: Scope, { name, at, obstacle }: Read): void {
  if (search.names.has(name) && scope.get(name) === "arg")
    addMention(search, name, "reference", nameOfRead(at, name), obstacle);
}

function addMention({ owner, found }: Search, name: string, role: Role, at: Origin, obstacle?: string): void {
  const own = { kind: "build-arg", name, owner, role, at } as const;
  found.push(obstacle === undefined ? own : { ...own, obstacle });
}

const unique = (mentions: readonly Mention[]): readonly Mention[] => [
  ...new Map(mentions.map((each) => [`${each.at.start}-${each.at.end}`, each])).values(),
];

interface Read {
  readonly name: string;
  readonly at: Origin;
  readonly obstacle?: string;
}

function readsIn(ctx: QueryContext, instruction: DockerfileInstruction, escape: string): readonly Read[] {
  if (instruction.keyword !== "RUN") return readsOf(ctx, instruction, escape);
  const flags = instruction.flags.flatMap(({ name, value, valueAt }) =>
    value === undefined || valueAt === undefined || name === "from"
      ? []
      : readsOfText(value, escape, (start, end) => partOf(valueAt, start, end)),
  );
  const scripts = runReadingOf(ctx, instruction).scripts.flatMap(({ text, tree }) =>
    namesInShell(tree, text.text).map(({ name, role, start, end, obstacle }): Read => {
      const at = text.at(start, end);
      if (role === "write")
        return { name, at, obstacle: "a RUN instruction sets a shell variable of this name" };
      return obstacle === undefined ? { name, at } : { name, at, obstacle };
    }),
  );
  return [...flags, ...scripts];
}

function readsOfFrom({ written, from }: Stage, escape: string): readonly Read[] {
  const platform = from.flags.find(({ name }) => name === "platform");
  const texts: readonly { readonly text: string; readonly at: Origin }[] = [
    { text: written.value, at: written.at },
    ...(platform?.value !== undefined && platform.valueAt !== undefined
      ? [{ text: platform.value, at: platform.valueAt }]
      : []),
  ];
  return texts.flatMap(({ text, at }) => readsOfText(text, escape, (start, end) => partOf(at, start, end)));
}

/** The name in `$X`, `${X}`, `${X:-y}`, or the place itself where it is the name already. */
function nameOfRead(at: Origin, name: string): Origin {
  const sigil = /^\$\{?/.exec(textAt(at))?.[0].length ?? 0;
  return partOf(at, sigil, sigil + name.length);
}
