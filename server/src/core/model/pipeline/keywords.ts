// Which root keys are GitLab's own, and which keywords jobs inherit.
// https://docs.gitlab.com/ci/yaml/#global-keywords , lib/gitlab/ci/config/entry/root.rb of gitlab-org/gitlab

/** Root keys that are never a job, whatever they hold. */
export const RESERVED_ROOT_KEYS: ReadonlySet<string> = new Set([
  "after_script",
  "before_script",
  "cache",
  "image",
  "include",
  "services",
  "stages",
  "types",
  "variables",
]);

/** Root keys that are GitLab's own unless they hold a job (`script`, `run` or `trigger`). */
export const SOFT_ROOT_KEYS: ReadonlySet<string> = new Set(["default", "workflow", "spec"]);

/** Keywords that `default:` gives to jobs. https://docs.gitlab.com/ci/yaml/#default */
export const DEFAULT_KEYWORDS: readonly string[] = [
  "after_script",
  "artifacts",
  "before_script",
  "cache",
  "hooks",
  "id_tokens",
  "image",
  "interruptible",
  "retry",
  "services",
  "tags",
  "timeout",
];

/** Keywords that may also stand at the root, a deprecated form of `default:`. */
export const ROOT_DEFAULT_KEYWORDS: readonly string[] = [
  "after_script",
  "before_script",
  "cache",
  "image",
  "services",
];

/** Keywords of which one makes a mapping a job. */
export const JOB_MARKS: readonly string[] = ["script", "run", "trigger"];

/** Keywords of jobs that have no meaning at the root. https://docs.gitlab.com/ci/yaml/#job-keywords */
export const JOB_ONLY_KEYWORDS: ReadonlySet<string> = new Set([
  "allow_failure",
  "artifacts",
  "coverage",
  "dependencies",
  "environment",
  "except",
  "extends",
  "id_tokens",
  "inherit",
  "interruptible",
  "needs",
  "only",
  "parallel",
  "release",
  "resource_group",
  "retry",
  "rules",
  "script",
  "secrets",
  "stage",
  "start_in",
  "tags",
  "timeout",
  "trigger",
  "when",
]);
