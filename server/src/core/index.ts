// The public face of the core: what `host/`, `lsp/`, `cli/` and `dev/` may import.
export type { Analysis, Fault, Report } from "./analysis";
export { createAnalysis } from "./create-analysis";
export { UNLISTED_FOLDERS } from "./data/unlisted-folders";
export type { Workspace } from "./query/workspace";
export type { AnyRule, Finding, Fix, Problem, RuleMeta } from "./rules/rule";
export { DEFAULT_SETTINGS } from "./settings/settings";
export type { Executor, RuleSetting, RunnerSetting, Settings, Severity } from "./settings/settings";
export { applyEdits, type TextEdit } from "./text/edit";
export { createLineIndex, type LineIndex, type Position } from "./text/line-index";
export type { Place } from "./text/located";
export { isOutside } from "./text/paths";
export { isComponentFile } from "./model/pipeline/roots";
export { mayBeHelmValues } from "./model/runner/helm";
export { mayRegister } from "./model/runner/register";
export { GIT_CONFIG_FILE } from "./model/own-project";
export {
  createSourceFile,
  normalise,
  type FileKind,
  type FilePath,
  type SourceFile,
} from "./text/source-file";
export { jsonReport } from "./reporters/json";
export { countSeverities, type ReportInput } from "./reporters/reporter";
export { textReport, type TextOptions } from "./reporters/text";
export { outsideCheckouts } from "./settings/checkouts";
export { didYouMean, nearestName } from "./settings/nearest";
export { mergeSettings, settingsFromJson } from "./settings/read";
export { settingsSchema } from "./settings/schema";
export { CONFIGURATION_FILE, SEVERITIES, type SettingsLayer } from "./settings/table";
export { RULE_IDS } from "./settings/rule-ids";
export { rules } from "./rules/index";
export { rulePage } from "./rules/page";
export { findSuppressions, type Suppression } from "./syntax/comments";
export type { Item, ItemKind } from "./features/completion/complete";
export { snippetsFor, type Snippet } from "./features/snippets";
export type { Occurrence, Refusal, RenameTarget, Symbols } from "./analysis";
export type { DocumentLink, Fold, FoundName, OutlineItem, OutlineKind, Structure } from "./analysis";
export type {
  Completions,
  Hover,
  InlayHint,
  JobInFile,
  Lens,
  PipelineCommands,
  PlaceableJob,
  ResolvedPipelines,
} from "./analysis";
export { effectiveYaml, type EffectiveYaml, type PlaceLink } from "./features/effective-yaml";
export { resolveJson } from "./reporters/resolve-json";
export { commandsJson, commandsText } from "./reporters/commands-json";
export { falseAlarmReport, type FalseAlarm } from "./features/false-alarm/false-alarm";
export { configurationTemplate } from "./features/configuration-template";
