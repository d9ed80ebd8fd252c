// From what an include names to files: of this repository, or of the checkout that stands in for another project.
// The words of problems are GitLab's. lib/gitlab/ci/config/external/file/{local,project,component}.rb
import { defineQuery, type QueryContext } from "../../query/query";
import { globMatcher } from "../../text/glob";
import type { Located } from "../../text/located";
import { below, isOutside } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { checkoutOf, componentPaths, readComponent } from "./include-project";
import type { ModelProblem } from "./problem";
import { isBlank, isReadable, sameItems } from "./yaml-of";

/** What one name of an include leads to. */
export interface Target {
  /** Files that can be read, in order. */
  readonly files: readonly FilePath[];
  /** Where the files of their project lie: paths inside them begin there. */
  readonly folder: FilePath;
  /** The name, for messages. */
  readonly name: Located<string>;
  /** False where something was not read, so that the pipeline may hold more. */
  readonly isRead: boolean;
  readonly problem: ModelProblem | undefined;
}

/** `local`: a path or a glob, from the root of the project whose file names it. */
export function localTarget(ctx: QueryContext, name: Located<string>, folder: FilePath): Target {
  const path = name.value.replace(/^\/+/, "");
  const target = { files: [], folder, name, isRead: false };
  // Variables of the project and of the user interface decide, or an input that is not known:
  // https://docs.gitlab.com/ci/yaml/includes/#use-variables-with-include
  if (path.includes("$")) {
    const message =
      "The path of this include depends on a variable, so it is not read, and nothing is called missing in this pipeline";
    return { ...target, problem: { at: name.at, message, severity: "hint" } };
  }
  const refused = refusedPath(path, name.value);
  if (refused !== undefined) return { ...target, problem: error(name, refused) };
  const file = below(folder, path);
  if (path.includes("*")) return globTarget(ctx, target, path, file);
  if (ctx.get(isReadable, file)) return found(ctx, target, [file], `Local file \`${path}\` is empty!`);
  const absent = isAbsent(ctx, file) ? `Local file \`${name.value}\` does not exist!` : undefined;
  return { ...target, problem: absent === undefined ? undefined : error(name, absent) };
}

function refusedPath(path: string, written: string): string | undefined {
  if (path.split("/").includes(".."))
    return `Local file \`${written}\` leaves the repository; write its path from the repository's root`;
  return /.\.ya?ml$/i.test(path) ? undefined : `Included file \`${written}\` does not have YAML extension!`;
}

type Begun = Omit<Target, "problem">;

function globTarget(ctx: QueryContext, target: Begun, path: string, glob: string): Target {
  if (isOutside(target.folder)) {
    const message =
      "Wildcards are not followed in a checkout outside the repository, so nothing is called missing in this pipeline";
    return { ...target, problem: { at: target.name.at, message, severity: "hint" } };
  }
  const matching = ctx.get(pathsMatching, glob);
  if (matching === undefined) return { ...target, problem: undefined };
  if (matching.length === 0)
    return {
      ...target,
      problem: error(target.name, `Local file \`${path}\` does not exist! (no file matches)`),
    };
  const files = matching.filter((each) => ctx.get(isReadable, each));
  return { ...target, files, isRead: files.length === matching.length, problem: undefined };
}

/** Paths of the repository that a glob of `include:local` matches, sorted; undefined where nothing can be listed. */
const pathsMatching = defineQuery<string, readonly FilePath[] | undefined>({
  name: "pathsMatching",
  compute: (ctx, glob) => {
    const paths = ctx.paths();
    if (paths === undefined) return undefined;
    const matches = globMatcher(glob);
    return [...paths].filter((path) => matches(path)).sort();
  },
  equals: (a, b) => a === b || (a !== undefined && b !== undefined && sameItems(a, b)),
});

/** `project` with one of its `file`s. The checkout stands in for every `ref`. */
export function projectTarget(ctx: QueryContext, project: Located<string>, name: Located<string>): Target {
  const folder = ctx.get(checkoutOf, project.value);
  const path = name.value.replace(/^\/+/, "");
  const target = { files: [], folder: folder ?? "", name, isRead: false };
  if (folder === undefined)
    return { ...target, problem: notMapped(project, `Project \`${project.value}\``, project.value) };
  if (path.includes("$")) return { ...target, problem: undefined };
  const refused = refusedPath(path, name.value);
  if (refused !== undefined) return { ...target, problem: error(name, refused) };
  const file = below(folder, path);
  const words = `Project \`${project.value}\` file \`${path}\``;
  if (ctx.get(isReadable, file)) return found(ctx, target, [file], `${words} is empty!`);
  return {
    ...target,
    problem: isAbsent(ctx, file) ? notInCheckout(name, `${words} does not exist`, folder) : undefined,
  };
}

/** `component`: the template of that name in the project's checkout. */
export function componentTarget(ctx: QueryContext, name: Located<string>): Target {
  const target = { files: [], folder: "", name, isRead: false };
  const component = readComponent(name.value);
  if (component === undefined) {
    if (name.value.includes("$"))
      return { ...target, problem: notMapped(name, `Component \`${name.value}\``, "group/project") };
    return {
      ...target,
      problem: error(name, `Component '${name.value}' - the component path is not supported`),
    };
  }
  const folder = ctx.get(checkoutOf, component.project);
  if (folder === undefined)
    return { ...target, problem: notMapped(name, `Component \`${name.value}\``, component.project) };
  const files = componentPaths(component).map((path) => below(folder, path));
  const file = files.find((each) => ctx.get(isReadable, each));
  if (file !== undefined)
    return found(ctx, { ...target, folder }, [file], `Component '${name.value}' - content not found`);
  const isMissing = files.every((each) => isAbsent(ctx, each));
  const words = `Component '${name.value}' - content not found: neither \`${componentPaths(component).join("` nor `")}\` exists`;
  return { ...target, folder, problem: isMissing ? notInCheckout(name, words, folder) : undefined };
}

function found(ctx: QueryContext, target: Begun, files: readonly FilePath[], ifEmpty: string): Target {
  const isEmpty = files.every((file) => ctx.get(isBlank, file));
  return { ...target, files, isRead: true, problem: isEmpty ? error(target.name, ifEmpty) : undefined };
}

/** Outside the repository nothing is listed: what a host did not load although it was asked for is not there. */
const isAbsent = (ctx: QueryContext, file: FilePath): boolean =>
  isOutside(file) ? ctx.get(canList, null) : ctx.exists(file) === false;

const canList = defineQuery<null, boolean>({ name: "canList", compute: (ctx) => ctx.paths() !== undefined });

const error = (name: Located<string>, message: string): ModelProblem => ({
  at: name.at,
  message,
  severity: "error",
});

/** A checkout may be of another version than the pipeline takes: no error. */
const notInCheckout = (name: Located<string>, words: string, folder: FilePath): ModelProblem => ({
  at: name.at,
  message: `${words} in ${folder === "" ? "this repository" : `the checkout \`${folder}\``}`,
  severity: "warning",
});

const notMapped = (name: Located<string>, what: string, project: string): ModelProblem => ({
  at: name.at,
  message:
    `${what} is not read, so nothing is called missing in this pipeline; ` +
    `name a checkout of it in \`.gitlab-ci-docker.yml\`: \`include: { projects: { "${project}": ../folder } }\``,
  severity: "hint",
});
