// GitLab's predefined variables, and what is known of their values where they become part of an image reference.
//
// Names: https://docs.gitlab.com/ci/variables/predefined_variables/ (read in August 2026), with those of container
// registry, dependency proxy, deploy token, merge requests and integrations. Properties: the same page; app/models/project.rb
// of gitlabhq (`full_path.downcase` for the registry path); https://git-scm.com/docs/git-check-ref-format for ref names.

export interface VariableProperties {
  /** Can hold "/". */
  readonly maySlash: boolean;
  /** Can hold upper-case letters. */
  readonly mayUpper: boolean;
  /** Can hold what neither a tag nor a path allows: `+ @ # :`, blanks… */
  readonly mayBadTagChar: boolean;
  readonly mayBeEmpty: boolean;
  /** When it is empty or not set, as a phrase: "outside merge request pipelines". Empty where it is always set. */
  readonly emptyWhen: string;
  readonly uniquePerCommit: boolean;
  readonly uniquePerPipeline: boolean;
  /** Always lower case and free of what a tag forbids. */
  readonly lowerSafe: boolean;
  /** The variable to use instead; undefined where none is needed or none fits. */
  readonly replacement: string | undefined;
}

/** Of a variable of which nothing is known: nothing is claimed. */
export const UNKNOWN_PROPERTIES: VariableProperties = Object.freeze({
  maySlash: false,
  mayUpper: false,
  mayBadTagChar: false,
  mayBeEmpty: false,
  emptyWhen: "",
  uniquePerCommit: false,
  uniquePerPipeline: false,
  lowerSafe: false,
  replacement: undefined,
});

const is = (properties: Partial<VariableProperties>): VariableProperties => ({
  ...UNKNOWN_PROPERTIES,
  ...properties,
});

const FREE_TEXT = { maySlash: true, mayUpper: true, mayBadTagChar: true } as const;
const SAFE = { lowerSafe: true } as const;
const MERGE_REQUEST = { mayBeEmpty: true, emptyWhen: "outside merge request pipelines" } as const;
const EXTERNAL = { mayBeEmpty: true, emptyWhen: "outside pipelines of external pull requests" } as const;
const ENVIRONMENT = { mayBeEmpty: true, emptyWhen: "in jobs without `environment`" } as const;
const TAG = { mayBeEmpty: true, emptyWhen: "outside tag pipelines" } as const;
const REGISTRY = { mayBeEmpty: true, emptyWhen: "where the container registry is switched off" } as const;
const REF = { ...FREE_TEXT, replacement: "CI_COMMIT_REF_SLUG" } as const;
const PATH = { maySlash: true, mayUpper: true, replacement: "CI_REGISTRY_IMAGE" } as const;
const COMMIT = { uniquePerCommit: true, lowerSafe: true } as const;
/** Unique for each pipeline, and so for each commit too: what it names cannot exist before this pipeline. */
const PIPELINE = { uniquePerCommit: true, uniquePerPipeline: true, lowerSafe: true } as const;

/** Variables of which something is known, in alphabetical order. */
const KNOWN: Readonly<Record<string, VariableProperties>> = {
  CI_COMMIT_AUTHOR: is(FREE_TEXT),
  CI_COMMIT_BEFORE_SHA: is(SAFE),
  CI_COMMIT_BRANCH: is({ ...REF, mayBeEmpty: true, emptyWhen: "in merge request and tag pipelines" }),
  CI_COMMIT_DESCRIPTION: is({ ...FREE_TEXT, mayBeEmpty: true, emptyWhen: "for commits without a body" }),
  CI_COMMIT_MESSAGE: is(FREE_TEXT),
  CI_COMMIT_REF_NAME: is(REF),
  CI_COMMIT_REF_SLUG: is(SAFE),
  CI_COMMIT_SHA: is(COMMIT),
  CI_COMMIT_SHORT_SHA: is(COMMIT),
  CI_COMMIT_TAG: is({ ...FREE_TEXT, ...TAG }),
  CI_COMMIT_TAG_MESSAGE: is({ ...FREE_TEXT, ...TAG }),
  CI_COMMIT_TIMESTAMP: is({
    mayUpper: true,
    mayBadTagChar: true,
    uniquePerCommit: true,
    replacement: "CI_PIPELINE_IID",
  }),
  CI_COMMIT_TITLE: is(FREE_TEXT),
  CI_CONCURRENT_ID: is(SAFE),
  CI_CONCURRENT_PROJECT_ID: is(SAFE),
  CI_DEFAULT_BRANCH: is(FREE_TEXT),
  CI_DEFAULT_BRANCH_SLUG: is(SAFE),
  CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX: is({ maySlash: true }),
  CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX: is({ maySlash: true }),
  CI_DEPLOY_PASSWORD: is({
    mayUpper: true,
    mayBeEmpty: true,
    emptyWhen: "without a deploy token named `gitlab-deploy-token`",
  }),
  CI_DEPLOY_USER: is({
    mayUpper: true,
    mayBeEmpty: true,
    emptyWhen: "without a deploy token named `gitlab-deploy-token`",
  }),
  CI_ENVIRONMENT_ACTION: is({ ...ENVIRONMENT, ...SAFE }),
  CI_ENVIRONMENT_ID: is({ ...ENVIRONMENT, ...SAFE }),
  CI_ENVIRONMENT_NAME: is({ ...FREE_TEXT, ...ENVIRONMENT, replacement: "CI_ENVIRONMENT_SLUG" }),
  CI_ENVIRONMENT_SLUG: is({ ...ENVIRONMENT, ...SAFE }),
  CI_ENVIRONMENT_TIER: is({ ...ENVIRONMENT, ...SAFE }),
  CI_ENVIRONMENT_URL: is({ ...FREE_TEXT, ...ENVIRONMENT }),
  CI_EXTERNAL_PULL_REQUEST_IID: is({ ...EXTERNAL, ...SAFE }),
  CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME: is({ ...REF, ...EXTERNAL }),
  CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA: is({ ...COMMIT, ...EXTERNAL }),
  CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME: is({ ...REF, ...EXTERNAL }),
  CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA: is({ ...EXTERNAL, ...SAFE }),
  CI_JOB_ID: is(PIPELINE),
  CI_JOB_NAME: is({ ...FREE_TEXT, replacement: "CI_JOB_NAME_SLUG" }),
  CI_JOB_NAME_SLUG: is(SAFE),
  CI_JOB_STAGE: is(FREE_TEXT),
  CI_JOB_STARTED_AT: is({
    mayUpper: true,
    mayBadTagChar: true,
    uniquePerCommit: true,
    uniquePerPipeline: true,
    replacement: "CI_PIPELINE_IID",
  }),
  CI_MERGE_REQUEST_DIFF_BASE_SHA: is({ ...MERGE_REQUEST, ...SAFE }),
  CI_MERGE_REQUEST_ID: is({ ...MERGE_REQUEST, ...SAFE }),
  CI_MERGE_REQUEST_IID: is({ ...MERGE_REQUEST, ...SAFE }),
  CI_MERGE_REQUEST_LABELS: is({ ...FREE_TEXT, ...MERGE_REQUEST }),
  CI_MERGE_REQUEST_PROJECT_PATH: is({ ...PATH, ...MERGE_REQUEST }),
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: is({ ...REF, ...MERGE_REQUEST }),
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: is({ ...COMMIT, ...MERGE_REQUEST }),
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: is({ ...PATH, ...MERGE_REQUEST }),
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: is({ ...REF, ...MERGE_REQUEST }),
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: is({ ...MERGE_REQUEST, ...SAFE }),
  CI_MERGE_REQUEST_TITLE: is({ ...FREE_TEXT, ...MERGE_REQUEST }),
  CI_NODE_INDEX: is({ ...SAFE, mayBeEmpty: true, emptyWhen: "in jobs without `parallel`" }),
  CI_NODE_TOTAL: is(SAFE),
  CI_PIPELINE_CREATED_AT: is({
    mayUpper: true,
    mayBadTagChar: true,
    uniquePerCommit: true,
    uniquePerPipeline: true,
    replacement: "CI_PIPELINE_IID",
  }),
  CI_PIPELINE_ID: is(PIPELINE),
  CI_PIPELINE_IID: is(PIPELINE),
  CI_PIPELINE_NAME: is({ ...FREE_TEXT, mayBeEmpty: true, emptyWhen: "without `workflow:name`" }),
  CI_PROJECT_ID: is(SAFE),
  CI_PROJECT_NAME: is({ mayUpper: true, replacement: "CI_REGISTRY_IMAGE" }),
  CI_PROJECT_NAMESPACE: is(PATH),
  CI_PROJECT_NAMESPACE_ID: is(SAFE),
  CI_PROJECT_NAMESPACE_SLUG: is(SAFE),
  CI_PROJECT_PATH: is({ ...PATH, replacement: "CI_PROJECT_PATH_SLUG" }),
  CI_PROJECT_PATH_SLUG: is(SAFE),
  CI_PROJECT_ROOT_NAMESPACE: is({ mayUpper: true, replacement: "CI_REGISTRY_IMAGE" }),
  CI_PROJECT_TITLE: is(FREE_TEXT),
  CI_REGISTRY: is({ ...REGISTRY, mayBadTagChar: true }),
  CI_REGISTRY_IMAGE: is({ ...REGISTRY, maySlash: true }),
  CI_REGISTRY_PASSWORD: is({ ...REGISTRY, mayUpper: true }),
  CI_REGISTRY_USER: is(REGISTRY),
  CI_SERVER_HOST: is({}),
  CI_SERVER_URL: is({ maySlash: true, mayBadTagChar: true }),
  CI_TEMPLATE_REGISTRY_HOST: is({}),
  GITLAB_USER_EMAIL: is({ mayUpper: true, mayBadTagChar: true }),
  GITLAB_USER_ID: is(SAFE),
  GITLAB_USER_LOGIN: is({ mayUpper: true }),
  GITLAB_USER_NAME: is(FREE_TEXT),
};

/** The others, of which nothing is claimed but that GitLab or Runner sets them. */
const OTHERS = `
  CHAT_CHANNEL CHAT_INPUT CHAT_USER_ID CI CI_API_GRAPHQL_URL CI_API_V4_URL CI_BUILDS_DIR CI_COMMIT_REF_PROTECTED CI_CONFIG_PATH
  CI_CONFIG_REF_URI CI_DEBUG_SERVICES CI_DEBUG_TRACE CI_DEPENDENCY_PROXY_PASSWORD CI_DEPENDENCY_PROXY_SERVER
  CI_DEPENDENCY_PROXY_USER CI_DEPLOY_FREEZE CI_DISPOSABLE_ENVIRONMENT CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY
  CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY CI_GITLAB_FIPS_MODE CI_HAS_OPEN_REQUIREMENTS CI_JOB_GROUP_NAME CI_JOB_IMAGE CI_JOB_JWT
  CI_JOB_JWT_V1 CI_JOB_JWT_V2 CI_JOB_MANUAL CI_JOB_STATUS CI_JOB_TIMEOUT CI_JOB_TOKEN CI_JOB_URL CI_KUBERNETES_ACTIVE
  CI_MERGE_REQUEST_APPROVED CI_MERGE_REQUEST_ASSIGNEES CI_MERGE_REQUEST_DESCRIPTION CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED
  CI_MERGE_REQUEST_DIFF_ID CI_MERGE_REQUEST_DRAFT CI_MERGE_REQUEST_EVENT_TYPE CI_MERGE_REQUEST_MILESTONE CI_MERGE_REQUEST_PROJECT_ID
  CI_MERGE_REQUEST_PROJECT_URL CI_MERGE_REQUEST_REF_PATH CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED CI_MERGE_REQUEST_SOURCE_PROJECT_ID
  CI_MERGE_REQUEST_SOURCE_PROJECT_URL CI_MERGE_REQUEST_SQUASH_ON_MERGE CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED CI_OPEN_MERGE_REQUESTS
  CI_PAGES_DOMAIN CI_PAGES_HOSTNAME CI_PAGES_URL CI_PIPELINE_SCHEDULE_DESCRIPTION CI_PIPELINE_SOURCE CI_PIPELINE_TRIGGERED
  CI_PIPELINE_URL CI_PROJECT_CLASSIFICATION_LABEL CI_PROJECT_DESCRIPTION CI_PROJECT_DIR CI_PROJECT_REPOSITORY_LANGUAGES CI_PROJECT_TOPICS
  CI_PROJECT_URL CI_PROJECT_VISIBILITY CI_RELEASE_DESCRIPTION CI_REPOSITORY_URL CI_RUNNER_DESCRIPTION CI_RUNNER_EXECUTABLE_ARCH
  CI_RUNNER_ID CI_RUNNER_REVISION CI_RUNNER_SHORT_TOKEN CI_RUNNER_TAGS CI_RUNNER_VERSION CI_SCRIPT_TRACE CI_SERVER CI_SERVER_FQDN
  CI_SERVER_NAME CI_SERVER_PORT CI_SERVER_PROTOCOL CI_SERVER_REVISION CI_SERVER_SHELL_SSH_HOST CI_SERVER_SHELL_SSH_PORT
  CI_SERVER_TLS_CA_FILE CI_SERVER_TLS_CERT_FILE CI_SERVER_TLS_KEY_FILE CI_SERVER_VERSION CI_SERVER_VERSION_MAJOR
  CI_SERVER_VERSION_MINOR CI_SERVER_VERSION_PATCH CI_SHARED_ENVIRONMENT CI_TRIGGER_SHORT_TOKEN CI_UPSTREAM_JOB_ID CI_UPSTREAM_PIPELINE_ID
  CI_UPSTREAM_PROJECT_ID GITLAB_CI GITLAB_FEATURES KUBECONFIG TRIGGER_PAYLOAD`
  .trim()
  .split(/\s+/);

/** Every predefined variable by name. */
export const PREDEFINED_VARIABLES: ReadonlyMap<string, VariableProperties> = new Map<
  string,
  VariableProperties
>([
  ...Object.entries(KNOWN),
  ...OTHERS.map((name): [string, VariableProperties] => [name, UNKNOWN_PROPERTIES]),
]);

/** Removed in GitLab 16.0 and empty since, with what took their place. https://docs.gitlab.com/update/deprecations/ */
export const REMOVED_VARIABLES: ReadonlyMap<string, string> = new Map([
  ["CI_BUILD_BEFORE_SHA", "CI_COMMIT_BEFORE_SHA"],
  ["CI_BUILD_ID", "CI_JOB_ID"],
  ["CI_BUILD_MANUAL", "CI_JOB_MANUAL"],
  ["CI_BUILD_NAME", "CI_JOB_NAME"],
  ["CI_BUILD_REF", "CI_COMMIT_SHA"],
  ["CI_BUILD_REF_NAME", "CI_COMMIT_REF_NAME"],
  ["CI_BUILD_REF_SLUG", "CI_COMMIT_REF_SLUG"],
  ["CI_BUILD_REPO", "CI_REPOSITORY_URL"],
  ["CI_BUILD_STAGE", "CI_JOB_STAGE"],
  ["CI_BUILD_TAG", "CI_COMMIT_TAG"],
  ["CI_BUILD_TOKEN", "CI_JOB_TOKEN"],
  ["CI_BUILD_TRIGGERED", "CI_PIPELINE_TRIGGERED"],
]);

/** Properties of a predefined variable; undefined where GitLab sets no such variable. */
export const predefinedVariable = (name: string): VariableProperties | undefined =>
  PREDEFINED_VARIABLES.get(name);

/** A mention of a variable whose value a tag can't take as it is: for a first look at a text. */
export const FREE_TEXT_NAME: RegExp = new RegExp(
  [...PREDEFINED_VARIABLES]
    .flatMap(([name, { maySlash, mayBadTagChar }]) => (maySlash || mayBadTagChar ? [name] : []))
    .join("|"),
);
