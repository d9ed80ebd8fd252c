// What COPY names must be in the context. https://docs.docker.com/build/concepts/context/
import { buildOf, type Build } from "../../model/docker/build";
import { commandsOf } from "../../model/docker/find-commands";
import { missingSources, type MissingSource } from "../../model/docker/missing-source";
import { partOf, spanning, textAt } from "../../text/located";
import { relativePath } from "../../text/paths";
import { dockerfileOf } from "../../model/docker/dockerfile";
import { isTemplate } from "../dockerfile-template";
import { insertAfter, replaceText } from "../edits";
import { defineRule, type FixDraft, type Report } from "../rule";

export const copySourceMissing = defineRule({
  id: "copy-source-missing",
  title: "COPY names what is not in the build context",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: `Reports literal sources of COPY and ADD that do not exist below the context of a job's build, or that \`.dockerignore\`
leaves out of it.`,
    why: `Sources are looked up from the context, not from the Dockerfile's folder, and \`..\` does not lead out of it. The build
stops with "failed to calculate checksum of ref …: not found". What the job or an earlier one makes is not reported, and in a
folder without \`.git\`, which may be a part of a repository, only what was probably meant otherwise.`,
    fix: "Name the path from the context, or let the file in with a `!` line.",
    example: {
      bad: `
build:
  script:
    - docker build -f docker/Dockerfile -t app .
`,
      good: `
build:
  script:
    - docker build -f docker/Dockerfile -t app docker
`,
      with: {
        "docker/Dockerfile": "FROM alpine:3.22\nCOPY entrypoint.sh /\n",
        "docker/entrypoint.sh": "#!/bin/sh\n",
      },
    },
    references: [
      "https://docs.docker.com/build/concepts/context/",
      "https://docs.docker.com/build/concepts/context/#dockerignore-files",
      "https://docs.docker.com/reference/build-checks/copy-ignored-file/",
      "https://docs.docker.com/reference/dockerfile/#copy",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      const build = buildOf(ctx, command);
      if (build === undefined) continue;
      const missing = missingSources(ctx, build);
      if (missing.length === 0) continue;
      const dockerfile = build.dockerfile.known ? dockerfileOf(ctx, build.dockerfile.value) : undefined;
      if (dockerfile === undefined || isTemplate(dockerfile.tree)) continue;
      for (const each of missing) yield report(build, each);
    }
  },
});

function report({ command }: Build, missing: MissingSource): Report {
  const { word, ignored } = missing;
  return {
    at: { at: word.at, via: [] },
    confidence: "likely",
    message: `${whatIsMissing(missing)}, so the build stops here with ${errorOf(command.tool, missing)}; ${whatToDo(missing)}`,
    related: [
      { at: spanning(command.nameAt, command.verbAt), message: `job \`${command.job.name}\` builds it` },
      ...(ignored === undefined ? [] : [{ at: ignored.rule.at, message: "left out by this line" }]),
    ],
    fixes: ignored === undefined ? correctPath(missing) : letIn(missing),
  };
}

function whatIsMissing({ word, path, context, isBeyond, ignored }: MissingSource): string {
  const where =
    context === "" ? "the build context, which is the repository" : `the build context \`${context}\``;
  if (ignored !== undefined)
    return `\`${ignored.rule.pattern}\` in \`${ignored.file.path}\` leaves \`${path}\` out of ${where}`;
  if (isBeyond)
    return `\`${word.text}\` does not lead out of ${where}, but to \`${path}\`, which is not there`;
  return `\`${path}\` is not in ${where}`;
}

/** BuildKit; kaniko (`pkg/util/fs_util.go`); buildah (`add.go`). */
function errorOf(tool: Build["command"]["tool"], { path }: MissingSource): string {
  if (tool === "kaniko") return `"failed to get fileinfo for ${path}: no such file or directory"`;
  if (tool === "podman" || tool === "buildah") return `"${path}: no such file or directory"`;
  return `"failed to calculate checksum of ref …: "/${path}": not found"`;
}

function whatToDo({ ignored, meant, context, path }: MissingSource): string {
  if (ignored !== undefined) return `let it in with \`!${path}\``;
  if (meant === undefined) return "correct the path, or have an earlier job hand it over as an artifact";
  const way = relativePath(context, meant);
  return way.startsWith("..")
    ? `\`${meant}\` can only be copied with a context that holds it`
    : `did you mean \`${way}\`?`;
}

function letIn({ ignored, path }: MissingSource): readonly FixDraft[] {
  if (ignored === undefined || /[\s#!*?[\\]/.test(path)) return [];
  const { file } = ignored;
  const line = textAt(file.at).endsWith("\n") ? `!${path}\n` : `\n!${path}`;
  return [
    {
      title: `Add \`!${path}\` to \`${file.path}\``,
      safety: "suggested",
      edits: [insertAfter(file.at, line)],
    },
  ];
}

function correctPath({ word, meant, context }: MissingSource): readonly FixDraft[] {
  const path = meant === undefined ? ".." : relativePath(context, meant);
  const start = textAt(word.at).indexOf(word.text);
  if (path.startsWith("..") || start === -1 || /[^\w./+@-]/.test(path)) return [];
  const place = partOf(word.at, start, start + word.text.length);
  return [{ title: `Change it to \`${path}\``, safety: "suggested", edits: [replaceText(place, path)] }];
}
