// `CI_BUILD_…`, the names that GitLab 9.0 replaced and 16.0 removed. https://docs.gitlab.com/update/deprecations/#ci_build_-predefined-variables
import { REMOVED_VARIABLES } from "../../data/predefined-variables";
import { jobScripts } from "../../model/docker/job-commands";
import { hopInto } from "../../model/docker/called-scripts";
import type { Job } from "../../model/pipeline/job";
import { pipelineOf } from "../../model/pipeline/resolve";
import { rootsOf } from "../../model/pipeline/roots";
import { settingsOf } from "../../model/settings-of";
import type { YamlFile, YamlNode } from "../../syntax/yaml-nodes";
import { textAt, type Hop, type Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import type { FilePath } from "../../text/source-file";
import { replaceText } from "../edits";
import { defineRule, type Report, type RuleContext } from "../rule";

export const ciBuildVariableRemoved = defineRule({
  id: "ci-build-variable-removed",
  title: "`CI_BUILD_…` variables were removed",
  severity: "error",
  since: "0.1.0",
  inspects: "ci-file",

  docs: {
    what: `Reports \`CI_BUILD_REF\`, \`CI_BUILD_TAG\`, \`CI_BUILD_TOKEN\` and their like in pipeline files and in the scripts of the repository that
jobs call: once for each variable and file.`,
    why: `GitLab renamed them in 9.0 and removed them in 16.0. They are empty since: tags end with a colon ("invalid reference format"),
passwords are missing ("unauthorized: HTTP Basic: Access denied"), keys of caches are all the same, and rules never hold.`,
    fix: "Use the variable that took its place.",
    example: {
      bad: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_BUILD_REF" .
`,
      good: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
`,
    },
    references: ["https://docs.gitlab.com/update/deprecations/#ci_build_-predefined-variables"],
  },

  *check(yaml, ctx) {
    const blocks = yaml.documents
      .flatMap((document) => document.blocks)
      .filter(({ chunk }) => mentions(chunk.text));
    if (blocks.length === 0) return;
    const nodes = blocks.flatMap(({ pairs, root }) => [
      ...pairs.flatMap(({ key, value }) => [key, value]),
      ...(root === undefined ? [] : [root]),
    ]);
    const uses = nodes.flatMap(textsIn).flatMap(usesIn);
    yield* reports(uses, (name) => isDefined(ctx, yaml, name), []);
  },

  alsoInspects: { job: calledScripts },
});

const PREFIX = "CI_BUILD_";
const mentions = (text: string): boolean => text.includes(PREFIX);

/** Every text below a node. */
function textsIn(node: YamlNode): readonly MappedText[] {
  switch (node.kind) {
    case "scalar":
      return mentions(node.text) ? [node.mapped] : [];
    case "alias":
      return [];
    case "seq":
      return node.items.flatMap(textsIn);
    case "map":
      return node.pairs.flatMap(({ key, value }) => [...textsIn(key), ...textsIn(value)]);
  }
}

interface Use {
  readonly name: string;
  /** The name alone, without the dollar sign and braces. */
  readonly at: Origin;
}

const NAMES = [...REMOVED_VARIABLES.keys()].sort((a, b) => b.length - a.length).join("|");

/** `$X`, `${X}`, `%X%`, `$env:X`, and `--build-arg X`, which passes on the variable of that name. */
const USE = new RegExp(
  `(?:\\$\\{?|\\$env:|\\$\\{env:|%(?=\\w+%)|--build-arg[= ]["']?)(${NAMES})(?!\\w)(?!:?[-+=?])`,
  "gd",
);

function usesIn(text: MappedText): readonly Use[] {
  return [...text.text.matchAll(USE)].flatMap((match) => {
    const [start, end] = match.indices?.[1] ?? [0, 0];
    const line = text.text.slice(text.text.lastIndexOf("\n", match.index) + 1, match.index);
    return match[1] === undefined || isAside(line) ? [] : [{ name: match[1], at: text.at(start, end) }];
  });
}

/** Behind a comment sign, or the default of a variable that has a value today: `${CI_COMMIT_SHA:-$CI_BUILD_REF}`. */
const isAside = (before: string): boolean => /(?:^|\s)#/.test(before) || /\$\{\w+:?[-=][^}]*$/.test(before);

function* reports(
  uses: readonly Use[],
  isOwn: (name: string) => boolean,
  via: readonly Hop[],
): Iterable<Report> {
  for (const [name, replacement] of REMOVED_VARIABLES) {
    const own = uses.filter((use) => use.name === name);
    const [first, ...others] = own;
    if (first === undefined || isOwn(name)) continue;
    yield {
      at: { at: first.at, via },
      message: `\`$${name}\` was removed in GitLab 16.0 and is empty now; use \`$${replacement}\``,
      related: others.map(({ at }) => ({ at, message: `\`$${name}\` is also used here` })),
      // Where an escape or a folded line stands in the name its place holds more than the name.
      fixes: own.every(({ at }) => textAt(at) === name)
        ? [
            {
              title: `Replace \`${name}\` by \`${replacement}\``,
              safety: "suggested",
              edits: own.map(({ at }) => replaceText(at, replacement)),
            },
          ]
        : [],
    };
  }
}

// ---- Variables of the user's own

/** Whether somebody defines a variable of that name: in the settings, or in a file of a pipeline that the file is part of. */
function isDefined(ctx: RuleContext, { path }: YamlFile, name: string): boolean {
  if (ctx.get(settingsOf, null).settings.variables.known.includes(name)) return true;
  const pipelines = ctx.get(rootsOf, null).map((root) => ctx.get(pipelineOf, root).files);
  const files = new Set<FilePath>([path, ...pipelines.filter((all) => all.includes(path)).flat()]);
  return [...files].some((file) => defines(ctx.file(file)?.text ?? "", name));
}

/** `NAME: value` of `variables:`, `NAME=value` of a shell; not what is handed to somebody else. */
const defines = (text: string, name: string): boolean =>
  new RegExp(`(?:^|[{,])[ \\t]*(?:- )?["']?${name}["']?[ \\t]*:(?:\\s|$)`, "m").test(text) ||
  new RegExp(`(?:^|[;&|"'({]|\\bexport|- )[ \\t]*${name}=`, "m").test(text);

// ---- Scripts

/** Scripts of the repository that a job calls. */
function* calledScripts(job: Job, ctx: RuleContext): Iterable<Report> {
  if (!job.script.some(({ text }) => CALL.test(text.text))) return;
  for (const { file, command } of ctx.get(jobScripts, job).calls) {
    if (!mentions(file.text.text)) continue;
    const isOwn = (name: string): boolean =>
      job.variables.has(name) ||
      defines(file.text.text, name) ||
      ctx.get(settingsOf, null).settings.variables.known.includes(name);
    yield* reports(usesIn(file.text), isOwn, [...command.via, hopInto(file, command.at)]);
  }
}

const CALL = /\.\/|\.(?:ba|da|a|k)?sh\b|\bsource\b|\bsh[ \t]|\$/;
