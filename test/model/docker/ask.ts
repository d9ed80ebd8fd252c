// Asks the model about the jobs of a small repository that a test writes down.
import assert from "node:assert/strict";
import { commandsOf } from "../../../server/src/core/model/docker/find-commands";
import type { ContainerCommand } from "../../../server/src/core/model/docker/command";
import type { Job } from "../../../server/src/core/model/pipeline/job";
import { visibleJobsOf } from "../../../server/src/core/model/pipeline/resolve";
import { Database } from "../../../server/src/core/query/database";
import { defineQuery, type QueryContext } from "../../../server/src/core/query/query";
import { DEFAULT_SETTINGS, type Settings } from "../../../server/src/core/settings/settings";
import { textAt, type Origin } from "../../../server/src/core/text/located";
import { createSourceFile } from "../../../server/src/core/text/source-file";

export type Files = Readonly<Record<string, string>>;

/** Answers one question with a context over the given files. */
export function withFiles<T>(files: Files, question: (ctx: QueryContext) => T, settings: Partial<Settings> = {}): T {
  const sources = Object.entries(files).map(([path, text]) => createSourceFile(path, "other", text));
  const database = new Database({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings: { ...DEFAULT_SETTINGS, ...settings },
  });
  return database.get(defineQuery<null, T>({ name: "question", compute: question }), null);
}

/** Asks about the first visible job of a pipeline. */
export function askJob<T>(pipeline: string, question: (ctx: QueryContext, job: Job) => T, files: Files = {}, settings: Partial<Settings> = {}): T {
  return withFiles(
    { ...files, ".gitlab-ci.yml": pipeline },
    (ctx) => {
      const [job] = visibleJobsOf(ctx, ".gitlab-ci.yml");
      assert.ok(job !== undefined, "the pipeline has no job");
      return question(ctx, job);
    },
    settings,
  );
}

/** A pipeline with one job whose script is the given text, as one block item. */
export const jobWith = (script: string, rest = ""): string =>
  `${rest}\nbuild:\n  script:\n    - |\n${script.split("\n").map((line) => `      ${line}`).join("\n")}\n`;

/** Asks about the container commands of a script. */
export const askCommands = <T>(script: string, question: (ctx: QueryContext, commands: readonly ContainerCommand[]) => T, rest = ""): T =>
  askJob(jobWith(script, rest), (ctx, job) => question(ctx, commandsOf(ctx, job)));

/** The only container command of a script. */
export function askCommand<T>(script: string, question: (ctx: QueryContext, command: ContainerCommand) => T, rest = "", files: Files = {}): T {
  return askJob(
    jobWith(script, rest),
    (ctx, job) => {
      const [command, ...others] = commandsOf(ctx, job);
      assert.ok(command !== undefined && others.length === 0, `not one container command: ${script}`);
      return question(ctx, command);
    },
    files,
  );
}

/** What is written at a place; "—" for no place. */
export const written = (at: Origin | undefined): string => (at === undefined ? "—" : textAt(at));
