// Follows includes from file to file, nested ones first, and binds the inputs of each. https://docs.gitlab.com/ci/yaml/includes/
import type { QueryContext } from "../../query/query";
import type { Located, Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import { includedBy } from "./include-rules";
import { readStatement, type Statement } from "./include-statement";
import { componentTarget, localTarget, projectTarget, type Target } from "./include-target";
import { bindInputs, defaultInputs, sameInputs } from "./inputs";
import type { Inputs } from "./inputs-interpolate";
import { inputHeaderOf } from "./inputs-spec";
import type { Include } from "./job";
import type { ModelProblem } from "./problem";
import { rootPairOf } from "./yaml-of";

/** GitLab's limit on files in one pipeline. https://docs.gitlab.com/ci/yaml/#include */
export const MAX_INCLUDES = 150;

/** A file with the inputs that it is included with. The same file counts once for each set of inputs. */
export interface FileUse {
  readonly file: FilePath;
  /** Undefined for a file without `spec:` header. */
  readonly inputs: Inputs | undefined;
}

/** What following includes found. */
export interface Walked {
  /** In the order in which they are merged: nested includes first. */
  readonly uses: readonly FileUse[];
  readonly includes: readonly Include[];
  readonly problems: readonly ModelProblem[];
  /** False when a file could not be read. */
  readonly isClosed: boolean;
}

/**
 * Follows the includes of a file that a pipeline starts from. Reads only headers and `include` entries. `previous` are
 * the uses of the time before: those that are the same are kept, and with them what was worked out of them.
 */
export function walkFile(ctx: QueryContext, file: FilePath, previous: readonly FileUse[]): Walked {
  const walk = begin(ctx, previous);
  visit(walk, file, defaultInputs(ctx.get(inputHeaderOf, file)), "");
  return walk;
}

/** Follows statements that make a pipeline by themselves: `trigger:include`. */
export function walkStatements(
  ctx: QueryContext,
  statements: readonly Statement[],
  previous: readonly FileUse[],
): Walked {
  const walk = begin(ctx, previous);
  for (const statement of statements) follow(walk, statement, "");
  return walk;
}

function begin(ctx: QueryContext, previous: readonly FileUse[]): Walk {
  const known = new Map<FilePath, readonly FileUse[]>();
  for (const use of previous) known.set(use.file, [...(known.get(use.file) ?? []), use]);
  return { ctx, known, uses: [], includes: [], problems: [], stack: [], isClosed: true, count: 0 };
}

interface Walk {
  readonly ctx: QueryContext;
  /** Uses of the time before: kept where they are the same, so that what was worked out of them stays. */
  readonly known: ReadonlyMap<FilePath, readonly FileUse[]>;
  readonly uses: FileUse[];
  readonly includes: Include[];
  readonly problems: ModelProblem[];
  readonly stack: FilePath[];
  isClosed: boolean;
  /** Files included so far, unreadable ones too. */
  count: number;
}

/** `folder`: where the files of the project lie that the file is part of. */
function visit(walk: Walk, file: FilePath, inputs: Inputs | undefined, folder: FilePath): void {
  walk.stack.push(file);
  const pair = rootPairOf(walk.ctx, file, "include");
  const statements = pair === undefined ? [] : readStatement(expandNode(walk.ctx, pair.value, inputs));
  for (const statement of statements) follow(walk, statement, folder);
  walk.stack.pop();
  const use = walk.known.get(file)?.find((each) => sameInputs(each.inputs, inputs)) ?? { file, inputs };
  // What is included again is merged again, at its later place; the first merge then makes no difference.
  const before = walk.uses.findIndex((each) => each.file === file && sameInputs(each.inputs, inputs));
  if (before !== -1) walk.uses.splice(before, 1);
  walk.uses.push(use);
}

function follow(walk: Walk, statement: Statement, folder: FilePath): void {
  if (statement.kind === "unreadable") {
    walk.isClosed = false;
    if (statement.message !== undefined) problem(walk, statement.at, statement.message);
    return;
  }
  // GitLab asks the rules before it looks at anything else of the statement.
  if (includedBy(walk.ctx, statement.rules, folder) === "never") return;
  const targets = targetsOf(walk.ctx, statement, folder);
  const files = targets.flatMap((target) => target.files);
  if (statement.kind !== "artifact")
    walk.includes.push({ kind: statement.kind, target: statement.target, files });
  for (const target of targets) enter(walk, statement, target);
}

function targetsOf(
  ctx: QueryContext,
  statement: Exclude<Statement, { kind: "unreadable" }>,
  folder: FilePath,
): readonly Target[] {
  switch (statement.kind) {
    case "local":
      return [localTarget(ctx, statement.target, folder)];
    case "project":
      return statement.files.map((file) => projectTarget(ctx, statement.target, file));
    case "component":
      return [componentTarget(ctx, statement.target)];
    case "remote":
    case "template":
      return [
        unread(
          statement.target,
          `This ${statement.kind} include is not read, so nothing is called missing in this pipeline`,
        ),
      ];
    case "artifact":
      return [{ files: [], folder, name: statement.target, isRead: false, problem: undefined }];
  }
}

const unread = (name: Located<string>, message: string): Target => ({
  files: [],
  folder: "",
  name,
  isRead: false,
  problem: { at: name.at, message, severity: "hint" },
});

function enter(walk: Walk, statement: Exclude<Statement, { kind: "unreadable" }>, target: Target): void {
  walk.isClosed &&= target.isRead;
  if (target.problem !== undefined) walk.problems.push(target.problem);
  if (target.files.length === 0) walk.count += 1;
  for (const file of target.files) {
    if (walk.stack.includes(file)) {
      problem(
        walk,
        target.name.at,
        `\`${file}\` includes itself${cycleText(walk, file)}; remove one of these includes`,
      );
      continue;
    }
    walk.count += 1;
    if (walk.count > MAX_INCLUDES) {
      problem(walk, target.name.at, `Maximum of ${MAX_INCLUDES} nested includes are allowed!`);
      walk.isClosed = false;
      return;
    }
    const giving = {
      given: statement.inputs,
      at: target.name.at,
      name: target.name.value.replace(/^\/+/, ""),
    };
    const { inputs, problems } = bindInputs(walk.ctx.get(inputHeaderOf, file), giving);
    walk.problems.push(...problems);
    visit(walk, file, inputs, target.folder);
  }
}

const cycleText = (walk: Walk, file: FilePath): string => {
  const between = walk.stack.slice(walk.stack.indexOf(file) + 1);
  return between.length === 0 ? "" : ` through ${between.map((path) => `\`${path}\``).join(", ")}`;
};

function problem(walk: Walk, at: Origin, message: string): void {
  // One statement can bring many files too many.
  if (walk.problems.some((each) => each.at === at && each.message === message)) return;
  walk.problems.push({ message, at, severity: "error" });
}
