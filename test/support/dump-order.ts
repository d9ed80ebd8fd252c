// Shows the order of a pipeline's jobs: which other jobs are done when one starts, and whose artifacts it gets.
import { mayHaveRunBefore, resultsOf, stagesOf } from "../../server/src/core/model/pipeline/order";
import { visibleJobsOf } from "../../server/src/core/model/pipeline/resolve";
import { rootsOf } from "../../server/src/core/model/pipeline/roots";
import { databaseOf } from "./dump";
import { contextOf } from "./dump-runs";

/** The stages of each pipeline, then its jobs. */
export function dumpOrder(files: Readonly<Record<string, string>>): string {
  const database = databaseOf(files);
  const context = contextOf(database);
  const blocks = database.get(rootsOf, null).map((root) => {
    const jobs = visibleJobsOf(context, root);
    const lines = jobs.map((job) => {
      const named = (answer: string): string =>
        jobs
          .filter((other) => other !== job && mayHaveRunBefore(context, other, job) === answer)
          .map((other) => other.name)
          .join(", ") || "-";
      const results = resultsOf(context, job);
      const more = `${results.hasForeign ? " + foreign" : ""}${results.isExact ? "" : " + unknown"}`;
      return `${job.name} (${job.stage.value}): after ${named("yes")}; perhaps after ${named("unknown")}; artifacts of ${results.jobs.join(", ") || "-"}${more}`;
    });
    return [database.get(stagesOf, root).join(" > "), ...lines].join("\n");
  });
  return blocks.join("\n\n");
}
