// Settings of GitLab Runner's config.toml with their types, by table. `runners` stands for `[[runners]]`.
//
// Read in November 2026: https://docs.gitlab.com/runner/configuration/advanced-configuration/ ,
// https://docs.gitlab.com/runner/executors/kubernetes/ . Keys that are not listed are not judged.

export type RunnerSettingType = "text" | "switch" | "number" | "texts";

type Settings = ReadonlyMap<string, RunnerSettingType>;

const settings = (rows: Readonly<Record<RunnerSettingType, string>>): Settings =>
  new Map(
    (Object.entries(rows) as readonly [RunnerSettingType, string][]).flatMap(([type, names]) =>
      names
        .split(" ")
        .filter((name) => name !== "")
        .map((name) => [name, type] as const),
    ),
  );

/** By the path of the table, joined with dots; "" is the root. */
export const RUNNER_SETTINGS: ReadonlyMap<string, Settings> = new Map([
  [
    "",
    settings({
      text: "log_level log_format listen_address sentry_dsn",
      switch: "debug",
      number: "concurrent check_interval shutdown_timeout connection_max_age",
      texts: "",
    }),
  ],
  [
    "runners",
    settings({
      text: "name url token token_file executor shell builds_dir cache_dir clone_url pre_get_sources_script post_get_sources_script pre_build_script post_build_script tls-ca-file tls-cert-file tls-key-file",
      switch: "debug_trace_disabled",
      number: "limit request_concurrency output_limit unhealthy_requests_limit",
      texts: "environment",
    }),
  ],
  [
    "runners.docker",
    settings({
      text: "image host hostname memory memory_swap memory_reservation cpus cpuset_cpus network_mode runtime helper_image helper_image_flavor user ipcmode userns_mode isolation oom_score_adjust_policy tls_cert_path gpus volume_driver volumes_dir cache_dir",
      switch:
        "privileged services_privileged tls_verify disable_cache disable_entrypoint_overwrite oom_kill_disable enable_ipv6",
      number: "shm_size cpu_shares wait_for_services_timeout services_limit oom_score_adjust",
      texts:
        "volumes allowed_images allowed_services allowed_privileged_images allowed_privileged_services allowed_pull_policies cap_add cap_drop devices dns dns_search extra_hosts links security_opt services_security_opt volumes_from group_add allowed_users",
    }),
  ],
  [
    "runners.kubernetes",
    settings({
      text: "image host namespace namespace_overwrite_allowed service_account service_account_overwrite_allowed helper_image cert_file key_file ca_file bearer_token cpu_limit cpu_request memory_limit memory_request runtime_class_name scheduler_name priority_class_name",
      switch: "privileged allow_privilege_escalation cap_add_disabled automount_service_account_token",
      number:
        "poll_timeout poll_interval cleanup_grace_period_seconds resource_availability_check_max_attempts",
      texts:
        "allowed_images allowed_services allowed_pull_policies image_pull_secrets cap_add cap_drop allowed_users",
    }),
  ],
]);
