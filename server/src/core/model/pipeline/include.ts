// Which files make a pipeline, and in which order. https://docs.gitlab.com/ci/yaml/includes/
import { defineQuery, type QueryContext } from "../../query/query";
import type { Located, Origin } from "../../text/located";
import { globPattern } from "../../text/glob";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import type { Include } from "./job";
import type { ModelProblem } from "./problem";
import type { MapValue, ScalarValue, Value } from "./value";
import { isReadable, rootPairOf, sameItems } from "./yaml-of";

/** GitLab's limit on files in one pipeline. https://docs.gitlab.com/ci/yaml/#include */
export const MAX_INCLUDES = 150;

export interface PipelineFiles {
  /** In the order in which they are merged: nested includes first, the root last and winning. */
  readonly files: readonly FilePath[];
  readonly includes: readonly Include[];
  readonly problems: readonly ModelProblem[];
  /** False when a file could not be read. */
  readonly isClosed: boolean;
}

/** Every file of the pipeline that starts at a path. Reads only the `include` entries of the files. */
export const pipelineFilesOf = defineQuery<FilePath, PipelineFiles>({
  name: "pipelineFilesOf",
  compute: (ctx, root) => {
    const state: Walk = { ctx, files: [], includes: [], problems: [], stack: [], isClosed: true, left: MAX_INCLUDES };
    visit(state, root);
    const { files, includes, problems, isClosed } = state;
    return { files, includes, problems, isClosed };
  },
});

interface Walk {
  readonly ctx: QueryContext;
  readonly files: FilePath[];
  readonly includes: Include[];
  readonly problems: ModelProblem[];
  readonly stack: FilePath[];
  isClosed: boolean;
  left: number;
}

function visit(state: Walk, path: FilePath): void {
  state.stack.push(path);
  const pair = rootPairOf(state.ctx, path, "include");
  if (pair !== undefined) for (const statement of statementsOf(expandNode(state.ctx, pair.value))) follow(state, statement);
  state.stack.pop();
  // A file that is included again is merged again, at its later place; the first merge then makes no difference.
  const before = state.files.indexOf(path);
  if (before !== -1) state.files.splice(before, 1);
  state.files.push(path);
}

const statementsOf = (value: Value): readonly Value[] => (value.kind === "list" ? value.items.flatMap(statementsOf) : [value]);

function follow(state: Walk, statement: Value): void {
  if (statement.kind === "scalar") {
    const target = located(statement);
    if (/^https?:\/\//.test(target.value)) unreadable(state, "remote", target);
    else if (statement.node.value !== null) followLocal(state, target);
    return;
  }
  if (statement.kind !== "map") {
    state.isClosed = false;
    return;
  }
  const local = scalarEntry(statement, "local");
  if (local !== undefined) {
    followLocal(state, local);
    return;
  }
  for (const kind of ["project", "remote", "template", "component"] as const) {
    const target = scalarEntry(statement, kind);
    if (target !== undefined) {
      unreadable(state, kind, target);
      return;
    }
  }
  // `include:artifact` stands in child pipelines only; anything else GitLab refuses.
  state.isClosed = false;
}

/** What is not in this repository leaves the pipeline open; the message says so once, at the include. */
function unreadable(state: Walk, kind: Include["kind"], target: Located<string>): void {
  state.isClosed = false;
  state.includes.push({ kind, target, files: [] });
  const message = `This ${kind} include is not read, so nothing is called missing in this pipeline`;
  state.problems.push({ at: target.at, message, severity: "hint" });
}

function followLocal(state: Walk, target: Located<string>): void {
  const files = localFiles(state, target);
  state.includes.push({ kind: "local", target, files });
  for (const file of files) {
    if (state.stack.includes(file)) {
      problem(state, target.at, `\`${file}\` includes itself${cycleText(state, file)}; remove one of these includes`);
      continue;
    }
    if (state.left <= 0) {
      problem(state, target.at, `Maximum of ${MAX_INCLUDES} nested includes are allowed!`);
      state.isClosed = false;
      return;
    }
    state.left -= 1;
    visit(state, file);
  }
}

function localFiles(state: Walk, target: Located<string>): readonly FilePath[] {
  const path = target.value.replace(/^\/+/, "");
  if (/\$/.test(path)) {
    // Variables of the project and of the user interface decide: https://docs.gitlab.com/ci/yaml/includes/#use-variables-with-include
    state.isClosed = false;
    return [];
  }
  if (path.includes("..")) {
    problem(state, target.at, `Local file \`${target.value}\` leaves the repository; write its path from the repository's root`);
    state.isClosed = false;
    return [];
  }
  if (!/\.ya?ml$/.test(path)) {
    problem(state, target.at, `Included file \`${target.value}\` does not have YAML extension!`);
    state.isClosed = false;
    return [];
  }
  return path.includes("*") ? globbed(state, path, target.at) : single(state, path, target);
}

function single(state: Walk, path: FilePath, target: Located<string>): readonly FilePath[] {
  if (state.ctx.get(isReadable, path)) return [path];
  state.isClosed = false;
  if (state.ctx.exists(path) === false) {
    problem(state, target.at, `Local file \`${target.value}\` does not exist!`);
  }
  return [];
}

function globbed(state: Walk, glob: string, at: Origin): readonly FilePath[] {
  const matching = state.ctx.get(pathsMatching, glob);
  if (matching === undefined) {
    state.isClosed = false;
    return [];
  }
  if (matching.length === 0) problem(state, at, `Local file \`${glob}\` does not exist! (no file matches)`);
  const readable = matching.filter((path) => state.ctx.get(isReadable, path));
  if (readable.length < matching.length) state.isClosed = false;
  return readable;
}

/** Paths of the repository that a glob of `include:local` matches, sorted; undefined where nothing can be listed. */
const pathsMatching = defineQuery<string, readonly FilePath[] | undefined>({
  name: "pathsMatching",
  compute: (ctx, glob) => {
    const paths = ctx.paths();
    if (paths === undefined) return undefined;
    const pattern = globPattern(glob);
    return [...paths].filter((path) => pattern.test(path)).sort();
  },
  equals: (a, b) => a === b || (a !== undefined && b !== undefined && sameItems(a, b)),
});

const cycleText = (state: Walk, file: FilePath): string => {
  const between = state.stack.slice(state.stack.indexOf(file) + 1);
  return between.length === 0 ? "" : ` through ${between.map((path) => `\`${path}\``).join(", ")}`;
};

function problem(state: Walk, at: Origin, message: string): void {
  state.problems.push({ message, at, severity: "error" });
}

const located = (value: ScalarValue): Located<string> => ({ value: value.node.text, at: value.at, via: value.via });

function scalarEntry(map: MapValue, key: string): Located<string> | undefined {
  const value = map.entries.get(key)?.value;
  return value?.kind === "scalar" && value.node.value !== null ? located(value) : undefined;
}

