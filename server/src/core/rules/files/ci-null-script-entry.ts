// Items of a script that YAML does not read as text: nothing (`- # comment`), a mapping (`- echo Result: ok`), a boolean
// or a number. GitLab takes texts only. lib/gitlab/ci/config/entry/commands.rb of gitlab-org/gitlab
import { SCRIPT_SECTIONS } from "../../model/pipeline/read-job";
import type { ListValue, MapValue, ScalarValue, Value } from "../../model/pipeline/value";
import { textAt, type Origin } from "../../text/located";
import { lineEndOf, lineStartOf, replaceText, restOfLine } from "../edits";
import { defineRule, type FixDraft, type Report } from "../rule";

export const ciNullScriptEntry = defineRule({
  id: "ci-null-script-entry",
  title: "Script item that is no text: empty, or a mapping",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,
  rejectsPipeline: true,

  docs: {
    what: "Reports items of `script`, `before_script` and `after_script` that YAML reads as nothing (`- # comment`), as a mapping (`- echo Result: ok`), or as a boolean or number.",
    why: `GitLab takes texts only and rejects the pipeline: "script config should be a string or a nested array of strings up
to 10 levels deep". A \`#\` behind a dash begins a YAML comment, so the item is empty; a colon followed by a blank, or at
the end, makes a key of what stands before it.`,
    fix: "Drop the dash in front of a comment; put an item with a colon into quotes.",
    example: {
      bad: `
build:
  script:
    - # install first
    - npm ci
`,
      good: `
build:
  script:
    # install first
    - npm ci
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/#script",
      "https://docs.gitlab.com/ci/yaml/script/#use-special-characters-with-script",
      "https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/entry/commands.rb",
    ],
  },

  *check(job) {
    for (const section of SCRIPT_SECTIONS) {
      const value = job.keywords.get(section)?.value;
      if (value?.kind === "list") yield* badItems(value, section);
      else if (value?.kind === "map") yield mappingSection(value, section);
    }
  },
});

/** `script: {a: b}`, or `script:` with `key: value` below it. */
const mappingSection = (value: MapValue, section: string): Report => ({
  at: value,
  message: `\`${section}\` is a mapping, not a list of commands; ${answer(section)}; write \`- command\` for each`,
});

function* badItems(list: ListValue, section: string): Iterable<Report> {
  for (const item of list.items) {
    if (item.kind === "list") yield* badItems(item, section);
    else if (item.kind === "map") yield mappingItem(item, section);
    else if (item.kind === "scalar" && item.node.value === null) yield emptyItem(item, list, section);
    else if (item.kind === "scalar" && typeof item.node.value !== "string") yield notText(item, section);
  }
}

const answer = (section: string): string =>
  `GitLab answers "${section} config should be a string or a nested array of strings up to 10 levels deep"`;

/** The item with its dash, to the end of the line; undefined where it stands in a flow list or is written as `null`. */
function dashOf(at: Origin): Origin | undefined {
  const lineStart = lineStartOf(at.chunk, at.start);
  const dash = /^[ \t]*(?:- +)*-[ \t]*$/.exec(at.chunk.text.slice(lineStart, at.start))?.[0].lastIndexOf("-");
  return dash === undefined || dash === -1
    ? undefined
    : restOfLine({ chunk: at.chunk, start: lineStart + dash, end: at.end });
}

function emptyItem(item: ScalarValue, list: ListValue, section: string): Report {
  const dash = dashOf(item.at);
  const comment = dash === undefined ? undefined : /^-[ \t]*(#.*)$/.exec(textAt(dash))?.[1];
  const why = comment === undefined ? "" : " (behind a dash `#` begins a YAML comment)";
  const todo = comment === undefined ? "remove it" : "drop the dash or quote the comment";
  return {
    at: { at: dash ?? item.at, via: item.via },
    message: `This script item is empty${why}; ${answer(section)}; ${todo}`,
    fixes: dash === undefined ? [] : emptyFixes(dash, comment, list.items.length === 1),
  };
}

/** Removing the only item would leave an empty `script`, which is no better. */
function emptyFixes(dash: Origin, comment: string | undefined, isOnly: boolean): readonly FixDraft[] {
  const fixes: FixDraft[] = [];
  if (comment !== undefined && !isOnly) {
    fixes.push({
      title: "Drop the dash in front of the comment",
      safety: "safe",
      edits: [replaceText(dash, comment)],
    });
  }
  if (comment === undefined && !isOnly && /^-[ \t]*(?:~|null)?$/i.test(textAt(dash))) {
    const end = Math.min(lineEndOf(dash.chunk, dash.start) + 1, dash.chunk.text.length);
    const line = { chunk: dash.chunk, start: lineStartOf(dash.chunk, dash.start), end };
    fixes.push({ title: "Remove the empty item", safety: "safe", edits: [replaceText(line, "")] });
  }
  if (comment !== undefined) {
    // The comment stays beside it: what it says to readers of the file is not what the log shows.
    const words = comment
      .replace(/^#+\s*/, "")
      .replace(/["\\$`]/g, "")
      .replaceAll("'", "''");
    fixes.push({
      title: "Print the comment with `echo`",
      safety: "suggested",
      edits: [replaceText(dash, `- 'echo "${words}"' ${comment}`)],
    });
  }
  return fixes;
}

function mappingItem(item: MapValue, section: string): Report {
  return {
    at: item,
    message: `YAML reads this script item as a mapping, because of its colon; ${answer(section)}; put the item into quotes`,
    fixes: quoteFix(item),
  };
}

function notText(item: ScalarValue, section: string): Report {
  const kind = typeof item.node.value;
  return {
    at: item,
    message: `YAML reads this script item as a ${kind}; ${answer(section)}; put the item into quotes`,
    fixes: quoteFix(item),
  };
}

/** Single quotes around what is written; only where it is on one line and nothing but text. */
function quoteFix(item: Value): readonly FixDraft[] {
  const written = textAt(item.at);
  const isFlow = item.kind === "map" && item.node.flow;
  if (written.includes("\n") || isFlow || dashOf(item.at) === undefined || / #|^[&*!]/.test(written))
    return [];
  return [
    {
      title: "Put the item into quotes",
      safety: "safe",
      edits: [replaceText(item.at, `'${written.replaceAll("'", "''")}'`)],
    },
  ];
}
