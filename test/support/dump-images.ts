// Shows how images flow through the pipelines of a repository, as the pages of test/model expect it.
import { buildOf } from "../../server/src/core/model/docker/build";
import { commandsOf } from "../../server/src/core/model/docker/find-commands";
import { builderOf } from "../../server/src/core/model/flow/builder";
import { writtenCaches } from "../../server/src/core/model/flow/cache-metadata";
import { imageFlowOf } from "../../server/src/core/model/flow/image-flow";
import type { ImageUse } from "../../server/src/core/model/flow/image-use";
import { showText } from "../../server/src/core/model/docker/symbolic";
import { Database } from "../../server/src/core/query/database";
import { defineQuery, type QueryContext } from "../../server/src/core/query/query";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import { textAt } from "../../server/src/core/text/located";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { kindOf } from "../../server/src/host/file-kind";

type Files = Readonly<Record<string, string>>;

function ask(files: Files, show: (ctx: QueryContext) => readonly string[]): string {
  const sources = Object.entries(files).map(([path, text]) =>
    createSourceFile(path, kindOf(path, text), text),
  );
  const database = new Database({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings: DEFAULT_SETTINGS,
  });
  return database.get(defineQuery<null, readonly string[]>({ name: "dump", compute: show }), null).join("\n");
}

/** Each image with what the jobs do with it. */
export const dumpImages = (files: Files): string =>
  ask(files, (ctx) =>
    [...imageFlowOf(ctx, ".gitlab-ci.yml").images.values()].flatMap(({ shown, uses }) => [
      shown,
      ...uses.map((use) => `  ${use.job.name} ${use.action} \`${textAt(use.at.at)}\`${sourceOf(use)}`),
    ]),
  );

const sourceOf = ({ source }: ImageUse): string =>
  source === undefined ? "" : ` of ${source.map(({ text }) => showText(text)).join(", ")}`;

/** Each build with its builder, and the caches that it leaves behind. */
export const dumpBuilders = (files: Files): string =>
  ask(files, (ctx) =>
    imageFlowOf(ctx, ".gitlab-ci.yml").jobs.flatMap((job) =>
      commandsOf(ctx, job).flatMap((command) => {
        const build = buildOf(ctx, command);
        if (build === undefined) return [];
        const { kind, driver, store } = builderOf(ctx, command);
        const caches = writtenCaches(build).map(
          ({ type, mode, references }) =>
            `${type} ${mode ?? "?"} ${references.map(({ text }) => showText(text)).join(", ")}`,
        );
        return [
          `${job.name}: ${kind}, driver ${driver ?? "?"}, store ${store}`,
          ...caches.map((cache) => `  leaves ${cache}`),
        ];
      }),
    ),
  );
