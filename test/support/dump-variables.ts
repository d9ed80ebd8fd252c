// Shows what each variable of a job can be, and what a text that uses several of them becomes.
import { expandText } from "../../server/src/core/model/docker/expand";
import { showText } from "../../server/src/core/model/docker/symbolic";
import { variableOf } from "../../server/src/core/model/docker/variable-of";
import { visibleJobsOf } from "../../server/src/core/model/pipeline/resolve";
import { rootsOf } from "../../server/src/core/model/pipeline/roots";
import { databaseOf } from "./dump";
import { contextOf } from "./dump-runs";

/** Every job: the variables that it has or that its `image` names, then the image. */
export function dumpVariables(files: Readonly<Record<string, string>>): string {
  const database = databaseOf(files);
  const context = contextOf(database);
  const jobs = database.get(rootsOf, null).flatMap((root) => visibleJobsOf(context, root));
  return jobs
    .map((job) => {
      const image = job.image?.text;
      const used = [...(image?.text ?? "").matchAll(/\$\{?(\w+)/g)].map(([, name = ""]) => name);
      const lines = [...new Set([...job.variables.keys(), ...used])].map((name) => {
        const value = variableOf(context, job, name);
        if (value.kind === "text") return `  ${name} = ${value.value}`;
        if (value.kind === "symbolic") return `  ${name} ≈ ${value.variants.map(showText).join(" | ")}`;
        return `  ${name} ? ${value.reason}: ${value.explanation}`;
      });
      const texts =
        image === undefined ? [] : [`  image: ${expandText(context, job, image).map(showText).join(" | ")}`];
      return [job.name, ...lines, ...texts].join("\n");
    })
    .join("\n");
}
