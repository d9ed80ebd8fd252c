// `npm run cases -- DIR [--rules a,b]`: checks each repository below DIR against its `expected.tsv` and
// `forbidden.tsv`. Exit 1 where something expected is missing, something forbidden is found, or a rule broke. Rows of
// rules that do not exist (or are not named by --rules) are listed as "not yet" and count for nothing.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createAnalysis, DEFAULT_SETTINGS, type Severity } from "../core/index";
import { rules } from "../core/rules/index";
import { createLoader } from "../host/load";
import { createNodeHost } from "../host/node-host";
import { compareRows, parseExpected, parseForbidden, type CaseResult, type FoundAt } from "./case-rows";

export interface Inspection {
  readonly findings: readonly (FoundAt & { readonly severity: Severity })[];
  /** Errors of ours, a line each. */
  readonly faults: readonly string[];
}

/** All findings of a repository, hints too, by the line where they start. */
export function inspect(folder: string): Inspection {
  const loader = createLoader({ host: createNodeHost(resolve(folder)), settings: DEFAULT_SETTINGS });
  const report = loader.settle(createAnalysis(loader.workspace()));
  return {
    findings: report.findings.map(({ rule, severity, at }) => {
      const position = loader.file(at.file)?.lines.positionAt(at.start);
      return { rule, severity, file: at.file, line: (position?.line ?? 0) + 1 };
    }),
    faults: report.faults.map(
      ({ rule, subject, error }) => `${rule} at ${subject}: ${error.split("\n")[0] ?? ""}`,
    ),
  };
}

/** Folders below `directory` that hold rows, sorted by name. */
function caseFolders(directory: string): readonly string[] {
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isDirectory())
    .filter((path) => existsSync(join(path, "expected.tsv")) || existsSync(join(path, "forbidden.tsv")))
    .sort();
}

interface CaseRun extends CaseResult {
  readonly faults: readonly string[];
}

function runCase(folder: string, isJudged: (rule: string) => boolean): CaseRun {
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  const expected = parseExpected(read("expected.tsv"));
  const forbidden = parseForbidden(read("forbidden.tsv"));
  const { findings, faults } = inspect(folder);
  return { ...compareRows(expected, forbidden, findings, isJudged), faults };
}

function linesAbout(name: string, result: CaseRun): readonly string[] {
  const expected = result.found.length + result.missing.length;
  const head = `${name}: ${String(result.found.length)} of ${String(expected)} found`;
  return [
    `${head}, ${String(result.hits.length)} of ${String(result.forbidden)} forbidden`,
    ...result.missing.map(
      ({ file, first, last, rule }) => `  missing   ${file}:${String(first)}-${String(last)} ${rule}`,
    ),
    ...result.hits.map(({ file, line, rule }) => `  forbidden ${file}:${String(line)} ${rule}`),
    ...result.faults.map((fault) => `  fault     ${fault}`),
    ...result.notYet.map(({ file, rule }) => `  not yet   ${file === undefined ? "" : `${file} `}${rule}`),
  ];
}

/** The rules that count: those that were asked for, or all. A string says what is wrong with the question. */
function chooseRules(asked: string | undefined): ReadonlySet<string> | string {
  const known = new Set(rules.map(({ id }) => id));
  const chosen = new Set(asked?.split(",") ?? known);
  const unknown = [...chosen].filter((id) => !known.has(id));
  return unknown.length > 0 ? `there is no rule ${unknown.join(", ")}` : chosen;
}

function summary(results: readonly CaseRun[]): { readonly text: string; readonly isGood: boolean } {
  const sum = (count: (result: CaseRun) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const found = sum((result) => result.found.length);
  const missing = sum((result) => result.missing.length);
  const hits = sum((result) => result.hits.length);
  const faults = sum((result) => result.faults.length);
  return {
    text:
      `${String(results.length)} cases: found ${String(found)} of ${String(found + missing)} expected, ` +
      `${String(hits)} hits of ${String(sum((result) => result.forbidden))} forbidden rows, ` +
      `${String(faults)} faults, ${String(sum((result) => result.notYet.length))} rows not yet`,
    isGood: results.length > 0 && missing === 0 && hits === 0 && faults === 0,
  };
}

function main(args: readonly string[]): number {
  const options = { rules: { type: "string" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [directory] = positionals;
  const chosen = chooseRules(values.rules);
  if (directory === undefined || positionals.length > 1 || typeof chosen === "string") {
    console.error(typeof chosen === "string" ? chosen : "usage: npm run cases -- DIR [--rules a,b]");
    return 2;
  }
  const results = caseFolders(directory).map((folder) => {
    const result = runCase(folder, (rule) => chosen.has(rule));
    console.log(linesAbout(basename(folder), result).join("\n"));
    return result;
  });
  const { text, isGood } = summary(results);
  console.log(text);
  return isGood ? 0 : 1;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
