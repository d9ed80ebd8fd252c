// A build needs its context and its Dockerfile. https://github.com/docker/buildx/blob/master/build/opt.go (`loadInputs`)
import { buildOf, type Build } from "../../model/docker/build";
import { madeBefore } from "../../model/docker/created-paths";
import { dockerfileOf } from "../../model/docker/dockerfile";
import { commandsOf } from "../../model/docker/find-commands";
import { missingBuildFile, type MissingBuildFile } from "../../model/docker/missing-build-file";
import { presenceOf } from "../../model/docker/repository-paths";
import { partOf, spanning, textAt } from "../../text/located";
import { relativePath } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { isTemplate } from "../dockerfile-template";
import { replaceInScript, startOf } from "../edits";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const buildFileMissing = defineRule({
  id: "build-file-missing",
  title: "The Dockerfile or the context of a build does not exist",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: `Reports an image build whose Dockerfile or context directory the repository does not hold and the job does not make,
and a Dockerfile without FROM.`,
    why: `\`-f\` is looked up from the directory in which the command runs, not from the context, and file systems of runners
tell upper from lower case. The build stops with "failed to read dockerfile: open Dockerfile: no such file or directory" or "unable
to prepare context: path not found". A folder without \`.git\` may be a part of a repository: there only files are reported for which
another one was probably meant.`,
    fix: "Name the file that is there, seen from the directory in which the command runs.",
    example: {
      bad: `
build:
  script:
    - docker build -f Dockerfile -t app docker
`,
      good: `
build:
  script:
    - docker build -f docker/Dockerfile -t app docker
`,
      with: { "docker/Dockerfile": "FROM alpine:3.22\n" },
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/buildx/build/#file",
      "https://github.com/docker/buildx/blob/master/build/opt.go",
      "https://docs.docker.com/build/concepts/context/",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      const build = buildOf(ctx, command);
      if (build === undefined) continue;
      const missing = missingBuildFile(ctx, build);
      if (missing !== undefined) yield reportMissing(build, missing);
      else yield* reportEmpty(ctx, build);
    }
  },
});

function reportMissing(build: Build, missing: MissingBuildFile): Report {
  const { command } = build;
  return {
    at: missing.at ?? { at: spanning(command.nameAt, command.verbAt), via: command.via },
    message: `${whatIsMissing(build, missing)}, so the build stops with ${errorOf(build, missing)}; ${whatToDo(build, missing)}`,
    fixes: missing.meant.slice(0, 3).flatMap((meant) => correct(build, missing, meant)),
  };
}

function whatIsMissing({ command }: Build, { kind, path, isFile }: MissingBuildFile): string {
  if (isFile) return `\`${path}\` is a file and no directory`;
  const cwd = command.workingDirectory;
  const looked = cwd.known && cwd.path !== "" ? ` (looked up from \`${cwd.path}\`)` : "";
  if (kind === "context") return `There is no directory \`${path}\` in the repository${looked}`;
  return `There is no \`${path}\` in the repository${looked}`;
}

/** buildx, and docker's legacy builder; kaniko: `pkg/util/fs_util.go`; podman and buildah: `pkg/parse`. */
function errorOf({ command }: Build, { kind, path }: MissingBuildFile): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (command.tool === "kaniko") return '"please provide a valid path to a Dockerfile"';
  if (command.tool === "podman" || command.tool === "buildah") return '"no such file or directory"';
  return kind === "context"
    ? '"unable to prepare context: path not found"'
    : `"failed to read dockerfile: open ${name}: no such file or directory"`;
}

function whatToDo(build: Build, { kind, meant }: MissingBuildFile): string {
  const [first] = meant;
  const hint =
    first !== undefined && isBelowContext(build, first)
      ? ", since `-f` counts from where the command runs"
      : "";
  if (first !== undefined) return `did you mean \`${fromCommand(build, first)}\`${hint}?`;
  return kind === "context" ? "name a directory that is there" : "name a Dockerfile that is there with `-f`";
}

/** What was written is the way to a file from the context. */
const isBelowContext = ({ context, file }: Build, path: FilePath): boolean =>
  context.known &&
  context.value.kind === "directory" &&
  file !== undefined &&
  context.value.path !== "" &&
  relativePath(context.value.path, path) === file.at.value.replace(/^\.\//, "");

/** As it is written in the command: seen from its working directory. */
const fromCommand = ({ command }: Build, path: FilePath): string =>
  relativePath(command.workingDirectory.known ? command.workingDirectory.path : "", path);

function correct(build: Build, { kind, at }: MissingBuildFile, meant: FilePath): readonly FixDraft[] {
  const { command, contexts, file } = build;
  const [context] = contexts;
  const path = fromCommand(build, meant);
  const argument = kind === "context" ? context : file?.argument;
  if (/[^\w./+@-]/.test(path)) return [];
  if (at === undefined) {
    const edit = context && replaceInScript(command.item, startOf(context.at), `-f ${path} `);
    return edit === undefined ? [] : [{ title: `Insert \`-f ${path}\``, safety: "suggested", edits: [edit] }];
  }
  // Of a path that variables are part of, the part to correct is not known.
  const start = argument?.isStatic === true ? textAt(argument.at).indexOf(argument.text) : -1;
  if (argument === undefined || start === -1) return [];
  const place = partOf(argument.at, start, start + argument.text.length);
  const edit = replaceInScript(command.item, place, path);
  return edit === undefined
    ? []
    : [{ title: `Change it to \`${path}\``, safety: "suggested", edits: [edit] }];
}

/** A Dockerfile that is there and holds no stage. */
function* reportEmpty(ctx: RuleContext, { command, dockerfile, file }: Build): Iterable<Report> {
  if (!dockerfile.known || presenceOf(ctx, dockerfile.value) !== "file") return;
  const found = dockerfileOf(ctx, dockerfile.value);
  if (found === undefined || found.stages.length > 0 || found.foreignFrontend !== undefined) return;
  if (isTemplate(found.tree) || madeBefore(ctx, command, dockerfile.value) !== "no") return;
  const isEmpty = found.tree.instructions.length === 0;
  yield {
    at: file?.at ?? { at: spanning(command.nameAt, command.verbAt), via: command.via },
    message: `\`${dockerfile.value}\` has no \`FROM\`, so the build stops with "${isEmpty ? "file with no instructions" : "no build stage in current context"}"; begin the first stage with \`FROM\``,
  };
}
