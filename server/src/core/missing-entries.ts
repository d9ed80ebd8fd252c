// Files that `entry` of the configuration names and that are not there: no pipeline starts from them.
import { yamlOf } from "./model/pipeline/yaml-of";
import { defineQuery } from "./query/query";
import { didYouMean } from "./settings/nearest";
import { entriesIn } from "./settings/read";
import { CONFIGURATION_FILE } from "./settings/table";
import type { SyntaxProblem } from "./syntax/yaml-nodes";

/** At each path that is missing; nothing where the files of the repository are not listed. */
export const missingEntriesOf = defineQuery<null, readonly SyntaxProblem[]>({
  name: "missingEntriesOf",
  compute: (ctx) => {
    const yaml = ctx.exists(CONFIGURATION_FILE) === false ? undefined : ctx.get(yamlOf, CONFIGURATION_FILE);
    const entries = yaml === undefined ? [] : entriesIn(yaml);
    const paths = entries.length === 0 ? undefined : ctx.paths();
    if (paths === undefined) return [];
    const files = [...paths].filter((path) => /\.ya?ml$/.test(path));
    return entries
      .filter(({ value }) => ctx.exists(value) === false)
      .map(({ value, at }) => ({
        at,
        message: `There is no file \`${value}\`, so no pipeline starts from it${didYouMean(value, files)}`,
      }));
  },
});
