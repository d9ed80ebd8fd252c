// Runs the analysis on a few files in memory, as the editor and the command line do on a repository.
import { createAnalysis } from "../../server/src/core/create-analysis";
import type { Report } from "../../server/src/core/analysis";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { DEFAULT_SETTINGS, type RuleSetting, type RunnerSetting, type Settings, type Severity } from "../../server/src/core/settings/settings";
import { kindOf } from "../../server/src/host/file-kind";

/** Path -> text. */
export type Files = Readonly<Record<string, string>>;

/** What the tool says about a repository that holds just these files. */
export function analyse(files: Files, settings: Settings = DEFAULT_SETTINGS): Report {
  const sources = Object.entries(files).map(([path, text]) => createSourceFile(path, kindOf(path, text), text));
  const analysis = createAnalysis({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings,
  });
  return analysis.report();
}

interface WrittenRunner {
  readonly tags?: readonly string[];
  readonly executor: RunnerSetting["executor"];
  readonly privileged?: boolean;
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface WrittenSettings {
  readonly rules?: Readonly<Record<string, Severity | "off" | { readonly severity?: Severity } & Readonly<Record<string, unknown>>>>;
  readonly runners?: readonly WrittenRunner[];
  readonly variables?: { readonly known?: readonly string[]; readonly protected?: readonly string[] };
  readonly dockerVersion?: string;
  readonly entry?: readonly string[];
}

/** Settings in the shape of `.gitlab-ci-docker.yml`, as a fixture's settings block has them. */
export function toSettings(written: WrittenSettings): Settings {
  return {
    ...DEFAULT_SETTINGS,
    rules: new Map(Object.entries(written.rules ?? {}).map(([id, rule]) => [id, toRuleSetting(rule)])),
    runners: (written.runners ?? []).map((runner) => ({
      tags: runner.tags ?? [],
      executor: runner.executor,
      privileged: runner.privileged,
      volumes: runner.volumes ?? [],
      environment: new Map(Object.entries(runner.environment ?? {})),
    })),
    variables: { known: written.variables?.known ?? [], protected: written.variables?.protected ?? [] },
    dockerVersion: written.dockerVersion ?? DEFAULT_SETTINGS.dockerVersion,
    entry: written.entry ?? [],
  };
}

function toRuleSetting(rule: NonNullable<WrittenSettings["rules"]>[string]): RuleSetting {
  if (typeof rule === "string") return { severity: rule, options: {} };
  const { severity, ...options } = rule;
  return { severity, options };
}

/** The same settings with every rule off but some; those that the settings name keep what is said of them. */
export function only(settings: Settings, all: readonly string[], wanted: readonly string[]): Settings {
  const off = all.filter((id) => !wanted.includes(id) && !settings.rules.has(id)).map((id) => [id, { severity: "off", options: {} }] as const);
  return { ...settings, rules: new Map([...settings.rules, ...off]) };
}
