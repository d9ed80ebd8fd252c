// Which rules run, and how loud: settings applied to the registry.
import type { Settings, Severity } from "../settings/settings";
import type { AnyRule } from "./rule";

/** Old id -> id of today. An id is never used again for something else, so settings and comments stay valid. */
const RENAMED: ReadonlyMap<string, string> = new Map<string, string>();

export interface SelectedRule {
  readonly rule: AnyRule;
  /** What the user set; undefined where the rule decides. */
  readonly severity: Severity | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The id that a rule has today; an id that was never renamed is returned as it is. */
export const currentId = (id: string): string => RENAMED.get(id) ?? id;

/** Rules that are switched on, in the order of the registry. Unknown ids in the settings have no effect here. */
export function selectRules(rules: readonly AnyRule[], settings: Settings): readonly SelectedRule[] {
  const byId = new Map([...settings.rules].map(([id, setting]) => [currentId(id), setting]));
  return rules.flatMap((rule) => {
    const setting = byId.get(rule.id);
    if (setting?.severity === "off") return [];
    return [{ rule, severity: setting?.severity, options: setting?.options ?? {} }];
  });
}

/**
 * The severity of a finding: what the user set counts, except that a remark which its rule gives as a hint ("nothing
 * here says that the runner is privileged") stays a hint: raising a rule must not turn remarks into failures.
 */
export function severityOf(own: Severity, ruleDefault: Severity, set: Severity | undefined): Severity {
  if (set === undefined) return own;
  return own === "hint" && ruleDefault !== "hint" ? "hint" : set;
}
