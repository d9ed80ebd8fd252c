// Shows resolved pipelines as text: each effective value, where it is written and how it came to the job.
import { pipelineFilesOf } from "../../server/src/core/model/pipeline/include";
import type { Job } from "../../server/src/core/model/pipeline/job";
import { checkedJobsOf } from "../../server/src/core/checks";
import { orderProblemsOf } from "../../server/src/core/model/pipeline/order-problems";
import { rootsOf } from "../../server/src/core/model/pipeline/roots";
import {
  isClosedOf,
  jobNamesOf,
  pipelineProblemsOf,
  resolvedJobOf,
  rootKey,
} from "../../server/src/core/model/pipeline/resolve";
import type { Value } from "../../server/src/core/model/pipeline/value";
import { yamlOf } from "../../server/src/core/model/pipeline/yaml-of";
import { Database } from "../../server/src/core/query/database";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import type { Hop, Origin } from "../../server/src/core/text/located";
import { createSourceFile } from "../../server/src/core/text/source-file";

export function databaseOf(files: Readonly<Record<string, string>>): Database {
  const sources = Object.entries(files).map(([path, text]) => createSourceFile(path, "gitlab-ci", text));
  return new Database({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings: DEFAULT_SETTINGS,
  });
}

/** All visible jobs of all pipelines, then the problems. */
export function dumpPipelines(files: Readonly<Record<string, string>>): string {
  const database = databaseOf(files);
  const place = (at: Origin): string => {
    const offset = database.get(yamlOf, at.chunk.file)?.chunks.get(at.chunk);
    const before = (files[at.chunk.file] ?? "").slice(0, (offset ?? Number.NaN) + at.start);
    return `${at.chunk.file}:${before.split("\n").length}`;
  };
  const blocks = database.get(rootsOf, null).map((root) => {
    const resolved = database
      .get(jobNamesOf, root)
      .map((name) => database.get(resolvedJobOf, rootKey(root, name)));
    const jobs = resolved.flatMap((each) =>
      each === undefined || each.job.isHidden ? [] : [dumpJob(each.job, place)],
    );
    // As in a report: what stands in a template is said by those who extend it.
    const problems = [
      ...database.get(pipelineProblemsOf, root),
      ...database
        .get(checkedJobsOf, root)
        .flatMap((job) => [
          ...(database.get(resolvedJobOf, job)?.problems ?? []),
          ...database.get(orderProblemsOf, job),
        ]),
    ];
    const lines = [...new Set(problems.map((each) => `! ${place(each.at)} ${each.message}`))];
    const order = database.get(pipelineFilesOf, root).files.join(" < ");
    return [`pipeline ${order}${database.get(isClosedOf, root) ? "" : " (open)"}`, ...jobs, ...lines].join(
      "\n",
    );
  });
  return blocks.join("\n\n");
}

function dumpJob(job: Job, place: (at: Origin) => string): string {
  const lines = [...job.keywords.values()]
    .filter((entry) => entry.key !== "extends")
    .flatMap((entry) => dumpValue(entry.key, entry.value, place));
  const variables = [...job.variables.values()]
    .filter((each) => each.scope !== "job")
    .map((each) => {
      const values =
        each.values.length > 1 ? each.values.map((value) => value || "(not set)").join(" | ") : each.value;
      return `  ${each.scope} variable ${each.name}: ${values}${origin(each.at, each.via, place)}`;
    });
  return [`${job.name}${job.isClosed ? "" : " (open)"}`, ...lines, ...variables].join("\n");
}

function dumpValue(path: string, value: Value, place: (at: Origin) => string): readonly string[] {
  switch (value.kind) {
    case "scalar":
      return [`  ${path}: ${value.node.text.replaceAll("\n", "⏎")}${origin(value.at, value.via, place)}`];
    case "unknown":
      return [`  ${path}: ? ${value.because}${origin(value.at, value.via, place)}`];
    case "list":
      return value.items.length === 0
        ? [`  ${path}: []${origin(value.at, value.via, place)}`]
        : value.items.flatMap((item, index) => dumpValue(`${path}[${index}]`, item, place));
    case "map":
      return [...value.entries.values()].flatMap((entry) =>
        dumpValue(`${path}.${entry.key}`, entry.value, place),
      );
  }
}

function origin(at: Origin, via: readonly Hop[], place: (at: Origin) => string): string {
  const way = via.map((hop) => `${hop.kind} ${hop.name} (${place(hop.at)})`).join(", ");
  return `  ← ${place(at)}${way === "" ? "" : ` via ${way}`}`;
}
