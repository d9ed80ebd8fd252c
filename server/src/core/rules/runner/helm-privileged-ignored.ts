// Keys of the runner's Helm chart that it no longer reads.
// https://docs.gitlab.com/runner/install/kubernetes_helm_chart_configuration/ , CHANGELOG.md of the chart (0.53.0)
import type { HelmRunners } from "../../model/runner/helm";
import { keyText, type YamlPair } from "../../syntax/yaml-nodes";
import { defineRule } from "../rule";

export const helmPrivilegedIgnored = defineRule({
  id: "helm-privileged-ignored",
  title: "Setting that the runner's Helm chart ignores",
  severity: "warning",
  since: "0.1.0",
  inspects: "runner-config",

  docs: {
    what: "Reports keys below `runners:` in the values of the GitLab Runner chart that it has not read since version 0.53: `privileged`, `image`, `builds`, `services`, `helpers`, `env` and their kin.",
    why: 'The chart passes on `runners.config` alone. `runners.privileged: true` is dropped without a word, and Docker-in-Docker then dies with "mount: permission denied (are you root?)".',
    fix: "Write the setting as TOML into `runners.config`, below `[runners.kubernetes]`.",
    example: {
      file: "values.yaml",
      bad: `gitlabUrl: https://gitlab.example.com/
runners:
  privileged: true
  config: |
    [[runners]]
      executor = "kubernetes"
      [runners.kubernetes]
        image = "alpine:3.22"
`,
      good: `gitlabUrl: https://gitlab.example.com/
runners:
  config: |
    [[runners]]
      executor = "kubernetes"
      [runners.kubernetes]
        image = "alpine:3.22"
        allowed_privileged_services = ["docker:*-dind"]
        privileged = true
`,
    },
    references: [
      "https://docs.gitlab.com/runner/install/kubernetes_helm_chart_configuration/",
      "https://gitlab.com/gitlab-org/charts/gitlab-runner/-/blob/main/CHANGELOG.md",
    ],
  },

  *check({ helm }) {
    if (helm === undefined) return;
    for (const pair of helm.runners.pairs) {
      const key = keyText(pair) ?? "";
      const instead = MOVED.get(key);
      if (instead === undefined || isEmpty(pair)) continue;
      yield {
        at: pair.key.at,
        message: `The runner's chart has ignored \`runners.${key}\` since version 0.53${key === "privileged" ? ", so Docker-in-Docker starts unprivileged" : ""}; write ${instead} into \`runners.config\`${placeIn(helm)}`,
      };
    }
  },
});

/** Keys that became TOML, with what to write. */
const MOVED: ReadonlyMap<string, string> = new Map([
  ["privileged", "`privileged = true` below `[runners.kubernetes]`"],
  ["image", "`image` below `[runners.kubernetes]`"],
  ["env", "`environment` below `[[runners]]`"],
  ["namespace", "`namespace` below `[runners.kubernetes]`"],
  ["imagePullPolicy", "`pull_policy` below `[runners.kubernetes]`"],
  ["imagePullSecrets", "`image_pull_secrets` below `[runners.kubernetes]`"],
  ["pollTimeout", "`poll_timeout` below `[runners.kubernetes]`"],
  ["outputLimit", "`output_limit` below `[[runners]]`"],
  ["serviceAccountName", "`service_account` below `[runners.kubernetes]`"],
  ["nodeSelector", "`[runners.kubernetes.node_selector]`"],
  ["podLabels", "`[runners.kubernetes.pod_labels]`"],
  ["podAnnotations", "`[runners.kubernetes.pod_annotations]`"],
  ["builds", "the limits and requests below `[runners.kubernetes]`"],
  ["services", "the service limits and requests below `[runners.kubernetes]`"],
  ["helpers", "the helper's settings below `[runners.kubernetes]`"],
]);

/** An empty mapping or text is what charts have as a default. */
const isEmpty = ({ value }: YamlPair): boolean =>
  (value.kind === "map" && value.pairs.length === 0) ||
  (value.kind === "seq" && value.items.length === 0) ||
  (value.kind === "scalar" && (value.text === "" || value.value === false));

const placeIn = ({ config }: HelmRunners): string => (config === undefined ? ", which is not there yet" : "");
