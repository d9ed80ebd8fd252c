// GitLab Runner's configuration inside the values of its Helm chart: TOML in a block scalar under `runners.config`.
// https://docs.gitlab.com/runner/install/kubernetes_helm_chart_configuration/
import type { MappedText } from "../../text/mapped-text";
import {
  keyText,
  valueOf,
  type YamlFile,
  type YamlMap,
  type YamlNode,
  type YamlPair,
} from "../../syntax/yaml-nodes";

export interface HelmRunners {
  /** The `runners:` mapping of the chart's values. */
  readonly runners: YamlMap;
  /** The entry `runners:` itself. */
  readonly pair: YamlPair;
  /** The text of `runners.config`, with the place of each character; undefined where the key is absent or no text. */
  readonly config: MappedText | undefined;
  /** Keys that stand beside `runners:`, in order. */
  readonly siblings: readonly YamlPair[];
}

/** Keys that only the runner's chart has beside `runners:`. `runners` alone is a key of other charts too. */
const CHART_KEYS = new Set([
  "gitlabUrl",
  "runnerToken",
  "runnerRegistrationToken",
  "unregisterRunners",
  "concurrent",
]);

/** Cheap test of a text before it is parsed. */
export const mayBeHelmValues = (text: string): boolean =>
  /^[ \t]*runners:/m.test(text) &&
  /\[\[\s*runners\s*\]\]|gitlabUrl|gitlab-runner:|runner(?:Registration)?Token/.test(text);

/**
 * The chart's values in a YAML file: at its root, below `gitlab-runner:` (as a sub-chart), or anywhere deeper (`spec.values`
 * of a HelmRelease). Values are told by `runners.config` with a `[[runners]]` table, by keys of the chart beside `runners`, or by
 * the name of the sub-chart.
 */
export function helmRunnersOf(yaml: YamlFile): readonly HelmRunners[] {
  return yaml.documents.flatMap(({ blocks }) =>
    valuesIn(
      blocks.flatMap((block) => block.pairs),
      undefined,
      0,
    ),
  );
}

/** Deeper than any values that people write. */
const MAX_DEPTH = 8;

function valuesIn(
  pairs: readonly YamlPair[],
  parent: string | undefined,
  depth: number,
): readonly HelmRunners[] {
  if (depth > MAX_DEPTH) return [];
  return pairs.flatMap((pair): readonly HelmRunners[] => {
    if (pair.value.kind !== "map") return [];
    const key = keyText(pair);
    if (key !== "runners") return valuesIn(pair.value.pairs, key, depth + 1);
    const config = textOf(valueOf(pair.value, "config"));
    const isChart =
      parent === "gitlab-runner" ||
      /\[\[\s*runners\s*\]\]/.test(config?.text ?? "") ||
      pairs.some((sibling) => CHART_KEYS.has(keyText(sibling) ?? ""));
    if (!isChart) return [];
    return [{ runners: pair.value, pair, config, siblings: pairs.filter((sibling) => sibling !== pair) }];
  });
}

const textOf = (node: YamlNode | undefined): MappedText | undefined =>
  node?.kind === "scalar" && typeof node.value === "string" ? node.mapped : undefined;
