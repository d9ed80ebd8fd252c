// The page of a rule as Markdown, and the files that its example consists of. The same words serve the documentation,
// `explain`, SARIF and hovers.
import type { FilePath } from "../text/source-file";
import type { FixSafety, RuleMeta } from "./rule";

/** The file that an example is, unless its rule says otherwise. */
const EXAMPLE_FILE = ".gitlab-ci.yml";

/** What a page says that the rule itself does not know. */
export interface PageContext {
  /** Heading of the rule's group; undefined leaves it out. */
  readonly group?: string;
  /** Whether the example's finding carries a fix, and of which kind; undefined leaves the line out. */
  readonly fix?: FixSafety | "none";
  /** Links at the end of the page: text -> target. */
  readonly links?: ReadonlyMap<string, string>;
}

/** The files of a rule's example: path -> text. */
export function exampleFiles(rule: RuleMeta, which: "bad" | "good"): Readonly<Record<FilePath, string>> {
  const { example } = rule.docs;
  return { ...example.with, [example.file ?? EXAMPLE_FILE]: example[which].replace(/^\n/, "") };
}

/** The page of a rule. */
export function rulePage(rule: RuleMeta, context: PageContext = {}): string {
  const { docs } = rule;
  const facts = [
    `Severity: **${rule.severity}**`,
    ...(context.fix === undefined ? [] : [`Fix: ${FIX_WORDS[context.fix]}`]),
    `Since: ${rule.since}`,
    ...(context.group === undefined ? [] : [`Group: ${context.group}`]),
  ];
  const sections = [
    `# ${rule.id}`,
    `${rule.title}.`,
    facts.join(" · "),
    docs.what,
    `## Why it is wrong\n\n${docs.why}`,
    ...(docs.fix === undefined ? [] : [`## What to do\n\n${docs.fix}`]),
    `## Example\n\n${exampleBlocks(rule)}`,
    `## References\n\n${docs.references.map((url) => `- <${url}>`).join("\n")}`,
    `## Silence\n\n${silenceWords(rule)}`,
    ...(context.links === undefined
      ? []
      : [[...context.links].map(([text, target]) => `[${text}](${target})`).join(" · ")]),
  ];
  return `${sections.join("\n\n")}\n`;
}

const FIX_WORDS: Readonly<Record<FixSafety | "none", string>> = {
  safe: "yes, also by fix-all and `--fix`",
  manual: "in the editor",
  suggested: "yes, on request",
  none: "no",
};

function exampleBlocks(rule: RuleMeta): string {
  const { example } = rule.docs;
  const file = example.file ?? EXAMPLE_FILE;
  const others = Object.entries(example.with ?? {}).map(
    ([path, text]) => `With this \`${path}\`:\n\n${block(path, text)}`,
  );
  const bad = `Reported, in \`${file}\`:\n\n${block(file, example.bad)}`;
  const good = `Right:\n\n${block(file, example.good)}`;
  return [bad, good, ...others].join("\n\n");
}

const block = (path: FilePath, text: string): string => `\`\`\`${languageOf(path)}\n${text.trim()}\n\`\`\``;

function languageOf(path: FilePath): string {
  if (/\.ya?ml$/.test(path)) return "yaml";
  if (path.endsWith(".toml")) return "toml";
  return /ockerfile$/.test(path) ? "dockerfile" : "text";
}

const silenceWords = (rule: RuleMeta): string =>
  `For one line: \`# gitlab-ci-docker-disable-next-line ${rule.id} -- reason\`. For the project, in \`.gitlab-ci-docker.yml\`:\n\n\`\`\`yaml\nrules:\n  ${rule.id}: off\n\`\`\``;
