// Which files the extension cares about. The server decides what each of them is; these globs only decide what it
// gets to see while it is being edited.

const DOCKERFILES = "**/{Dockerfile,Dockerfile.*,*.Dockerfile,*.dockerfile,Containerfile}";

/** Files that are ours by name alone. */
export const OWN_FILES: readonly string[] = [
  "**/{.gitlab-ci.yml,.gitlab-ci.yaml,*.gitlab-ci.yml,*.gitlab-ci.yaml}",
  "**/.gitlab/**/*.{yml,yaml}",
  "**/.gitlab-ci-docker.yml",
  DOCKERFILES,
];

/**
 * All files whose text the server wants while they are open. For most of them only their use or their content tells
 * what they are: any YAML file can be the target of `include:local`, any TOML
 * file the runner's configuration, any shell script a job's script.
 */
export const ALL_FILES: readonly string[] = [
  "**/*.{yml,yaml}",
  DOCKERFILES,
  "**/{.dockerignore,*.dockerignore}",
  "**/*.toml",
  "**/docker-bake*.{hcl,json}",
  "**/*.{sh,bash}",
  // Lines that register a runner.
  "**/{README*,*gitlab*,*runner*,*register*,*provision*,*setup*,*install*,*bootstrap*}.md",
];

/**
 * Globs as a document selector. By pattern and not by language, because language ids differ from one editor set-up to
 * the next (`yaml`, `gitlab-ci`, `docker-compose`, `plaintext` for TOML). Untitled documents are those that were opened
 * under a path that isn't on disk yet.
 */
export const selectorOf = (globs: readonly string[]): { scheme: string; pattern: string }[] =>
  ["file", "untitled"].flatMap((scheme) => globs.map((pattern) => ({ scheme, pattern })));

/** New documents without a path. The server takes YAML for a pipeline only where it has a job with a script. */
export const UNTITLED: readonly { readonly scheme: string; readonly language: string }[] = [
  { scheme: "untitled", language: "yaml" },
  { scheme: "untitled", language: "dockerfile" },
];
