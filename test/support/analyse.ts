// Runs the analysis on a few files in memory, as the editor and the command line do on a repository.
import { createAnalysis } from "../../server/src/core/create-analysis";
import type { Report } from "../../server/src/core/analysis";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { mergeSettings, settingsFromJson } from "../../server/src/core/settings/read";
import { RULE_IDS } from "../../server/src/core/settings/rule-ids";
import { DEFAULT_SETTINGS, type Settings } from "../../server/src/core/settings/settings";
import { kindOf } from "../../server/src/host/file-kind";

/** Path -> text. */
export type Files = Readonly<Record<string, string>>;

/** What the tool says about a repository that holds just these files. */
export function analyse(files: Files, settings: Settings = DEFAULT_SETTINGS): Report {
  const sources = Object.entries(files).map(([path, text]) =>
    createSourceFile(path, kindOf(path, text), text),
  );
  const analysis = createAnalysis({
    files: new Map(sources.map((file) => [file.path, file])),
    paths: new Set(sources.map((file) => file.path)),
    settings,
  });
  return analysis.report();
}

/** Settings in the shape of `.gitlab-ci-docker.yml`, as a fixture's settings block has them. Throws on a mistake in it. */
export function toSettings(written: unknown): Settings {
  const { settings, messages } = settingsFromJson(written, "settings", RULE_IDS);
  if (messages.length > 0) throw new Error(messages.join("\n"));
  return mergeSettings(DEFAULT_SETTINGS, settings);
}

/** The same settings with every rule off but some; those that the settings name keep what is said of them. */
export function only(settings: Settings, all: readonly string[], wanted: readonly string[]): Settings {
  const off = all
    .filter((id) => !wanted.includes(id) && !settings.rules.has(id))
    .map((id) => [id, { severity: "off", options: {} }] as const);
  return { ...settings, rules: new Map([...settings.rules, ...off]) };
}
