// Redirects of what holds several commands: `{ …; } > file`, `( … ) > file`, `for …; done > file`. Those of a simple command
// stand with it.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Redirect, ShellNode } from "../../syntax/shell-nodes";
import type { Job, ScriptItem } from "../pipeline/job";
import { shellsOf } from "./job-shells";

export interface GroupRedirect {
  readonly redirect: Redirect;
  /** The script item in which the redirect stands. */
  readonly item: ScriptItem;
}

/** The redirects of groups, subshells, loops and branches in a job's own script, in order of the text. */
export const groupRedirectsOf = (ctx: QueryContext, job: Job): readonly GroupRedirect[] =>
  job.script.some(({ text }) => AFTER_GROUP.test(text.text)) ? ctx.get(groupRedirects, job) : [];

/** Most scripts have none. */
const AFTER_GROUP = /(?:[})]|\b(?:done|fi|esac))\s*\d?>/;

const groupRedirects = defineQuery<Job, readonly GroupRedirect[]>({
  name: "groupRedirectsOf",
  compute: (ctx, job) =>
    shellsOf(ctx, job)
      .flatMap(({ scripts }) => scripts)
      .flatMap(({ script, itemAt }) =>
        script.nodes.flatMap(redirectsBelow).map((redirect) => ({ redirect, item: itemAt(redirect.start) })),
      ),
});

function redirectsBelow(node: ShellNode): readonly Redirect[] {
  switch (node.kind) {
    case "command":
      return [];
    case "pipeline":
      return node.commands.flatMap(redirectsBelow);
    case "and-or":
      return node.items.flatMap(redirectsBelow);
    case "function":
      return node.body.flatMap(redirectsBelow);
    default:
      return [
        ...node.conditions.flatMap(redirectsBelow),
        ...node.bodies.flat().flatMap(redirectsBelow),
        ...node.redirects,
      ];
  }
}
