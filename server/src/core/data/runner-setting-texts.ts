// One line on each setting of GitLab Runner's config.toml that `runner-settings.ts` lists, in our own words, and on its tables.
//
// Read in November 2026: https://docs.gitlab.com/runner/configuration/advanced-configuration/ ,
// https://docs.gitlab.com/runner/executors/docker/ , https://docs.gitlab.com/runner/executors/kubernetes/

export const RUNNER_PAGE = "https://docs.gitlab.com/runner/configuration/advanced-configuration/";

type Texts = Readonly<Record<string, string>>;

const ROOT: Texts = {
  log_level: "How much the runner logs: `debug`, `info`, `warn`, `error`, `fatal`, `panic`",
  log_format: "Form of the log: `runner`, `text` or `json`",
  listen_address: "Host and port of the runner's metrics for Prometheus",
  sentry_dsn: "Where errors are reported to Sentry",
  debug: "An older switch for more log; use `log_level`",
  concurrent: "How many jobs all runners of this file run at the same time",
  check_interval: "Seconds between two questions for new jobs",
  shutdown_timeout: "Seconds that the runner waits for jobs when it is told to stop",
  connection_max_age: "How long a connection to GitLab is kept open",
  runners: "One runner for each `[[runners]]` table",
};

const RUNNERS: Texts = {
  name: "The runner's name: for people, and in the log",
  url: "Address of the GitLab instance",
  token: "The runner's authentication token: a secret",
  token_file: "File that holds the authentication token",
  executor:
    "What jobs run in: `docker`, `docker-autoscaler`, `kubernetes`, `shell`, `ssh`, `instance`, `custom`…",
  shell: "The shell that scripts are written for: `bash`, `sh`, `pwsh`",
  builds_dir: "Folder for checkouts. With Docker-in-Docker it must be a volume that the daemon sees too",
  cache_dir: "Folder for caches",
  clone_url: "Address to clone from, where it is not `url`",
  pre_get_sources_script: "Commands that run in front of the checkout",
  post_get_sources_script: "Commands that run behind the checkout",
  pre_build_script:
    "Commands that run behind the checkout and in front of the job's scripts, in the same shell",
  post_build_script: "Commands that run behind the job's script, in front of `after_script`",
  "tls-ca-file": "Certificate authority of the GitLab instance",
  "tls-cert-file": "The runner's certificate for the GitLab instance",
  "tls-key-file": "Key of the runner's certificate",
  debug_trace_disabled: "Whether jobs may not switch `CI_DEBUG_TRACE` on",
  limit: "How many jobs this runner runs at the same time; 0: as many as `concurrent` lets it",
  request_concurrency: "How many questions for new jobs are open at the same time",
  output_limit: "Longest log of a job, in kilobytes",
  unhealthy_requests_limit: "Failed questions for jobs until the runner pauses",
  environment: "Variables for every job and service, each as `NAME=value`; the pipeline's own win over them",
  docker: "Settings of the Docker executors",
  kubernetes: "Settings of the Kubernetes executor",
  machine: "Settings of the Docker Machine executor, which is deprecated",
  autoscaler: "Settings of the autoscaling executors",
  cache: "Where caches are kept: S3, Google Cloud Storage or Azure",
  feature_flags: "Switches of the runner, by name",
};

const DOCKER: Texts = {
  image: "The image for jobs that name none",
  host: "The Docker daemon that the runner itself uses",
  hostname: "Host name of the job's container",
  memory: "Most memory of the job's container",
  memory_swap: "Most memory and swap together",
  memory_reservation: "Memory that the container shall be left with when memory runs short",
  cpus: "Number of processors for the job's container",
  cpuset_cpus: "The processors that the job's container may use: `0,1`",
  network_mode:
    "Network of the job's and the services' containers; `host` makes services share the host's ports",
  runtime: "The container runtime, such as `runc` or `sysbox-runc`",
  helper_image: "Image of the container that fetches sources, caches and artifacts",
  helper_image_flavor: "Base of the helper image: `alpine`, `ubuntu`…",
  user: "User that the job's commands run as",
  ipcmode: "IPC mode of the job's container",
  userns_mode:
    "User namespace of the job's and the services' containers; `host` is needed for `privileged` with remapped users",
  isolation: "Isolation of containers on Windows",
  oom_score_adjust_policy: "How the setting for the out-of-memory killer is applied",
  tls_cert_path: "Folder with the certificates for the runner's own daemon (`host`)",
  gpus: "GPUs for the job's container, as `--gpus` takes them",
  volume_driver: "Driver of the volumes",
  volumes_dir: "Folder for the volumes of the executor",
  cache_dir: "Folder for caches inside of containers",
  privileged:
    "Whether containers of jobs and services get all rights of the host's root. Docker-in-Docker needs it, at least for the service (`services_privileged`)",
  services_privileged:
    "Whether services get these rights; the job's container needs none of them for Docker-in-Docker",
  tls_verify: "Whether the connection to the runner's own daemon is checked",
  disable_cache: "Whether the runner makes no cache volumes of its own",
  disable_entrypoint_overwrite: "Whether jobs may not replace the image's entrypoint",
  oom_kill_disable: "Whether the container is spared when memory runs out",
  enable_ipv6: "Whether the networks of jobs have IPv6; needs `FF_NETWORK_PER_BUILD`",
  shm_size: "Size of `/dev/shm`, in bytes",
  cpu_shares: "Share of processor time, against other containers",
  wait_for_services_timeout: "Seconds that the runner waits for the ports of services; -1: it does not wait",
  services_limit: "How many services a job may have; -1: any number",
  oom_score_adjust: "How readily the container is killed when memory runs out",
  volumes:
    "What containers of jobs and services share: `/certs/client` for the certificates of Docker-in-Docker, `/cache`, or paths of the host such as the Docker socket",
  allowed_images: "Patterns of the images that jobs may run in",
  allowed_services: "Patterns of the images that services may use",
  allowed_privileged_images: "Patterns of the images that run privileged, where not all of them do",
  allowed_privileged_services: "Patterns of the services that run privileged, where not all of them do",
  allowed_pull_policies: "What `pull_policy` of the pipeline may say",
  pull_policy: "Whether images are fetched: `always`, `if-not-present`, `never`; a list is tried in order",
  cap_add: "Capabilities that the job's container gets",
  cap_drop: "Capabilities that the job's container loses",
  devices: "Devices of the host for the job's container",
  dns: "DNS servers of the job's container",
  dns_search: "DNS search domains of the job's container",
  extra_hosts: "Further host names, each as `name:address`",
  links: "Containers that the job's container is linked with; services need none",
  security_opt: "Security options of the job's container",
  services_security_opt: "Security options of the services' containers",
  volumes_from: "Containers whose volumes are shared",
  group_add: "Further groups of the user in the job's container",
  allowed_users: "Patterns of the users that a job may choose",
  services: "Services that every job of this runner gets",
};

const KUBERNETES: Texts = {
  image: "The image for jobs that name none",
  host: "Address of the Kubernetes API; found by itself inside of a cluster",
  namespace: "Namespace of the jobs' pods",
  namespace_overwrite_allowed: "Pattern of the namespaces that a job may choose",
  service_account: "Service account of the jobs' pods",
  service_account_overwrite_allowed: "Pattern of the service accounts that a job may choose",
  helper_image: "Image of the container that fetches sources, caches and artifacts",
  cert_file: "Certificate for the Kubernetes API",
  key_file: "Key for the Kubernetes API",
  ca_file: "Certificate authority of the Kubernetes API",
  bearer_token: "Token for the Kubernetes API: a secret",
  cpu_limit: "Most processor time of the job's container",
  cpu_request: "Processor time that the job's container asks for",
  memory_limit: "Most memory of the job's container",
  memory_request: "Memory that the job's container asks for",
  runtime_class_name: "Runtime class of the pods",
  scheduler_name: "Scheduler of the pods",
  priority_class_name: "Priority class of the pods",
  privileged:
    "Whether all containers of the pod get the rights of the node's root. Docker-in-Docker needs it",
  allow_privilege_escalation: "Whether processes of the pod may gain rights",
  cap_add_disabled: "Whether added capabilities are ignored",
  automount_service_account_token: "Whether pods get the token of their service account",
  poll_timeout: "Seconds that the runner waits for the pod to start",
  poll_interval: "Seconds between two looks at the pod",
  cleanup_grace_period_seconds: "Seconds that a pod has to end",
  resource_availability_check_max_attempts:
    "How often the runner looks for secrets and service accounts of the pod",
  allowed_images: "Patterns of the images that jobs may run in",
  allowed_services: "Patterns of the images that services may use",
  allowed_pull_policies: "What `pull_policy` of the pipeline may say",
  pull_policy: "Whether images are fetched: `always`, `if-not-present`, `never`",
  image_pull_secrets: "Secrets with logins for registries",
  cap_add: "Capabilities that the pod's containers get",
  cap_drop: "Capabilities that the pod's containers lose",
  allowed_users: "Patterns of the users that a job may choose",
  services: "Services that every job of this runner gets",
  volumes: "Volumes of the pod: `[[runners.kubernetes.volumes.empty_dir]]`, `host_path`, `secret`…",
};

/** By the path of the table, joined with dots; "" is the root. */
const TEXTS: ReadonlyMap<string, Texts> = new Map([
  ["", ROOT],
  ["runners", RUNNERS],
  ["runners.docker", DOCKER],
  ["runners.kubernetes", KUBERNETES],
]);

/** What a setting, or a table, is for; undefined where neither is listed. */
export function runnerSettingText(table: string, key: string): string | undefined {
  const texts = TEXTS.get(table);
  return texts !== undefined && Object.hasOwn(texts, key) ? texts[key] : undefined;
}
