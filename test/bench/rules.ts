// What the rules cost by themselves, once the model that they ask is there; and what the image flow costs once the commands
// of the jobs are known. Both beside parsing the same files.
import path from "node:path";
import { dockerfileOf } from "../../server/src/core/model/docker/dockerfile";
import { commandsOf } from "../../server/src/core/model/docker/find-commands";
import { pushesOf } from "../../server/src/core/model/docker/registry-use";
import { imageFlowOf } from "../../server/src/core/model/flow/image-flow";
import { pipelineFilesOf } from "../../server/src/core/model/pipeline/include";
import { pipelineOf, visibleJobsOf } from "../../server/src/core/model/pipeline/resolve";
import { rootsOf } from "../../server/src/core/model/pipeline/roots";
import { yamlOf } from "../../server/src/core/model/pipeline/yaml-of";
import { runnerConfigOf } from "../../server/src/core/model/runner/config";
import { Database } from "../../server/src/core/query/database";
import { defineQuery, type QueryContext } from "../../server/src/core/query/query";
import type { Workspace } from "../../server/src/core/query/workspace";
import { rules } from "../../server/src/core/rules/index";
import type { AnyRule } from "../../server/src/core/rules/rule";
import { checkSubject, type Check } from "../../server/src/core/rules/run";
import { createSourceFile, DEFAULT_SETTINGS } from "../../server/src/core/index";
import { median, timed } from "./measure";
import { largePipeline } from "./pipeline";
import { loadAll, parse, type Text } from "./processes";
import { byPipelineFiles } from "./resolve";

const ROUNDS = 5;

export function measureRules(corpus: string | undefined): void {
  measureFlowGrowth();
  if (corpus === undefined) return;
  measureFlow(corpus);
  const loaded = loadAll(corpus);
  const parsing = median(rounds(() => timed(() => loaded.forEach(({ texts }) => texts.forEach(parse)))));
  const totals = new Map<AnyRule, number[]>();
  for (const { workspace } of loaded) {
    inDatabase(workspace, (ctx) => {
      const checks = checksOf(ctx, workspace);
      const context = { ...ctx, options: {} };
      for (const rule of rules) {
        const run = (): void => checks.forEach((check) => checkSubject(rule, check, context));
        run();
        const times = totals.get(rule) ?? new Array<number>(ROUNDS).fill(0);
        rounds(() => timed(run)).forEach((time, round) => (times[round] = (times[round] ?? 0) + time));
        totals.set(rule, times);
      }
    });
  }
  const shares = [...totals].map(([rule, times]) => ({ id: rule.id, share: median(times) / parsing }));
  const all = shares.reduce((sum, { share }) => sum + share, 0);
  console.log(`\nRules, the model being there, beside parsing (${parsing.toFixed(0)} ms)`);
  console.log(`  all ${rules.length} rules ${verdict(all, 0.3)}`);
  for (const { id, share } of shares.sort((a, b) => b.share - a.share).slice(0, 12))
    console.log(`  ${id.padEnd(40)} ${verdict(share, 0.05)}`);
}

const rounds = <T>(run: () => T): readonly T[] => Array.from({ length: ROUNDS }, run);

const verdict = (share: number, limit: number): string =>
  `${(share * 100).toFixed(1)} %  (at most ${limit * 100} %: ${share <= limit ? "met" : "NOT met"})`;

function inDatabase<T>(workspace: Workspace, ask: (ctx: QueryContext) => T): T {
  return new Database(workspace).get(defineQuery<null, T>({ name: "bench", compute: ask }), null);
}

/** Every subject of a workspace that rules look at. */
function checksOf(ctx: QueryContext, { files }: Workspace): readonly Check[] {
  const roots = ctx.get(rootsOf, null);
  const ciFiles = new Set(roots.flatMap((root) => ctx.get(pipelineFilesOf, root).files));
  return [
    ...roots
      .flatMap((root) => visibleJobsOf(ctx, root))
      .map((subject): Check => ({ inspects: "job", subject })),
    ...roots.map((root): Check => ({ inspects: "pipeline", subject: ctx.get(pipelineOf, root) })),
    ...[...ciFiles].flatMap((file): readonly Check[] => {
      const subject = ctx.get(yamlOf, file);
      return subject === undefined ? [] : [{ inspects: "ci-file", subject }];
    }),
    ...[...files.values()].flatMap((file): readonly Check[] => {
      const dockerfile = file.kind === "dockerfile" ? dockerfileOf(ctx, file.path) : undefined;
      if (dockerfile !== undefined) return [{ inspects: "dockerfile", subject: dockerfile.tree }];
      const config = file.kind === "runner-config" ? runnerConfigOf(ctx, file.path) : undefined;
      return config === undefined ? [] : [{ inspects: "runner-config", subject: config }];
    }),
  ];
}

// ---- The image flow

/** Milliseconds for the flow of each pipeline, the jobs' commands being known. */
function flowing(workspace: Workspace): number {
  return inDatabase(workspace, (ctx) => {
    const roots = ctx.get(rootsOf, null);
    for (const job of roots.flatMap((root) => visibleJobsOf(ctx, root))) {
      commandsOf(ctx, job);
      pushesOf(ctx, job);
    }
    return timed(() => roots.forEach((root) => imageFlowOf(ctx, root)));
  });
}

function measureFlow(corpus: string): void {
  const [largest] = byPipelineFiles(corpus);
  if (largest === undefined) return;
  const texts = largest.texts.map((text): Text => ({ kind: "yaml", text }));
  const ratios = rounds(() => flowing(largest.workspace) / timed(() => texts.forEach(parse)));
  console.log(
    `\nImage flow of ${path.basename(largest.name)} beside parsing: ${verdict(median(ratios), 0.2)}`,
  );
}

function measureFlowGrowth(): void {
  const workspaceOf = (jobs: number): Workspace => {
    const file = createSourceFile(".gitlab-ci.yml", "gitlab-ci", largePipeline(jobs));
    return { files: new Map([[file.path, file]]), paths: new Set([file.path]), settings: DEFAULT_SETTINGS };
  };
  const [small, large] = [200, 2000].map((jobs) => median(rounds(() => flowing(workspaceOf(jobs)))));
  const growth = (large ?? 0) / (small ?? 1);
  console.log(
    `\nImage flow, 200 to 2,000 jobs: ${growth.toFixed(1)} x the time (at most 12: ${growth <= 12 ? "met" : "NOT met"})`,
  );
}
