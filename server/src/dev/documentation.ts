// What is written about the rules outside of their files: pages, index, README table, settings, schema.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { helpText } from "../cli/args";
import { createAnalysis } from "../core/create-analysis";
import { groupOf, rules } from "../core/rules";
import { RULE_GROUPS } from "../core/rules/groups";
import { exampleFiles, rulePage } from "../core/rules/page";
import type { AnyRule, FixSafety } from "../core/rules/rule";
import { DEFAULT_SETTINGS } from "../core/settings/settings";
import { settingsSchema } from "../core/settings/schema";
import { createSourceFile } from "../core/text/source-file";
import { kindOf } from "../host/file-kind";
import type { Output } from "./output";
import { RULES_FOLDER } from "./registry";

const PAGES = "docs/rules";
const MANIFEST = "package.json";
const SCHEMA = "schemas/gitlab-ci-docker.schema.json";
const RULES_SETTING = "gitlabCiDocker.rules";
const SEVERITIES = ["off", "hint", "info", "warning", "error"];

/** Pages, index, schema, README table and manifest; files that are not there yet and are not ours to make are left out. */
export function documentationOutputs(root: string): readonly Output[] {
  const pages = rules.map((rule) => ({ path: `${PAGES}/${rule.id}.md`, text: pageOf(rule) }));
  const index = { path: `${PAGES}/index.md`, text: `# Rules\n\n${tables((id) => `${id}.md`)}` };
  const schema = {
    path: SCHEMA,
    text: `${JSON.stringify(settingsSchema(rules.map((rule) => rule.id).sort()), null, 2)}\n`,
  };
  const wanted = new Set([...pages, index].map(({ path }) => path));
  return [...pages, index, schema, ...leftovers(root, wanted), ...readme(root), ...manifest(root)];
}

function pageOf(rule: AnyRule): string {
  const group = groupOf(rule.id) ?? "";
  const links = new Map([
    ["Source", `../../${RULES_FOLDER}/${group}/${rule.id}.ts`],
    ["Cases", `../../test/rules/${rule.id}.md`],
    ["All rules", "index.md"],
  ]);
  return rulePage(rule, { group: RULE_GROUPS.get(group) ?? group, fix: fixOf(rule), links });
}

/** The safest kind of fix that the example's findings carry: observed, so that nobody has to declare it. */
function fixOf(rule: AnyRule): FixSafety | "none" {
  const files = Object.entries(exampleFiles(rule, "bad")).map(([path, text]) =>
    createSourceFile(path, kindOf(path, text), text),
  );
  const analysis = createAnalysis({
    files: new Map(files.map((file) => [file.path, file])),
    paths: new Set(files.map((file) => file.path)),
    settings: DEFAULT_SETTINGS,
  });
  const fixes = analysis
    .report()
    .findings.filter((finding) => finding.rule === rule.id)
    .flatMap((finding) => finding.fixes);
  if (fixes.some((fix) => fix.safety === "safe")) return "safe";
  if (fixes.some((fix) => fix.safety === "suggested")) return "suggested";
  return fixes.length > 0 ? "manual" : "none";
}

/** Pages of rules that are no more. */
function leftovers(root: string, wanted: ReadonlySet<string>): readonly Output[] {
  const folder = join(root, PAGES);
  if (!existsSync(folder)) return [];
  const stale = readdirSync(folder)
    .map((name) => `${PAGES}/${name}`)
    .filter((path) => path.endsWith(".md") && !wanted.has(path));
  return stale.map((path) => ({ path, text: undefined }));
}

const FIX_SIGNS: Readonly<Record<FixSafety | "none", string>> = {
  safe: "safe",
  suggested: "suggested",
  manual: "in the editor",
  none: "",
};

function tables(linkTo: (id: string) => string, heading = "##"): string {
  const parts = [...RULE_GROUPS].flatMap(([folder, title]) => {
    const members = rules.filter((rule) => groupOf(rule.id) === folder);
    if (members.length === 0) return [];
    const rows = members.map(
      (rule) =>
        `| [${rule.id}](${linkTo(rule.id)}) | ${rule.title} | ${rule.severity} | ${FIX_SIGNS[fixOf(rule)]} |`,
    );
    return [
      `${heading} ${title}\n\n| Rule | Reports | Severity | Fix |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`,
    ];
  });
  return parts.join("\n");
}

function readme(root: string): readonly Output[] {
  const path = "README.md";
  if (!existsSync(join(root, path))) return [];
  const text = readFileSync(join(root, path), "utf8");
  const table = tables((id) => `${PAGES}/${id}.md`, "###");
  const help = `\`\`\`text\n$ gitlab-ci-docker --help\n${helpText()}\`\`\`\n`;
  return [{ path, text: withBlock(withBlock(text, "help", help), "rules", table) }];
}

/** A text with another block between its marks `<!-- name:begin -->` and `<!-- name:end -->`. Throws where it has none. */
export function withBlock(text: string, name: string, block: string): string {
  const [beginMark, endMark] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const begin = text.indexOf(beginMark);
  const end = text.indexOf(endMark);
  if (begin === -1 || end < begin) throw new Error(`there is no ${beginMark} … ${endMark}`);
  return `${text.slice(0, begin + beginMark.length)}\n\n${block}\n${text.slice(end)}`;
}

interface Manifest {
  readonly contributes?: {
    readonly configuration?: { readonly properties?: Record<string, Record<string, unknown>> };
  };
}

/** The editor's `gitlabCiDocker.rules` setting gets one property per rule; the setting itself is written by hand. */
function manifest(root: string): readonly Output[] {
  const value = JSON.parse(readFileSync(join(root, MANIFEST), "utf8")) as Manifest; // its own schema is checked by the editor
  const setting = value.contributes?.configuration?.properties?.[RULES_SETTING];
  if (setting === undefined) return [];
  setting["properties"] = Object.fromEntries(
    rules.map((rule) => [
      rule.id,
      { anyOf: ruleSchemas(), markdownDescription: `${rule.title}. Default: \`${rule.severity}\`.` },
    ]),
  );
  return [{ path: MANIFEST, text: `${JSON.stringify(value, null, 2)}\n` }];
}

const ruleSchemas = (): readonly unknown[] => [
  { type: "string", enum: SEVERITIES },
  { type: "object", properties: { severity: { type: "string", enum: SEVERITIES } } },
];
