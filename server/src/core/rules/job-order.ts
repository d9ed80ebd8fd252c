// Which of two jobs of a pipeline runs first, as far as stages and `needs` say. https://docs.gitlab.com/ci/yaml/#needs
import type { QueryContext } from "../query/query";
import type { Job } from "../model/pipeline/job";
import { pipelineOf } from "../model/pipeline/resolve";
import type { Value } from "../model/pipeline/value";

/** https://docs.gitlab.com/ci/yaml/#stages */
const DEFAULT_STAGES = ["build", "test", "deploy"];

/** Whether `first` has ended before `second` begins; "unknown" where a stage is not in the list. */
export function runsBefore(ctx: QueryContext, first: Job, second: Job): "yes" | "no" | "unknown" {
  if (neededBy(second).includes(first.name)) return "yes";
  const own = ctx.get(pipelineOf, second.root).stages?.map((stage) => stage.value) ?? DEFAULT_STAGES;
  const stages = [".pre", ...own, ".post"];
  const [a, b] = [stages.indexOf(first.stage.value), stages.indexOf(second.stage.value)];
  if (a === -1 || b === -1) return "unknown";
  return a < b ? "yes" : "no";
}

/** Names in `needs`, as text or as mappings with `job`. */
function neededBy(job: Job): readonly string[] {
  const value = job.keywords.get("needs")?.value;
  return value?.kind === "list" ? value.items.flatMap(nameOf) : [];
}

function nameOf(item: Value): readonly string[] {
  const name = item.kind === "map" ? item.entries.get("job")?.value : item;
  return name?.kind === "scalar" ? [name.node.text] : [];
}
