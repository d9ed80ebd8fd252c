// Pipelines in a few words, for messages.
import type { RefKind, Way } from "../model/pipeline/when";

const REFS: Readonly<Record<RefKind, string>> = {
  branch: "pipelines of branches",
  tag: "pipelines of Git tags",
  merge_request: "pipelines of merge requests",
};

/** One of the pipelines of a way: its first kind of ref, with the condition on the name that tells it apart. */
export function wordsForWay(way: Way | undefined): string {
  const [ref] = way?.refs ?? [];
  if (way === undefined || ref === undefined) return "other pipelines";
  const names = way.name.flatMap((each) => {
    if (each.kind === "is-not-default") return ["other than the default one"];
    if (each.kind === "is-not") return [`other than \`${each.name}\``];
    if (each.kind === "matches") return [`that match \`/${each.pattern}/\``];
    if (each.kind === "matches-not") return [`that do not match \`/${each.pattern}/\``];
    return [];
  });
  const isDefault = way.name.some(({ kind }) => kind === "is-default");
  if (isDefault && ref === "branch") return "pipelines of the default branch";
  const named = way.name.flatMap((each) => (each.kind === "is" ? [`\`${each.name}\``] : []))[0];
  if (named !== undefined) return `pipelines of ${named}`;
  const [source, ...sources] = way.sources;
  if (source !== undefined && sources.length === 0 && source !== "merge_request_event" && source !== "push")
    return `pipelines that \`${source}\` starts`;
  return [REFS[ref], ...names.slice(0, 1)].join(" ");
}
