// `npm run new-rule -- daemon/dind-without-tls job`: writes the rule's file and its page of cases, and the registry.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RULE_GROUPS } from "../core/rules/groups";
import { writeOutputs } from "./generate";
import { exportNameOf, registryOutputs, RULES_FOLDER } from "./registry";

const SUBJECTS = ["job", "pipeline", "ci-file", "dockerfile", "runner-config", "register-line"];

function main(words: readonly string[]): void {
  const complaint = create(words);
  if (complaint === undefined) return;
  console.error(complaint);
  console.error("Usage: npm run new-rule -- <folder>/<rule-id> [subject]");
  process.exitCode = 2;
}

/** What is wrong with the words; undefined when the files were written. */
function create([path = "", inspects = "job"]: readonly string[]): string | undefined {
  const [group = "", id = ""] = path.split("/");
  if (!RULE_GROUPS.has(group)) return `The folder must be one of: ${[...RULE_GROUPS.keys()].join(", ")}`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))
    return "The rule's id must be kebab-case, of two words at least: daemon/dind-without-tls";
  if (!SUBJECTS.includes(inspects)) return `What it inspects must be one of: ${SUBJECTS.join(", ")}`;
  const root = process.cwd();
  const files = [
    { path: `${RULES_FOLDER}/${group}/${id}.ts`, text: ruleSource(id, inspects) },
    { path: `test/rules/${id}.md`, text: casesSource(id) },
  ];
  const taken = files.filter((file) => existsSync(join(root, file.path)));
  if (taken.length > 0) return `There already: ${taken.map((file) => file.path).join(", ")}`;
  writeOutputs(root, files);
  writeOutputs(root, registryOutputs(root));
  for (const file of files) console.log(`written: ${file.path}`);
  console.log("Fill in the rule and its cases, then run: npm run generate && npm test");
  return undefined;
}

const ruleSource = (
  id: string,
  inspects: string,
): string => `// What is wrong, in a sentence or two, and where the fact comes from.
import { defineRule } from "../rule";

export const ${exportNameOf(id)} = defineRule({
  id: "${id}",
  title: "",
  severity: "warning",
  since: "0.1.0",
  inspects: "${inspects}",

  docs: {
    what: "",
    why: "",
    example: {
      bad: \`
\`,
      good: \`
\`,
    },
    references: [],
  },

  check: () => [],
});
`;

const casesSource = (id: string): string => `# ${id}

## reports …

\`\`\`yaml .gitlab-ci.yml
build:
  script: docker build .
          ^^^^^^^^^^^^^^ ${id}: part of the message
\`\`\`

## says nothing when …

\`\`\`yaml .gitlab-ci.yml
build:
  script: docker build .
\`\`\`
`;

main(process.argv.slice(2));
