// The public face of the core: what `host/`, `lsp/`, `cli/` and `dev/` may import.
export type { Analysis, Fault, Report } from "./analysis";
export { createAnalysis } from "./create-analysis";
export type { Workspace } from "./query/workspace";
export type { AnyRule, Finding, Fix, Problem, RuleMeta } from "./rules/rule";
export { DEFAULT_SETTINGS } from "./settings/settings";
export type { Executor, RuleSetting, RunnerSetting, Settings, Severity } from "./settings/settings";
export { applyEdits, type TextEdit } from "./text/edit";
export { createLineIndex, type LineIndex, type Position } from "./text/line-index";
export type { Place } from "./text/located";
export { createSourceFile, normalise, type FileKind, type FilePath, type SourceFile } from "./text/source-file";
