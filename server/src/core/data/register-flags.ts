// Flags of `gitlab-runner register` that are no setting of config.toml under their own name. All others are called as the setting,
// with dashes: `--docker-image` is `image` in `[runners.docker]`.
//
// Read in November 2026: https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/commands/register.go ,
// https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/common/config.go (`long:"…"` beside `toml:"…"`),
// https://docs.gitlab.com/ci/runners/new_creation_workflow/#changes-to-the-gitlab-runner-register-command-syntax

export const REGISTER_PAGE = "https://docs.gitlab.com/runner/register/";

/** Flag -> table and key. */
export const RENAMED_FLAGS: ReadonlyMap<string, readonly [table: string, key: string]> = new Map([
  ["description", ["runners", "name"]],
  ["env", ["runners", "environment"]],
  ["docker-userns", ["runners.docker", "userns_mode"]],
  ["docker-tlsverify", ["runners.docker", "tls_verify"]],
  ["docker-cert-path", ["runners.docker", "tls_cert_path"]],
]);

/** What GitLab keeps of the runner: with an authentication token it is set there, and the command refuses the flag. */
export const SERVER_FLAGS: ReadonlyMap<string, string> = new Map([
  ["tag-list", "Tags of the runner, with commas between them"],
  ["run-untagged", "Whether the runner takes jobs without tags; it does where no tags are given"],
  ["locked", "Whether the runner stays with the project that it is registered for"],
  ["access-level", "`ref_protected`: only jobs of protected branches and tags; `not_protected`: all jobs"],
  ["maximum-timeout", "Longest time of a job, in seconds"],
  ["paused", "Whether the runner takes no jobs at first"],
  ["maintenance-note", "A note for those who look after the runner"],
]);

/** What only says how to register. */
export const REGISTERING_FLAGS: ReadonlyMap<string, string> = new Map([
  ["config", "The `config.toml` that the runner is written to"],
  ["template-config", "A file with one `[[runners]]` table: its settings fill what the flags leave open"],
  ["non-interactive", "Asks nothing: everything that is needed must stand in flags or variables"],
  ["leave-runner", "Keeps the runner in GitLab where registering fails afterwards"],
  [
    "registration-token",
    "The older kind of token, which is deprecated: create the runner in GitLab, and give its authentication token with `--token`",
  ],
]);
