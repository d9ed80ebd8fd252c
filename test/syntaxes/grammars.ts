// The YAML grammars that our injections are tried on, and where they are on disk.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { GrammarFiles } from "./scopes";

const require = createRequire(__filename);

/** VS Code's YAML grammar until 1.91, as it is published on npm. */
export const TEXTMATE: GrammarFiles = new Map([
  ["source.yaml", require.resolve("tm-grammars/grammars/yaml.json")],
]);

/** Extensions of the VS Code in which the end-to-end tests run; `npm run host:install` brings it. */
const EXTENSIONS = join(__dirname, "../e2e/vscode-host/node_modules/code-server/lib/vscode/extensions");

const YAML = join(EXTENSIONS, "yaml/syntaxes");

/** VS Code's YAML grammar today. */
export const VSCODE: GrammarFiles = new Map([
  ["source.yaml", join(YAML, "yaml.tmLanguage.json")],
  ["source.yaml.embedded", join(YAML, "yaml-embedded.tmLanguage.json")],
  ...["1.0", "1.1", "1.2", "1.3"].map(
    (version) => [`source.yaml.${version}`, join(YAML, `yaml-${version}.tmLanguage.json`)] as const,
  ),
]);

/** VS Code's own colour themes. */
export const THEMES = join(EXTENSIONS, "theme-defaults/themes");

export const hasVscode = existsSync(YAML);
