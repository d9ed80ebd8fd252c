// Which files are ours, by name and where the name does not say it by content.
import {
  CONFIGURATION_FILE,
  isComponentFile,
  mayBeHelmValues,
  mayRegister,
  type FileKind,
  type FilePath,
} from "../core/index";

/**
 * What a file is. `text` decides where the name alone does not: TOML with `[[runners]]`, a script without extension.
 * `other` for everything that the name and the text say nothing about.
 */
export function kindOf(path: FilePath, text: string): FileKind {
  const named = kindByName(path);
  if (named !== undefined) return named;
  if (isTomlName(path)) return hasRunners(text) ? "runner-config" : "other";
  if (isValuesName(path) && mayBeHelmValues(text)) return "runner-config";
  if (/\.ya?ml$/.test(path)) return "gitlab-ci";
  return SHELL_LINE.test(text) ? "shell" : "other";
}

const SHELL_LINE = /^#![^\n]*\b(?:ba|da|k|z)?sh\b/;
const RUNNERS_HEADER = /^[ \t]*\[\[[ \t]*runners[ \t]*\]\]/m;

/** `[[runners]]`: https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section */
export const hasRunners = (text: string): boolean => RUNNERS_HEADER.test(text);

/** What the name says; undefined where it says nothing. */
export function kindByName(path: FilePath): FileKind | undefined {
  if (path === CONFIGURATION_FILE) return "configuration";
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === ".dockerignore" || name.endsWith(".dockerignore")) return "dockerignore";
  if (isDockerfileName(name)) return "dockerfile";
  if (isPipelineName(name) || isPipelinePlace(path)) return "gitlab-ci";
  if (name.endsWith(".md")) return "markdown";
  return /\.(?:ba|da|k)?sh$/.test(name) ? "shell" : undefined;
}

/** `config.toml`, also as an example or a template: `config.toml.example`, `config.toml.j2`. */
const isTomlName = (path: FilePath): boolean => /\.toml(?:\.\w+)?$/.test(path);

/** Values of a Helm chart: `values.yaml`, `runner-values.prod.yml`. */
const isValuesName = (path: FilePath): boolean => /(?:^|\/)[^/]*values[^/]*\.ya?ml$/i.test(path);

/** Scripts and texts that may show how a runner is registered. Others are not opened to look for it. */
const isRegisteringName = (path: FilePath): boolean =>
  /(?:runner|register|gitlab|provision|setup|install|bootstrap)[^/]*(?:\/[^/]*)*\.(?:sh|bash|md)$|(?:^|\/)README\.md$/i.test(
    path,
  ) && !/(?:^|\/)(?:node_modules|vendor)\//.test(path);

const isDockerfileName = (name: string): boolean =>
  (/^(?:Dockerfile|Containerfile)(?:\.[^/]+)?$/.test(name) && !isMadeFromDockerfile(name)) ||
  /\.[Dd]ockerfile$/.test(name);

/** Templates that something makes a Dockerfile of, what editors and tools leave beside one, and texts about one. */
const isMadeFromDockerfile = (name: string): boolean =>
  /\.(?:j2|jinja2?|tmpl|tpl|template|erb|mustache|in|orig|rej|bak|sw[op]|md)$|~$/.test(name);

/** `.gitlab-ci.yml`, `x.gitlab-ci.yml`, `gitlab-ci.yml`. */
const isPipelineName = (name: string): boolean => /(?:^|\.)gitlab-ci\.ya?ml$/.test(name);

/** `.gitlab/**`, and the templates of a component project. */
const isPipelinePlace = (path: FilePath): boolean =>
  /^\.gitlab\/.+\.ya?ml$/.test(path) || isComponentFile(path);

/** Names that end in `.toml` and are never a runner's. */
const OTHER_TOML: ReadonlySet<string> = new Set([
  "Cargo.toml",
  "pyproject.toml",
  "rustfmt.toml",
  "Gopkg.toml",
  "netlify.toml",
]);

/** Whether a file is read from the start, and not only when another one asks for it. `other`: its text will tell. */
export function isCandidate(path: FilePath): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (path === CONFIGURATION_FILE || isDockerfileName(name)) return !name.endsWith(".dockerignore");
  if (isTomlName(name)) return !OTHER_TOML.has(name);
  return isPipelineName(name) || isComponentFile(path) || isValuesName(path) || isRegisteringName(path);
}

/**
 * Whether a candidate is what its name suggests. A component's template has a `spec:` header (a Helm chart's template
 * of the same name has none): https://docs.gitlab.com/ci/components/#write-a-component
 */
export function isMeant(path: FilePath, text: string): boolean {
  if (isTomlName(path)) return hasRunners(text);
  if (/\.(?:ba|da|k|z)?sh$|\.md$/.test(path)) return mayRegister(text);
  if (isValuesName(path) && !isComponentFile(path)) return mayBeHelmValues(text);
  if (!isComponentFile(path) || isPipelineName(path.slice(path.lastIndexOf("/") + 1))) return true;
  return /^spec:/m.test(text);
}
