// Dockerfiles that a program fills in first (Jinja, Go templates, ERB): what is written is not what Docker reads.
import type { DockerfileTree } from "../syntax/dockerfile-nodes";
import type { FilePath } from "../text/source-file";

const TEMPLATE_NAME = /\.(?:j2|jinja2?|tmpl|tpl|gotmpl|erb|ejs|mustache|hbs|in|template)$/i;

/** Whether the path is that of a template by its ending: `Dockerfile.j2`. */
export const isTemplatePath = (path: FilePath): boolean => TEMPLATE_NAME.test(path);

/** Whether text holds something that is filled in: `{{ name }}`, `{% if x %}`, `<%= x %>`. */
export const hasPlaceholder = (text: string): boolean => /\{\{|\{%|<%/.test(text);

/**
 * Whether nothing may be claimed of a Dockerfile's instructions. A single `{{` decides nothing, since
 * `docker inspect -f '{{.Id}}'` is right; a line that begins with a placeholder, and `{% … %}`, do.
 */
export const isTemplate = ({ path, chunk }: DockerfileTree): boolean =>
  isTemplatePath(path) || /\{%.*%\}|<%.*%>|^[ \t]*\{\{/m.test(chunk.text);
