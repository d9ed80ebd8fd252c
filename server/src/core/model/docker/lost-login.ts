// A login that stands in `default:`, or at the root, and that a job loses with a `before_script` of its own.
// https://docs.gitlab.com/ci/yaml/#default
import type { QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import { referencedOf } from "../pipeline/reference";
import { rootKey } from "../pipeline/root-table";
import type { ListValue, Value } from "../pipeline/value";

export interface LostLogin {
  /** The job's own `before_script`. */
  readonly own: Value;
  /** The login stands in `default:`, and not in a `before_script` at the root. */
  readonly inBlock: boolean;
}

/** The `before_script` that logs in for every job, where a job replaces it with its own. */
export function lostLoginOf(ctx: QueryContext, job: Job): LostLogin | undefined {
  const own = job.keywords.get("before_script")?.value;
  if (own === undefined || own.via.some((hop) => hop.kind === "default")) return undefined;
  const defaults = ctx.get(referencedOf, rootKey(job.root, "default")).value;
  const inDefault = defaults?.kind === "map" ? defaults.entries.get("before_script")?.value : undefined;
  const inherited = inDefault ?? ctx.get(referencedOf, rootKey(job.root, "before_script")).value;
  if (inherited === undefined || inherited === own || inherited.kind !== "list") return undefined;
  return logsIn(inherited) ? { own, inBlock: inDefault !== undefined } : undefined;
}

const logsIn = ({ items }: ListValue): boolean =>
  items.some((item) => item.kind === "scalar" && /\blogin\b/.test(item.node.text));
