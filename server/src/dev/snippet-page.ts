// The page of the snippets: each one's prefix, what it is for, when to choose it, and what it inserts.
import { SNIPPET_GROUPS, type Snippet, type SnippetGroup } from "../core/features/snippets";
import type { FileKind } from "../core/text/source-file";
import type { Output } from "./output";

const PAGE = "docs/snippets.md";

const LANGUAGES: Partial<Record<FileKind, string>> = {
  "gitlab-ci": "yaml",
  dockerfile: "dockerfile",
  "runner-config": "toml",
  configuration: "yaml",
};

const OPENING = `# Snippets

Ready-made configurations, offered as you type: in pipeline files, Dockerfiles, a runner's \`config.toml\` and
\`.gitlab-ci-docker.yml\`, and in no other file. Type the prefix at the beginning of a line and press Tab from place to
place; what stands there is valid as it is. A snippet of a Dockerfile is offered while the file is empty.

Inserted as they are they give no finding of level information or above; a test checks each. Three exceptions are meant: runners
that give their jobs the host's socket, or privileged pods, are reported as information, and the login with a deploy token
carries a comment that suppresses what the rules rightly say of it.
`;

/** The page, and nothing else. */
export function snippetOutputs(): readonly Output[] {
  const sections = SNIPPET_GROUPS.map(
    (group) => `${tableOf(group)}\n${group.snippets.map(entryOf(group)).join("\n")}`,
  );
  return [{ path: PAGE, text: `${OPENING}\n${sections.join("\n")}` }];
}

function tableOf({ title, snippets }: SnippetGroup): string {
  const rows = snippets.map(({ prefix, name }) => `| [\`${prefix}\`](#${prefix}) | ${name} |`);
  return `## ${title}\n\n| Prefix | Inserts |\n| --- | --- |\n${rows.join("\n")}\n`;
}

const entryOf =
  ({ kind }: SnippetGroup) =>
  ({ prefix, name, description, when, body }: Snippet): string =>
    `### ${prefix}

**${name}.** ${linked(description)}

_When:_ ${linked(when)}

\`\`\`${LANGUAGES[kind] ?? "text"}
${insertedText(body)}
\`\`\`
`;

/** Prefixes of other snippets lead to them. */
const linked = (text: string): string =>
  text.replace(/\b(?:glci|dockerfile)-[a-z-]*[a-z]\b/g, (prefix) => `[${prefix}](#${prefix})`);

/**
 * What is inserted if nobody changes anything: of each tab stop its text or its first choice. Grammar: the "Snippet Syntax"
 * of the language server protocol, without variables and transforms, which our snippets do not use.
 */
export function insertedText(body: string): string {
  const defaults = new Map(
    [...body.matchAll(/(?<!\\)\$\{(\d+)(?::([^${}]*)|\|([^|,]*)[^|]*\|)\}/g)].map(
      ([, stop = "", text, choice]) => [stop, text ?? choice ?? ""] as const,
    ),
  );
  return body.replace(
    /\\([$}\\])|\$(?:\{(\d+)[^}]*\}|(\d+))/g,
    (_, escaped?: string, braced?: string, bare?: string) =>
      escaped ?? defaults.get(braced ?? bare ?? "") ?? "",
  );
}
