// Keywords of `.gitlab-ci.yml` that matter to image builds, in a sentence or two of our own, with the page that explains each.
//
// Read in November 2026: https://docs.gitlab.com/ci/yaml/

const PAGE = "https://docs.gitlab.com/ci/yaml/";

export interface KeywordText {
  readonly text: string;
  readonly url: string;
}

/** By path: "cache:key" is `key` below `cache`. What stands at the root is written the same way. */
const TEXTS: Readonly<Record<string, readonly [text: string, anchor: string]>> = {
  after_script: [
    "Commands that run when the script is over, also after it failed. They get a shell of their own: variables and `cd` of the script are gone, files are not.",
    "after_script",
  ],
  allow_failure: [
    "A job that fails does not fail its pipeline, which goes on with a warning.",
    "allow_failure",
  ],
  artifacts: [
    "Files that the job hands to later jobs and to people, by way of GitLab. An image can travel this way as `docker save` writes it, but a registry is faster.",
    "artifacts",
  ],
  "artifacts:expire_in": [
    "How long the files are kept; 30 days unless the instance says otherwise.",
    "artifactsexpire_in",
  ],
  "artifacts:paths": [
    "Files and folders to keep, below the project directory alone; globs are allowed.",
    "artifactspaths",
  ],
  "artifacts:reports": [
    "Files that GitLab reads itself: test results, or variables for later jobs (`dotenv`).",
    "artifactsreports",
  ],
  "artifacts:when": ["Whether the files are kept `on_success`, `on_failure` or `always`.", "artifactswhen"],
  before_script: [
    "Commands that run in front of the script, in the same shell: the place for `docker login`. A job's own list takes the place of the one in `default`.",
    "before_script",
  ],
  cache: [
    "Files that runners keep between pipelines, as far as they can: a job must do without them. Layers of an image are kept with `--cache-to` and `--cache-from`, which need no files.",
    "cache",
  ],
  "cache:key": ["Jobs with the same key share a cache.", "cachekey"],
  "cache:paths": ["Files and folders to keep, below the project directory alone.", "cachepaths"],
  "cache:policy": [
    "`pull` only reads the cache, `push` only writes it, `pull-push` does both.",
    "cachepolicy",
  ],
  "cache:fallback_keys": ["Keys to try where there is no cache under `key`.", "cachefallback_keys"],
  default: [
    "Values for every job that has none of its own. A job's value takes the place of the default as a whole: lists are not joined.",
    "default",
  ],
  dependencies: ["The jobs whose artifacts are fetched; an empty list fetches none.", "dependencies"],
  environment: [
    "The place that the job deploys to; it sets the variables `CI_ENVIRONMENT_*`.",
    "environment",
  ],
  except: ["An older way to keep a job out of pipelines; `rules` took its place.", "only--except"],
  extends: [
    "Takes over the keywords of other jobs or templates. Mappings are merged, lists and texts are replaced, and later parents win.",
    "extends",
  ],
  hooks: ["Commands that run in front of the checkout.", "hooks"],
  id_tokens: [
    "Signed tokens by which the job proves to other systems who it is: a login without a stored password.",
    "id_tokens",
  ],
  image: [
    "The image whose container runs the job's scripts. It must hold the commands that they call: for builds a `docker` client. Runners that use no containers (shell) ignore it.",
    "image",
  ],
  "image:entrypoint": [
    "Takes the place of the image's entrypoint. Images such as kaniko's need `[\"\"]`, so that the runner can start a shell.",
    "imageentrypoint",
  ],
  "image:name": ["The image, with its registry and tag.", "imagename"],
  "image:pull_policy": [
    "Whether the runner fetches the image: `always`, `if-not-present` or `never`. The runner must allow it.",
    "imagepull_policy",
  ],
  "image:docker": ["Options of Docker for the job's container: `platform` and `user`.", "imagedocker"],
  include: [
    "Other files that become part of this pipeline. What this file writes wins over them.",
    "include",
  ],
  "include:component": ["A component of the CI/CD catalog, with its version.", "includecomponent"],
  "include:inputs": ["Values for the inputs that the included file declares in its `spec`.", "includeinputs"],
  "include:local": ["A file of this repository, from its root.", "includelocal"],
  "include:project": [
    "A file of another project on the same instance; `ref` and `file` stand beside it.",
    "includeproject",
  ],
  "include:remote": ["A file by its address, which must be public.", "includeremote"],
  "include:template": ["A template that GitLab brings along.", "includetemplate"],
  inherit: ["Which of the defaults and of the pipeline's variables the job takes.", "inherit"],
  interruptible: [
    "Whether GitLab may cancel the job when a newer commit makes its pipeline superfluous.",
    "interruptible",
  ],
  needs: [
    "The jobs that must be done before this one starts, whatever their stages; their artifacts are fetched. An empty list starts the job at once.",
    "needs",
  ],
  "needs:artifacts": ["`false`: wait for the job, and leave its artifacts.", "needsartifacts"],
  "needs:job": ["Name of the job to wait for.", "needs"],
  "needs:optional": ["`true`: the job may be missing in the pipeline.", "needsoptional"],
  only: ["An older way to choose pipelines; `rules` took its place.", "only--except"],
  parallel: [
    "Makes several jobs out of one: a number of equal ones, or one for each row of a `matrix`.",
    "parallel",
  ],
  "parallel:matrix": [
    "Rows of variables: each combination becomes a job of its own. They win over the job's `variables`.",
    "parallelmatrix",
  ],
  pages: ["The job publishes GitLab Pages.", "pages"],
  release: ["Makes a release of a Git tag.", "release"],
  resource_group: [
    "Jobs of the same group run one after the other, across pipelines: good for deployments and for pushes to one tag.",
    "resource_group",
  ],
  retry: ["How often a job that failed is started again; `when` limits it to kinds of failures.", "retry"],
  rules: [
    "Decides whether the job comes into a pipeline: the first rule that matches counts, and without a match the job stays out. A rule can set variables.",
    "rules",
  ],
  "rules:changes": ["Matches where one of the files changed.", "ruleschanges"],
  "rules:exists": ["Matches where the repository has one of the files.", "rulesexists"],
  "rules:if": [
    "Matches where the expression holds. It sees variables of GitLab and of the pipeline, not those that scripts set.",
    "rulesif",
  ],
  "rules:variables": [
    "Variables that hold where the rule matches; they win over the job's own.",
    "rulesvariables",
  ],
  script: [
    "The commands of the job, one shell for all of them: a command that fails ends the job, and the next one starts where the last left off.",
    "script",
  ],
  secrets: ["Values from a vault, as files or variables.", "secrets"],
  services: [
    "Containers that run beside the job: databases, or the daemon of Docker-in-Docker. The job reaches each under names made of its image, and under its aliases.",
    "services",
  ],
  "services:alias": ["Further host names of the service, with blanks or commas between them.", "services"],
  "services:command": [
    "Takes the place of the image's command. For `docker:dind` it is what is handed to `dockerd`.",
    "services",
  ],
  "services:entrypoint": ["Takes the place of the image's entrypoint.", "services"],
  "services:name": ["The service's image.", "services"],
  "services:pull_policy": [
    "Whether the runner fetches the image. The runner must allow it.",
    "servicespull_policy",
  ],
  "services:variables": ["Variables for this service alone; the job does not see them.", "services"],
  spec: ["Header of a file that others include: what it takes as `inputs`.", "spec"],
  "spec:inputs": ["The inputs of the file, each with a default, a type, options or a pattern.", "specinputs"],
  stage: [
    "The stage that the job belongs to; `test` where none is written. Jobs of one stage run at the same time.",
    "stage",
  ],
  stages: [
    "The stages in their order; each waits for the one in front of it. Without it: `build`, `test`, `deploy`.",
    "stages",
  ],
  start_in: ["How long a `delayed` job waits.", "when"],
  tags: [
    "Chooses runners: one takes the job only if it has all of these tags. Whether builds with Docker work depends on which runner that is.",
    "tags",
  ],
  timeout: ["Time limit of the job.", "timeout"],
  trigger: ["Starts another pipeline: of another project, or one described by files of this one.", "trigger"],
  "trigger:include": ["The file that describes the child pipeline.", "triggerinclude"],
  variables: [
    "Variables for scripts, services and most other values. A job's win over the pipeline's; those of a matrix, of rules and of the user interface win over both.",
    "variables",
  ],
  "variables:description": [
    "What the form for a pipeline by hand says of the variable.",
    "variablesdescription",
  ],
  "variables:expand": ["`false`: dollar signs in the value stay as they are.", "variablesexpand"],
  "variables:options": ["The values that the form for a pipeline by hand offers.", "variablesoptions"],
  "variables:value": ["The variable's value.", "variablesdescription"],
  when: ["When the job runs: `on_success`, `on_failure`, `always`, `manual`, `delayed` or `never`.", "when"],
  workflow: ["Decides whether there is a pipeline at all, and what it is called.", "workflow"],
  "workflow:auto_cancel": [
    "Which pipelines and jobs a newer commit cancels.",
    "workflowauto_cancelon_new_commit",
  ],
  "workflow:name": ["Name of the pipeline in lists.", "workflowname"],
  "workflow:rules": [
    "The first rule that matches decides; without a match there is no pipeline.",
    "workflowrules",
  ],
};

/** What a keyword means; undefined for those that have no part in builds. */
export function keywordText(path: string): KeywordText | undefined {
  const row = Object.hasOwn(TEXTS, path) ? TEXTS[path] : undefined;
  return row && { text: row[0], url: `${PAGE}#${row[1]}` };
}

/** Every keyword of the table below another, "" for the first level: `cache` has `key`, `paths`… */
export function keywordsBelow(path: string): readonly string[] {
  const prefix = path === "" ? "" : `${path}:`;
  return Object.keys(TEXTS)
    .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes(":"))
    .map((name) => name.slice(prefix.length));
}
