// An ARG holds where it is declared: in front of the first FROM for FROM lines, in a stage for that stage.
// https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
import { dockerfileOf, type BuildArgDeclaration } from "../../model/docker/dockerfile";
import {
  emptyNames,
  undeclaredInFrom,
  type EmptyName,
  type UndeclaredInFrom,
} from "../../model/docker/dockerfile-scope";
import type { DockerfileInstruction, DockerfileTree } from "../../syntax/dockerfile-nodes";
import { textAt, type Chunk } from "../../text/located";
import { isTemplate } from "../dockerfile-template";
import { indentAt, insertAfter, insertBefore, startsLine } from "../edits";
import { defineRule, type FixDraft, type Report } from "../rule";

export const dockerfileArgScope = defineRule({
  id: "dockerfile-arg-scope",
  title: "Build argument that is not visible here",
  severity: "warning",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports variables in a stage whose `ARG` stands in front of the first `FROM` or in another stage, platform arguments such as `TARGETARCH` that the stage does not declare, and variables in a `FROM` line that no `ARG` in front of the first `FROM` declares.",
    why: `An \`ARG\` in front of the first \`FROM\` holds for \`FROM\` lines alone, and an \`ARG\` in a stage for that stage and those built
on it. Elsewhere the variable is empty, and nothing says so: the build goes on with the wrong path, version or platform.
In a \`FROM\` line it ends with "base name ($BASE) should not be blank" or "invalid reference format".`,
    fix: "Repeat `ARG NAME` behind the stage's `FROM`: it takes the value of the one at the top.",
    example: {
      file: "Dockerfile",
      bad: `
ARG APP_VERSION=1.4
FROM alpine:3.23
RUN echo "$APP_VERSION" > /version
`,
      good: `
ARG APP_VERSION=1.4
FROM alpine:3.23
ARG APP_VERSION
RUN echo "$APP_VERSION" > /version
`,
    },
    references: [
      "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
      "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope",
      "https://docs.docker.com/reference/build-checks/undefined-var/",
      "https://docs.docker.com/reference/build-checks/undefined-arg-in-from/",
    ],
  },

  *check(tree, ctx) {
    if (!tree.chunk.text.includes("$") || isTemplate(tree)) return;
    const dockerfile = dockerfileOf(ctx, tree.path);
    if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return;
    for (const undeclared of undeclaredInFrom(dockerfile)) yield reportFrom(tree, undeclared);
    for (const group of grouped(emptyNames(ctx, dockerfile))) yield reportEmpty(group);
  },
});

/** Names that are empty in one stage for one reason: declaring them all is one edit. */
function* grouped(names: readonly EmptyName[]): Iterable<readonly [EmptyName, ...EmptyName[]]> {
  const groups = new Map<string, [EmptyName, ...EmptyName[]]>();
  for (const empty of names) {
    const key = `${empty.stage.index} ${empty.because} ${String(empty.isCertain)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [empty]);
    else group.push(empty);
  }
  yield* groups.values();
}

function reportEmpty(group: readonly [EmptyName, ...EmptyName[]]): Report {
  const [{ stage, reads, isCertain }] = group;
  const [first, ...others] = [...reads, ...group.slice(1).flatMap((each) => each.reads)];
  const declared = group.flatMap(({ name, declaration }) =>
    declaration === undefined
      ? []
      : [{ at: declaration.assignment.nameAt, message: `\`ARG ${name}\` stands here` }],
  );
  return {
    at: first?.at ?? stage.from.keywordAt,
    ...(isCertain ? {} : { severity: "info", confidence: "likely" }),
    message: messageFor(group),
    related: [...declared, ...others.map(({ at }) => ({ at, message: "empty here too" }))],
    fixes: declareIn(
      stage.from,
      group.map(({ name }) => name),
    ),
  };
}

function messageFor(group: readonly [EmptyName, ...EmptyName[]]): string {
  const [{ because, isCertain }] = group;
  const names = group.map(({ name }) => name);
  const isOne = names.length === 1;
  const listed = (prefix: string): string => names.map((name) => `\`${prefix}${name}\``).join(", ");
  const empty = `${listed("$")} ${isOne ? "is" : "are"} empty`;
  const todo = `declare ${listed("ARG ")} in this stage`;
  if (because === "platform")
    return `${empty} in a stage that does not declare ${isOne ? "it" : "them"}; ${todo}, and BuildKit sets ${isOne ? "it" : "them"}`;
  const hold = isOne ? "holds" : "hold";
  const where =
    because === "global"
      ? `in front of the first \`FROM\` ${hold} for \`FROM\` lines only`
      : `of another stage ${isOne ? "does" : "do"} not hold in this one`;
  return `${listed("ARG ")} ${where}, so ${empty} here${isCertain ? "" : ` unless the base image sets ${isOne ? "it" : "them"}`}; ${todo}`;
}

/** `ARG NAME` for each name on a line of its own behind FROM, in the letter case of its keyword. */
function declareIn(from: DockerfileInstruction, names: readonly string[]): readonly FixDraft[] {
  if (!startsLine(from.at)) return [];
  const lines = names.map((name) => `${keywordLike(from)} ${name}`);
  return [
    {
      title: `Add ${lines.map((line) => `\`${line}\``).join(", ")} to the stage`,
      safety: "suggested",
      edits: [insertAfter(from.at, lines.map((line) => `\n${indentAt(from.at)}${line}`).join(""))],
    },
  ];
}

const keywordLike = ({ keywordAt }: DockerfileInstruction): string =>
  textAt(keywordAt) === "from" ? "arg" : "ARG";

function reportFrom(tree: DockerfileTree, { read, declaration }: UndeclaredInFrom): Report {
  const { name } = read;
  const where =
    declaration === undefined
      ? `no \`ARG ${name}\` stands in front of the first \`FROM\``
      : `its \`ARG ${name}\` stands in a stage and not in front of the first \`FROM\``;
  return {
    at: read.at,
    message: `\`$${name}\` is empty in this \`FROM\`: ${where}, so not even \`--build-arg\` gives it a value; declare it there`,
    related:
      declaration === undefined
        ? []
        : [{ at: declaration.assignment.nameAt, message: "declared for its own stage" }],
    fixes: declareAtTop(tree, name, declaration),
  };
}

function declareAtTop(
  { instructions }: DockerfileTree,
  name: string,
  declaration: BuildArgDeclaration | undefined,
): readonly FixDraft[] {
  const first = instructions.find(({ keyword }) => keyword === "FROM");
  if (first === undefined || !startsLine(first.at)) return [];
  const line = `${keywordLike(first)} ${declaration === undefined ? name : writtenAs(first.at.chunk, declaration)}`;
  return [
    {
      title: `Add \`${line}\` in front of the first \`FROM\``,
      safety: "suggested",
      edits: [insertBefore(first.at, `${line}\n${indentAt(first.at)}`)],
    },
  ];
}

/** `NAME=default` as it is written, quotes included. */
function writtenAs(chunk: Chunk, { assignment: { name, nameAt, valueAt } }: BuildArgDeclaration): string {
  if (valueAt === undefined) return name;
  const quote = /["']/.test(chunk.text.charAt(valueAt.start - 1)) ? 1 : 0;
  return chunk.text.slice(nameAt.start, valueAt.end + quote);
}
