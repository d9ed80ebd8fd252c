// Hover on a rule's id, in suppression comments and in the project's configuration: what the rule says and why.
import { rules } from "../../rules/index";
import { code, link, listed, paragraphs } from "./markdown";

/** The rule in short; undefined where there is none of that id. */
export function ruleText(id: string): string | undefined {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) return undefined;
  const { what, why, fix, references } = rule.docs;
  return paragraphs(
    `**${code(id)}** — ${rule.title} (${rule.severity})`,
    what,
    why,
    fix,
    references.length === 0
      ? undefined
      : `See ${listed(references.map((url, index) => link(String(index + 1), url)))}`,
  );
}
