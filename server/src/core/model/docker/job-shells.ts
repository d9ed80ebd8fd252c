// The shells of a job and the scripts that they run. Runner writes before_script and script into one script, and
// after_script into another, which starts afresh.
// https://docs.gitlab.com/ci/yaml/#after_script
import { defineQuery, type QueryContext } from "../../query/query";
import { parseShell } from "../../syntax/shell";
import { groupItems, placeInItems, type ShellItems } from "../../syntax/shell-items";
import type { ShellScript } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Job, ScriptItem } from "../pipeline/job";

/** Consecutive script items that were read as one script: nearly always a single one. */
export interface JobScript {
  readonly script: ShellScript;
  readonly items: readonly ScriptItem[];
  /** What the script's offsets are into. */
  readonly text: string;
  /** The item in which a range of the text begins. */
  readonly itemAt: (start: number) => ScriptItem;
  readonly place: (start: number, end: number) => Origin;
}

export interface JobShell {
  readonly shell: 0 | 1;
  readonly scripts: readonly JobScript[];
}

/** The tree of a text. By text: the same script in fifty jobs, or in the next revision, is read once. */
export const shellScriptOf = defineQuery<string, ShellScript>({
  name: "shellScriptOf",
  compute: (_ctx, text) => parseShell(text),
});

/** The shells that have something to run, in order. */
export const shellsOf = (ctx: QueryContext, job: Job): readonly JobShell[] => ctx.get(shells, job);

const shells = defineQuery<Job, readonly JobShell[]>({
  name: "shellsOf",
  compute: (ctx, job) => {
    const main = job.script.filter((item) => item.section !== "after_script");
    const after = job.script.filter((item) => item.section === "after_script");
    const both: JobShell[] = [
      { shell: 0, scripts: scriptsOf(ctx, main) },
      { shell: 1, scripts: scriptsOf(ctx, after) },
    ];
    return both.filter((shell) => shell.scripts.length > 0);
  },
});

function scriptsOf(ctx: QueryContext, items: readonly ScriptItem[]): readonly JobScript[] {
  const texts = items.map((item) => item.text.text);
  return groupItems(texts, (text) => ctx.get(shellScriptOf, text)).flatMap((group) =>
    jobScript(items, group),
  );
}

function jobScript(all: readonly ScriptItem[], group: ShellItems): readonly JobScript[] {
  const items = all.slice(group.first, group.last + 1);
  const [first, ...others] = items;
  if (first === undefined) return [];
  const { script, text } = group;
  if (others.length === 0)
    return [{ script, items, text, itemAt: () => first, place: (start, end) => first.text.at(start, end) }];
  const itemAt = (start: number): ScriptItem => all[placeInItems(group, { start, end: start }).item] ?? first;
  const place = (start: number, end: number): Origin => {
    const range = placeInItems(group, { start, end });
    return (all[range.item] ?? first).text.at(range.start, range.end);
  };
  return [{ script, items, text, itemAt, place }];
}
