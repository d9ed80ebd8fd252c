// The settings in force: the repository's configuration file over those of the editor or the command line.
import { defineQuery } from "../query/query";
import { mergeSettings, readSettings } from "../settings/read";
import { RULE_IDS } from "../settings/rule-ids";
import type { Settings } from "../settings/settings";
import { CONFIGURATION_FILE } from "../settings/table";
import type { SyntaxProblem } from "../syntax/yaml-nodes";
import { yamlOf } from "./pipeline/yaml-of";

export interface SettingsInForce {
  readonly settings: Settings;
  /** Complaints about the configuration file. */
  readonly problems: readonly SyntaxProblem[];
}

export const settingsOf = defineQuery<null, SettingsInForce>({
  name: "settingsOf",
  compute: (ctx) => {
    const base = ctx.settings();
    const yaml = ctx.exists(CONFIGURATION_FILE) === false ? undefined : ctx.get(yamlOf, CONFIGURATION_FILE);
    if (yaml === undefined) return { settings: base, problems: [] };
    const { settings, problems } = readSettings(yaml, RULE_IDS);
    return { settings: mergeSettings(base, settings), problems };
  },
});
