// The two servers that are compared: ours as built, and npm's `yaml-language-server` as the YAML extension for VS Code runs it
// for a pipeline, with GitLab's schema from a file (the extension downloads it).
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerCommand } from "./server-process";

const PEER = "node_modules/yaml-language-server/bin/yaml-language-server";
/** A copy of GitLab's own; see the notice beside it. */
const SCHEMA = "test/lsp/neighbour/gitlab-ci.schema.json";

/** `dist`: the folder of the built files. */
export const ourServer = (dist: string, gitlabCiDocker: unknown = null): ServerCommand => ({
  command: [path.join(dist, "server.js"), "--stdio"],
  settings: { gitlabCiDocker },
});

/** `project`: the folder of this project. `files`: which files are pipelines. */
export const yamlServer = (
  project: string,
  files: readonly string[],
  yaml: Readonly<Record<string, unknown>> = {},
): ServerCommand => ({
  command: [path.join(project, PEER), "--stdio"],
  settings: {
    yaml: {
      validate: true,
      hover: true,
      completion: true,
      // No network: the catalogue of schemas would be fetched, and the time for that would count.
      schemaStore: { enable: false },
      schemas: { [pathToFileURL(path.join(project, SCHEMA)).href]: files },
      ...yaml,
    },
  },
});
