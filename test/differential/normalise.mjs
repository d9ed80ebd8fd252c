// Brings what both programs print into one shape, keyword by keyword, so that only differences of meaning are left.
// What the preview leaves out (because gitlab-ci-local has no use for it) is left out on our side too: see `LOSSY`.

/** Keys at the root of the preview that are no jobs. */
const ROOT_KEYWORDS = new Set([
  ...["stages", "variables", "workflow", "include", "default", "spec", "image", "services", "cache"],
  ...["before_script", "after_script", "local_configuration", "pages:deploy"],
]);

/** The preview keeps these keys of these keywords only (gitlab-ci-local 4.75, `src/data-expander.ts`). */
const LOSSY = {
  image: ["name", "entrypoint", "docker"],
  services: ["name", "entrypoint", "command", "alias", "variables"],
  cache: ["key", "paths", "policy", "when"],
  needs: ["job", "artifacts", "pipeline", "project", "ref", "optional", "parallel"],
};

const SCRIPTS = new Set(["before_script", "script", "after_script"]);

/** Jobs by name, of the preview: a mapping like the pipeline file. */
export function jobsOfPreview(pipeline) {
  const jobs = Object.entries(pipeline).filter(([name, job]) => !ROOT_KEYWORDS.has(name) && isMapping(job));
  return Object.fromEntries(
    jobs.map(([name, job]) => {
      const variables = mergedVariables(pipeline.variables, job);
      return [name, normaliseJob({ stage: "test", ...job, ...(variables && { variables }) })];
    }),
  );
}

/** Jobs by name, of `resolve --format json`, whose variables are merged already. */
export const jobsOfOurs = (jobs) =>
  Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, normaliseJob(job)]));

/** https://docs.gitlab.com/ci/yaml/#inheritvariables */
function mergedVariables(root, job) {
  const inherit = job.inherit?.variables ?? true;
  const inherited = Object.entries(root ?? {}).filter(([name]) =>
    Array.isArray(inherit) ? inherit.includes(name) : inherit,
  );
  const merged = { ...Object.fromEntries(inherited), ...job.variables };
  return Object.keys(merged).length === 0 ? undefined : merged;
}

function normaliseJob(job) {
  const result = {};
  for (const [keyword, value] of Object.entries(job)) {
    const normal = normaliseKeyword(keyword, value);
    if (normal !== undefined) result[keyword] = normal;
  }
  return result;
}

function normaliseKeyword(keyword, value) {
  // Merged into the job by both; ours doesn't print it, the preview deletes it.
  if (keyword === "extends" || value === undefined || value === null) return undefined;
  if (SCRIPTS.has(keyword)) return [value].flat(Infinity).map(String);
  if (keyword === "image") return pick("image", named(value));
  if (keyword === "services")
    return [value].flat().map((each) => pick("services", withTextVariables(named(each))));
  if (keyword === "variables") return textVariables(value);
  if (keyword === "needs") return [value].flat().map(normaliseNeed);
  if (keyword === "cache") return normaliseCache(value);
  if (keyword === "environment" && typeof value === "string") return { name: value };
  if (keyword === "trigger") return normaliseTrigger(value);
  if (keyword === "parallel") return normaliseParallel(value);
  if (keyword === "tags" || keyword === "dependencies") return [value].flat(Infinity);
  return value;
}

const isMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const named = (value) => (typeof value === "string" ? { name: value } : value);

function pick(keyword, value) {
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, each]) => LOSSY[keyword].includes(key) && each !== undefined && each !== null,
  );
  return Object.fromEntries(kept);
}

const withTextVariables = (service) =>
  isMapping(service) && isMapping(service.variables)
    ? { ...service, variables: textVariables(service.variables) }
    : service;

function textVariables(variables) {
  if (!isMapping(variables)) return variables;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, variableText(value)]));
}

/** The preview writes `expand: false` as `$$`, which means the same; ours keeps the mapping. */
function variableText(value) {
  if (value === null || value === undefined) return "";
  if (!isMapping(value)) return String(value);
  const text = String(value.value ?? "");
  return value.expand === false ? text.replaceAll("$", "$$$$") : text;
}

/** https://docs.gitlab.com/ci/yaml/#needs: artifacts are fetched unless it says otherwise. */
function normaliseNeed(need) {
  const full = typeof need === "string" ? { job: need } : need;
  if (!isMapping(full)) return full;
  const { optional, ...rest } = pick("needs", { artifacts: true, ...full });
  // `needs:pipeline` and mirrors have no job; the preview puts the whole item there.
  if (isMapping(rest.job)) delete rest.job;
  return optional === true ? { ...rest, optional } : rest;
}

/** https://docs.gitlab.com/ci/yaml/#cache: defaults of policy and when; a cache without paths does nothing. */
function normaliseCache(value) {
  const items = [value].flat().filter((each) => !isMapping(each) || Array.isArray(each.paths));
  return items.length === 0
    ? undefined
    : items.map((each) =>
        isMapping(each) ? pick("cache", { policy: "pull-push", when: "on_success", ...each }) : each,
      );
}

/** https://docs.gitlab.com/ci/yaml/#triggerinclude: a text is one local file. */
function normaliseTrigger(value) {
  if (typeof value === "string") return { project: value };
  if (!isMapping(value) || value.include === undefined) return value;
  return {
    ...value,
    include: [value.include].flat().map((each) => (typeof each === "string" ? { local: each } : each)),
  };
}

/** https://docs.gitlab.com/ci/yaml/#parallelmatrix: a variable has one value or a list of them. */
function normaliseParallel(value) {
  if (!isMapping(value) || !Array.isArray(value.matrix)) return value;
  const asLists = (item) =>
    Object.fromEntries(Object.entries(item).map(([name, values]) => [name, [values].flat().map(String)]));
  return { ...value, matrix: value.matrix.map((item) => (isMapping(item) ? asLists(item) : item)) };
}
