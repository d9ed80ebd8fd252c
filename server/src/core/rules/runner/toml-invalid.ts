// A runner configuration that GitLab Runner can't load: TOML that is not well formed, values of the wrong type.
// https://toml.io/en/v1.0.0 , https://docs.gitlab.com/runner/configuration/advanced-configuration/
import { RUNNER_SETTINGS, type RunnerSettingType } from "../../data/runner-settings";
import type { RunnerConfig } from "../../model/runner/runner";
import { nearestName } from "../../settings/nearest";
import { EXECUTORS } from "../../settings/table";
import type { TomlEntry, TomlTable, TomlValue } from "../../syntax/toml-nodes";
import type { SyntaxProblem } from "../../syntax/yaml-nodes";
import { textAt } from "../../text/located";
import { insertBefore, replaceText } from "../edits";
import { defineRule, type FixDraft, type Report } from "../rule";

export const tomlInvalid = defineRule({
  id: "toml-invalid",
  title: "Runner configuration that can't be loaded",
  severity: "error",
  since: "0.1.0",
  inspects: "runner-config",

  docs: {
    what: "Reports what is no TOML in a runner configuration, known settings with a value of another type, and executors that do not exist; also in `runners.config` of the Helm chart's values.",
    why: 'GitLab Runner reads its configuration as a whole: with one such line it does not load the file ("Failed to load config", "toml: line 3: expected value but found …"), and keeps the old one or none.',
    fix: 'Put text values in quotes, and write lists in brackets: `token = "glrt-…"`, `volumes = ["/cache"]`.',
    example: {
      file: "config.toml",
      bad: `[[runners]]
  name = build
  executor = "docker"
  [runners.docker]
    privileged = "false"
`,
      good: `[[runners]]
  name = "build"
  executor = "docker"
  [runners.docker]
    privileged = false
`,
    },
    references: [
      "https://toml.io/en/v1.0.0",
      "https://docs.gitlab.com/runner/configuration/advanced-configuration/",
    ],
  },

  *check(config) {
    for (const problem of config.toml.problems) yield unreadable(problem, config);
    yield* wrongTypes(config.toml.root, "");
    for (const { executor } of config.runners) {
      if (executor === undefined || isExecutor(executor.value)) continue;
      const nearest = nearestName(executor.value, EXECUTORS);
      yield {
        at: executor,
        message: `There is no executor \`${executor.value}\`, so this runner can't run jobs; ${nearest === undefined ? `it is one of ${EXECUTORS.map((name) => `\`${name}\``).join(", ")}` : `use \`${nearest}\``}`,
        fixes: nearest === undefined ? [] : [replacing(executor.at, `"${nearest}"`)],
      };
    }
  },
});

/** Names with a variable or a template are worked out elsewhere. */
const isExecutor = (name: string): boolean =>
  EXECUTORS.some((executor) => executor === name) || /^docker-ssh|[${<]/.test(name);

const replacing = (at: SyntaxProblem["at"], text: string): FixDraft => ({
  title: `Write \`${text}\``,
  safety: "suggested",
  edits: [replaceText(at, text)],
});

// ---- No TOML

function unreadable({ message, at }: SyntaxProblem, { helm }: RunnerConfig): Report {
  const where = helm === undefined ? "this file" : "its configuration";
  return {
    at,
    message: `${message.charAt(0).toUpperCase()}${message.slice(1)}; as it is, the runner does not load ${where} ("toml: expected value but found …")`,
    fixes: fixesOf(message, at),
  };
}

function fixesOf(message: string, at: SyntaxProblem["at"]): readonly FixDraft[] {
  const written = textAt(at);
  if (message.startsWith("text behind the value"))
    return [{ title: "Make it a comment", safety: "safe", edits: [insertBefore(at, "# ")] }];
  if (/must be quoted/.test(message) && !/["\\]/.test(written)) return [replacing(at, `"${written}"`)];
  const word = /is no value of TOML: write `(true|false)`/.exec(message)?.[1];
  return word === undefined ? [] : [replacing(at, word)];
}

// ---- Types

const EXPECTED: Readonly<Record<RunnerSettingType, string>> = {
  text: 'a text in quotes: `"…"`',
  switch: "`true` or `false`, without quotes",
  number: "a number, without quotes",
  texts: 'a list of texts: `["…"]`',
};

function* wrongTypes(table: TomlTable, path: string): Iterable<Report> {
  const types = RUNNER_SETTINGS.get(path);
  for (const entry of table.entries) {
    const type = types?.get(entry.key);
    if (type !== undefined && !fits(entry.value, type)) yield wrongType(entry, type);
    const below = path === "" ? entry.key : `${path}.${entry.key}`;
    for (const each of tablesIn(entry.value)) yield* wrongTypes(each, below);
  }
}

function tablesIn(value: TomlValue): readonly TomlTable[] {
  if (value.kind === "table") return [value.table];
  return value.kind === "array" ? value.items.flatMap(tablesIn) : [];
}

function fits(value: TomlValue, type: RunnerSettingType): boolean {
  switch (type) {
    case "text":
      return value.kind === "string";
    case "switch":
      return value.kind === "boolean";
    case "number":
      return value.kind === "number";
    case "texts":
      return value.kind === "array" && value.items.every((item) => item.kind === "string");
  }
}

function wrongType({ key, value }: TomlEntry, type: RunnerSettingType): Report {
  return {
    at: value.at,
    message: `\`${key}\` must be ${EXPECTED[type]}; with another type the runner does not load this file ("incompatible types")`,
    fixes: retyped(value, type),
  };
}

function retyped(value: TomlValue, type: RunnerSettingType): readonly FixDraft[] {
  if (value.kind !== "string") return [];
  if (type === "switch" && /^(true|false)$/i.test(value.value))
    return [replacing(value.at, value.value.toLowerCase())];
  if (type === "number" && /^\d+$/.test(value.value)) return [replacing(value.at, value.value)];
  return type === "texts" ? [replacing(value.at, `[${textAt(value.at)}]`)] : [];
}
