// The one table of all settings: their names, shapes and descriptions. The configuration file, the editor's settings
// and the JSON schema are read from it.
import { anything, choice, flag, list, mapping, record, text, type Decoder } from "./decoder";
import type { Executor, RuleSetting, RunnerSetting, Settings, Severity } from "./settings";

export const CONFIGURATION_FILE = ".gitlab-ci-docker.yml";

export const SEVERITIES: readonly Severity[] = ["error", "warning", "info", "hint"];

export const EXECUTORS: readonly Executor[] = [
  "docker",
  "docker-autoscaler",
  "docker+machine",
  "docker-windows",
  "kubernetes",
  "shell",
  "ssh",
  "instance",
  "virtualbox",
  "parallels",
  "custom",
];

/** What one source of settings says; what it doesn't say stays as it was. */
export type SettingsLayer = { readonly [Key in Exclude<keyof Settings, "variables">]?: Settings[Key] } & {
  readonly variables?: { readonly known?: readonly string[]; readonly protected?: readonly string[] };
};

/** Decodes the configuration file, or the editor's settings, which have the same shape. */
export function settingsDecoder(ruleIds: readonly string[]): Decoder<SettingsLayer> {
  const table = settingsTable(ruleIds);
  return {
    schema: table.schema,
    read(given, complain) {
      const read = table.read(given, complain);
      if (read === undefined) return undefined;
      const { include, ...rest } = read;
      return { ...rest, ...(include?.projects === undefined ? {} : { includeProjects: include.projects }) };
    },
  };
}

function settingsTable(ruleIds: readonly string[]) {
  return record("Configuration of gitlab-ci-docker", {
    rules: mapping(ruleSetting, "Severity of a rule, or a mapping with `severity` and the rule's options", {
      what: "rule",
      known: ruleIds,
    }),
    runners: list(
      runnerSetting,
      "What no file of the repository can say about the runners; the first whose tags fit a job wins",
    ),
    variables: record("Variables that are set in GitLab's user interface", {
      known: list(variableName, "Names of variables that are set"),
      protected: list(variableName, "Names of variables that only protected branches and tags get"),
    }),
    include: record("Where included files of other projects are found", {
      projects: mapping(
        text({ expects: "a folder", description: "Folder of the checkout" }),
        "Checkouts that stand in for `include:project` and `include:component`: path of the project and folder",
      ),
    }),
    entry: list(filePath, "The pipeline files to start from; without it they are found by name"),
    dockerVersion: text({
      expects: "a version such as `29.6.2`",
      description: "The docker version that fixes insert",
      pattern: /^\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?$/,
    }),
    ignore: list(
      text({ expects: "a glob", description: "Glob of paths" }),
      "Globs of paths that are not checked",
    ),
  });
}

const severityOrOff = choice(
  "a severity",
  ["off", ...[...SEVERITIES].reverse()] as const,
  "How serious the rule's findings are; `off` turns it off",
);

/** `warning`, or `{ severity: warning, <option>: … }`. */
const ruleSetting: Decoder<RuleSetting> = {
  schema: {
    oneOf: [severityOrOff.schema, { type: "object", properties: { severity: severityOrOff.schema } }],
  },
  read(given, complain) {
    if (given.kind !== "mapping") {
      const severity = severityOrOff.read(given, complain);
      return severity === undefined ? undefined : { severity, options: {} };
    }
    const written = given.entries.find((entry) => entry.key === "severity");
    const all = mapping(anything, "").read(given, complain) ?? new Map<string, unknown>();
    return {
      severity: written === undefined ? undefined : severityOrOff.read(written.value, complain),
      options: Object.fromEntries([...all].filter(([name]) => name !== "severity")),
    };
  },
};

const variableName = text({
  expects: "the name of a variable",
  description: "Name of a variable",
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
});

/** A path below the root: `./ci/x.yml` and `/ci/x.yml` mean `ci/x.yml`. */
export const filePath: Decoder<string> = {
  schema: { type: "string", description: "Path below the repository's root" },
  read(given, complain) {
    const written = text({ expects: "a path", description: "" }).read(given, complain);
    if (written === undefined) return undefined;
    const path = written.replace(/^(\.?\/)+/, "");
    if (/[*?]/.test(path)) {
      complain(given.at, "Patterns are not read here; write the path of each file");
      return undefined;
    }
    if (path !== "" && !path.split("/").includes("..")) return path;
    complain(given.at, "This must be a path below the repository's root");
    return undefined;
  },
};

const runnerFields = record("A runner", {
  tags: list(
    text({ expects: "a tag", description: "A tag" }),
    "Tags that the job must have, all of them; an empty list: jobs without tags",
  ),
  executor: choice("an executor", EXECUTORS, "The runner's executor"),
  privileged: flag("Whether the runner starts containers privileged"),
  volumes: list(text({ expects: "a volume", description: "A volume" }), "The runner's `volumes`"),
  environment: mapping(
    text({ expects: "text", description: "The variable's value" }),
    "Variables that the runner gives to every job and service",
  ),
});

const runnerSetting: Decoder<RunnerSetting> = {
  schema: runnerFields.schema,
  read(given, complain) {
    const runner = runnerFields.read(given, complain);
    if (runner === undefined) return undefined;
    return {
      tags: runner.tags ?? [],
      executor: runner.executor,
      privileged: runner.privileged,
      volumes: runner.volumes ?? [],
      environment: runner.environment ?? new Map<string, string>(),
    };
  },
};
