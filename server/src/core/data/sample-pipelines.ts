// Example pipelines, and the values that GitLab's variables have in them: with these a reference is shown filled in.
//
// https://docs.gitlab.com/ci/variables/predefined_variables/ says which variables exist in which kind of pipeline. The values
// themselves are made up; the project's own host and path take the place of the example's where they are known.
import { predefinedVariable } from "./predefined-variables";

export interface SamplePipeline {
  /** For people: "branch `feature/login`". */
  readonly label: string;
  readonly ref: "branch" | "tag" | "merge_request";
  /** The branch or Git tag that the pipeline runs for. */
  readonly refName: string;
  readonly isDefault: boolean;
}

export const SAMPLE_PIPELINES: readonly SamplePipeline[] = [
  { label: "branch `feature/login`", ref: "branch", refName: "feature/login", isDefault: false },
  { label: "default branch `main`", ref: "branch", refName: "main", isDefault: true },
  { label: "Git tag `v1.2.3`", ref: "tag", refName: "v1.2.3", isDefault: false },
  {
    label: "merge request `!42` from `feature/login`",
    ref: "merge_request",
    refName: "feature/login",
    isDefault: false,
  },
];

/** Host and path of the project in the examples. */
export interface SampleProject {
  readonly host: string;
  readonly path: string;
}

export const SAMPLE_PROJECT: SampleProject = { host: "gitlab.example.com", path: "group/project" };

/** GitLab.com has its registry on a host of its own; so have most instances. */
const registryOf = (host: string): string =>
  host === "gitlab.com" ? "registry.gitlab.com" : `registry.${host.replace(/^gitlab\./, "")}`;

const SHA = "1ecfd275763eff1d6b4844ea3168962458c9f27a";

/** lower case, at most 63 characters, no dash at either end. https://docs.gitlab.com/ci/variables/predefined_variables/ */
export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");

/** Values that are the same in all pipelines. */
const FIXED: Readonly<Record<string, string>> = {
  CI_COMMIT_SHA: SHA,
  CI_COMMIT_SHORT_SHA: SHA.slice(0, 8),
  CI_COMMIT_TIMESTAMP: "2026-11-20T09:30:00+01:00",
  CI_DEFAULT_BRANCH: "main",
  CI_DEFAULT_BRANCH_SLUG: "main",
  CI_JOB_ID: "4711",
  CI_JOB_STARTED_AT: "2026-11-20T08:31:00Z",
  CI_PIPELINE_CREATED_AT: "2026-11-20T08:30:00Z",
  CI_PIPELINE_ID: "1234",
  CI_PIPELINE_IID: "56",
  CI_PROJECT_ID: "789",
};

type Made = (sample: SamplePipeline, project: SampleProject) => string;

const first = (path: string): string => path.split("/")[0] ?? "";
const last = (path: string): string => path.split("/").at(-1) ?? "";
const parent = (path: string): string => path.split("/").slice(0, -1).join("/");
const host: Made = (_, project) => project.host;
const proxy = (project: SampleProject, group: string): string =>
  `${project.host}/${group.toLowerCase()}/dependency_proxy/containers`;

/** Values that depend on the pipeline or on the project. */
const MADE: Readonly<Record<string, Made>> = {
  CI_COMMIT_REF_NAME: ({ refName }) => refName,
  CI_COMMIT_REF_SLUG: ({ refName }) => slugOf(refName),
  CI_COMMIT_BRANCH: ({ ref, refName }) => (ref === "branch" ? refName : ""),
  CI_COMMIT_TAG: ({ ref, refName }) => (ref === "tag" ? refName : ""),
  CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX: (_, project) => proxy(project, parent(project.path)),
  CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX: (_, project) => proxy(project, first(project.path)),
  CI_DEPENDENCY_PROXY_SERVER: host,
  CI_PIPELINE_SOURCE: ({ ref }) => (ref === "merge_request" ? "merge_request_event" : "push"),
  CI_PROJECT_NAME: (_, { path }) => last(path),
  CI_PROJECT_NAMESPACE: (_, { path }) => parent(path),
  CI_PROJECT_PATH: (_, { path }) => path,
  CI_PROJECT_PATH_SLUG: (_, { path }) => slugOf(path),
  CI_PROJECT_ROOT_NAMESPACE: (_, { path }) => first(path),
  CI_REGISTRY: (_, project) => registryOf(project.host),
  CI_REGISTRY_IMAGE: (_, project) => `${registryOf(project.host)}/${project.path.toLowerCase()}`,
  CI_SERVER_FQDN: host,
  CI_SERVER_HOST: host,
};

/** The value of a predefined variable in an example; "" where it is not set there, undefined where there is no example of it. */
export function sampleValue(
  sample: SamplePipeline,
  name: string,
  project: SampleProject,
): string | undefined {
  if (Object.hasOwn(FIXED, name)) return FIXED[name];
  const made = Object.hasOwn(MADE, name) ? MADE[name] : undefined;
  return made === undefined ? ofMergeRequest(sample.ref, sample.refName, name) : made(sample, project);
}

const MERGE_REQUEST: Readonly<Record<string, string>> = {
  CI_MERGE_REQUEST_IID: "42",
  CI_MERGE_REQUEST_ID: "2042",
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
};

function ofMergeRequest(ref: SamplePipeline["ref"], refName: string, name: string): string | undefined {
  if (!name.startsWith("CI_MERGE_REQUEST_") || predefinedVariable(name) === undefined) return undefined;
  if (ref !== "merge_request") return "";
  if (name === "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") return refName;
  return Object.hasOwn(MERGE_REQUEST, name) ? MERGE_REQUEST[name] : undefined;
}
