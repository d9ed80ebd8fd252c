// Files that are named: by includes and triggers, as Dockerfile or context of a build, as script of a command.
import { childStartsOf } from "../../model/pipeline/child-pipelines";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { rootsOf } from "../../model/pipeline/roots";
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { allJobs, buildsIn, callsOf, isWrittenIn } from "./jobs-of-workspace";
import { uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

export const files: SymbolProvider = {
  kinds: ["file"],
  around: (ctx, { file }) => [
    ...includeMentions(ctx),
    ...allJobs(ctx)
      .filter((job) => isWrittenIn(ctx, job, file))
      .flatMap((job) => jobMentions(ctx, job)),
  ],
  all: (ctx, { name }) =>
    uniqueMentions(
      [...includeMentions(ctx), ...allJobs(ctx).flatMap((job) => jobMentions(ctx, job))].filter(
        (each) => each.name === name,
      ),
    ),
};

const mention = (path: FilePath, at: Origin): Mention => ({
  kind: "file",
  name: path,
  owner: "",
  role: "reference",
  at,
  isFixed: true,
});

function includeMentions(ctx: QueryContext): readonly Mention[] {
  const includes = ctx.get(rootsOf, null).flatMap((root) => ctx.get(pipelineFilesOf, root).includes);
  const triggers = [...ctx.get(childStartsOf, null)].flatMap(([path, statements]) =>
    statements.flatMap((each) => (each.kind === "local" ? [mention(path, each.target.at)] : [])),
  );
  return [
    ...includes.flatMap((each) => each.files.map((path) => mention(path, each.target.at))),
    ...triggers,
  ];
}

function jobMentions(ctx: QueryContext, job: Parameters<typeof buildsIn>[1]): readonly Mention[] {
  const builds = buildsIn(ctx, job).flatMap(({ build, dockerfiles }) => {
    // The context stands for its Dockerfile where no other is named.
    const at = build.file?.at.at ?? build.contexts[0]?.at;
    const existing = (dockerfiles ?? []).filter((path) => ctx.exists(path) !== false);
    const context = build.contexts[0]?.at;
    return existing.flatMap((path) => [
      ...(at === undefined ? [] : [mention(path, at)]),
      ...(context === undefined || context === at ? [] : [mention(path, context)]),
    ]);
  });
  const calls = callsOf(ctx, job).flatMap(({ command, file }) => {
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    const word = command.argv.find(({ text }) => text.endsWith(name));
    return word === undefined ? [] : [mention(file.path, word.at)];
  });
  return [...builds, ...calls];
}
