// `npm run new-rule -- daemon/dind-without-tls job`: writes the rule's file and its page of cases, and the registry.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RULE_GROUPS } from "../core/rules/groups";
import { writeOutputs } from "./generate";
import { exportNameOf, registryOutputs, RULES_FOLDER } from "./registry";

const SUBJECTS = ["job", "pipeline", "ci-file", "dockerfile", "runner-config"];

function main([path = "", inspects = "job"]: readonly string[]): void {
  const [group = "", id = ""] = path.split("/");
  if (!RULE_GROUPS.has(group)) return fail(`The folder must be one of: ${[...RULE_GROUPS.keys()].join(", ")}`);
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(id)) return fail("The rule's id must be kebab-case, of two words at least: daemon/dind-without-tls");
  if (!SUBJECTS.includes(inspects)) return fail(`What it inspects must be one of: ${SUBJECTS.join(", ")}`);
  const root = process.cwd();
  const files = [
    { path: `${RULES_FOLDER}/${group}/${id}.ts`, text: ruleSource(id, inspects) },
    { path: `test/rules/${id}.md`, text: casesSource(id) },
  ];
  const taken = files.filter((file) => existsSync(join(root, file.path)));
  if (taken.length > 0) return fail(`There already: ${taken.map((file) => file.path).join(", ")}`);
  for (const file of files) {
    mkdirSync(dirname(join(root, file.path)), { recursive: true });
    writeFileSync(join(root, file.path), file.text);
    console.log(`written: ${file.path}`);
  }
  writeOutputs(root, registryOutputs(root));
  console.log("Fill in the rule and its cases, then run: npm run generate && npm test");
}

function fail(message: string): void {
  console.error(message);
  console.error("Usage: npm run new-rule -- <folder>/<rule-id> [subject]");
  process.exitCode = 2;
}

const ruleSource = (id: string, inspects: string): string => `// What is wrong, in a sentence or two, and where the fact comes from.
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

  *check(subject, ctx) {},
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
