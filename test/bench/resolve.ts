// What the effective pipeline costs beyond parsing, how it grows with the number of jobs, and whether memory stays.
import { readdirSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import {
  createAnalysis,
  createSourceFile,
  DEFAULT_SETTINGS,
  type Analysis,
  type Workspace,
} from "../../server/src/core/index";
import { createLoader } from "../../server/src/host/load";
import { createNodeHost } from "../../server/src/host/node-host";
import { median, timed } from "./measure";
import { largePipeline } from "./pipeline";

const PATH = ".gitlab-ci.yml";

export function measureResolve(corpus: string | undefined): void {
  measureGrowth();
  measureMemory();
  if (corpus !== undefined) measureLargest(corpus);
}

const workspaceOf = (text: string): Workspace => ({
  files: new Map([[PATH, createSourceFile(PATH, "gitlab-ci", text)]]),
  paths: new Set([PATH]),
  settings: DEFAULT_SETTINGS,
});

/** Milliseconds to resolve all jobs once the files are parsed. */
function resolving(analysis: Analysis): number {
  analysis.needed();
  return timed(() => analysis.resolve());
}

function measureGrowth(): void {
  console.log("\nResolving, by number of jobs (100 is linear)");
  resolving(createAnalysis(workspaceOf(largePipeline(200))));
  const small = median([1, 2, 3].map(() => resolving(createAnalysis(workspaceOf(largePipeline(100))))));
  const large = median([1, 2, 3].map(() => resolving(createAnalysis(workspaceOf(largePipeline(10_000))))));
  console.log(
    `  100 jobs ${small.toFixed(1)} ms, 10,000 jobs ${large.toFixed(1)} ms: ${(large / small).toFixed(0)} x`,
  );
}

function measureMemory(): void {
  const text = largePipeline(100);
  const offset = text.indexOf("# job 50") + 8;
  const analysis = createAnalysis(workspaceOf(text));
  const edit = (round: number): void => {
    analysis.update(workspaceOf(text.slice(0, offset) + "x".repeat(round % 7) + text.slice(offset)));
    analysis.report();
  };
  const used = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };
  for (let round = 0; round < 50; round += 1) edit(round);
  const before = used();
  for (let round = 0; round < 1000; round += 1) edit(round);
  console.log(`\nMemory: ${before.toFixed(1)} MiB of heap, ${used().toFixed(1)} MiB after 1,000 edits more`);
}

export interface LoadedRepository {
  readonly name: string;
  readonly workspace: Workspace;
  /** Of its pipeline files. */
  readonly texts: readonly string[];
}

/** The repositories of a folder, those with the most pipeline files first. */
export function byPipelineFiles(corpus: string): readonly LoadedRepository[] {
  const repositories = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const loaded = repositories.map(({ name }) => {
    const loader = createLoader({
      host: createNodeHost(path.join(corpus, name)),
      settings: DEFAULT_SETTINGS,
    });
    const report = loader.settle(createAnalysis(loader.workspace()));
    const texts = report.files.flatMap((file) => {
      const source = loader.file(file);
      return source?.kind === "gitlab-ci" ? [source.text] : [];
    });
    return { name, workspace: loader.workspace(), texts };
  });
  return loaded.sort((a, b) => b.texts.length - a.texts.length);
}

/** The repository with the most pipeline files stands for the largest pipeline. */
function measureLargest(corpus: string): void {
  const [largest] = byPipelineFiles(corpus);
  if (largest === undefined) return;
  const rounds = [1, 2, 3, 4, 5, 6, 7];
  const ratios = rounds.map(() => {
    const parse = timed(() => largest.texts.forEach((text) => parseAllDocuments(text)));
    return resolving(createAnalysis(largest.workspace)) / parse;
  });
  console.log(
    `\nResolving ${largest.name} (${largest.texts.length} files): ${median(ratios).toFixed(2)} x parsing them (at most 0.5)`,
  );
}
