// The edits that give an image with a variable in its name a stage, which `--from` can then name.
import type { Dockerfile, Stage } from "../model/docker/dockerfile";
import { readsOfText } from "../model/docker/instruction-reads";
import type { DockerfileTree } from "../syntax/dockerfile-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { indentAt, insertBefore, replaceText, startsLine } from "./edits";
import type { FixDraft } from "./rule";

/**
 * `FROM image AS name` in front of a stage, and its name in every `--from=image` from there on. Nothing where stages are counted
 * by number, or where a variable of the image has no declaration that can be taken to the top.
 */
export function stageForImage(
  tree: DockerfileTree,
  dockerfile: Dockerfile,
  stage: Stage,
  image: string,
): readonly FixDraft[] {
  const { stages } = dockerfile;
  const edges = stages.flatMap((each) => each.edges);
  const users = edges.filter(({ from }) => from.value === image);
  if (
    edges.some(({ from }) => /^\d+$/.test(from.value)) ||
    users.some(({ from }) => textAt(from.at) !== image)
  )
    return [];
  const declarations = declarationsFor(tree, dockerfile, image);
  const [first] = stages;
  if (
    first === undefined ||
    declarations === undefined ||
    !startsLine(stage.from.at) ||
    !startsLine(first.from.at)
  )
    return [];
  const name = freeName(stages, image);
  const isLower = textAt(stage.from.keywordAt) === "from";
  const line = isLower ? `from ${image} as ${name}` : `FROM ${image} AS ${name}`;
  const edits: ChunkEdit[] = [
    ...declarations.map((each) =>
      insertBefore(first.from.at, `${isLower ? "arg" : "ARG"} ${each}\n${indentAt(first.from.at)}`),
    ),
    insertBefore(stage.from.at, `${line}\n\n${indentAt(stage.from.at)}`),
    ...users.map(({ from }) => replaceText(from.at, name)),
  ];
  return [{ title: `Give the image a stage: \`${line}\``, safety: "suggested", edits }];
}

/** `NAME=default` of the arguments that must stand at the top too; undefined where one is declared nowhere. */
function declarationsFor(
  tree: DockerfileTree,
  { stages, globalArguments }: Dockerfile,
  image: string,
): readonly string[] | undefined {
  const missing: string[] = [];
  const here = { chunk: tree.chunk, start: 0, end: 0 };
  for (const { name, hasFallback } of readsOfText(image, tree.escape, () => here)) {
    if (hasFallback || globalArguments.some((argument) => argument.name === name)) continue;
    const declared = stages.flatMap((each) => each.arguments).find((argument) => argument.name === name);
    if (declared === undefined || /["'\s]/.test(declared.default ?? "")) return undefined;
    missing.push(declared.default === undefined ? name : `${name}=${declared.default}`);
  }
  return [...new Set(missing)];
}

/** `composer-image` for `composer:${VERSION}`. */
function freeName(stages: readonly Stage[], image: string): string {
  const base = /([a-z][a-z0-9-]*)(?::|@|$)/.exec(image.replace(/\$\{?\w+\}?.*$/, ":"))?.[1] ?? "source";
  const taken = new Set(stages.map(({ name }) => name?.value.toLowerCase()));
  const candidates = [`${base}-image`, `${base}-image-2`, `${base}-image-3`];
  return candidates.find((candidate) => !taken.has(candidate)) ?? `${base}-image-${stages.length}`;
}
