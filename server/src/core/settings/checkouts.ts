// Which folders outside the repository a host may read: those that a user named as checkouts of other projects, no others.
import { parseYaml } from "../syntax/yaml";
import { isOutside, normalFolder } from "../text/paths";
import type { FilePath, SourceFile } from "../text/source-file";
import { mergeSettings, readSettings } from "./read";
import { RULE_IDS } from "./rule-ids";
import type { Settings } from "./settings";

/**
 * The checkouts of `include.projects` that lie outside the repository, from the settings and the repository's own
 * configuration file where there is one. Without a slash at the end: `../ci-templates`, `/srv/ci-templates`.
 */
export function outsideCheckouts(
  settings: Settings,
  configuration: SourceFile | undefined,
): readonly FilePath[] {
  const read = configuration === undefined ? {} : readSettings(parseYaml(configuration), RULE_IDS).settings;
  const { includeProjects } = mergeSettings(settings, read);
  return [...new Set([...includeProjects.values()].map(normalFolder))].filter(isOutside);
}
