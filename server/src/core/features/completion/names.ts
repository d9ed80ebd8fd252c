// Names of a pipeline that other parts of it use: jobs, templates, stages, keys below an entry.
import { DEFAULT_STAGES } from "../../model/pipeline/order";
import { jobNamesOf, jobOf, pipelineOf, rootKey } from "../../model/pipeline/resolve";
import { referencedOf } from "../../model/pipeline/reference";
import { rootNamesOf } from "../../model/pipeline/root-table";
import type { Value } from "../../model/pipeline/value";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { placeText } from "../position/place-text";
import { distinct, type Item } from "./item";

type Roots = readonly FilePath[];

/** What `extends` may name: templates first, then jobs; not the job itself. */
export function parentItems(ctx: QueryContext, roots: Roots, own: string): readonly Item[] {
  const jobs = jobsOf(ctx, roots).filter(({ label }) => label !== own);
  return [...jobs.filter(({ kind }) => kind === "template"), ...jobs.filter(({ kind }) => kind === "job")];
}

/** What `needs` and `dependencies` may name. */
export const needItems = (ctx: QueryContext, roots: Roots, own: string): readonly Item[] =>
  jobsOf(ctx, roots).filter(({ label, kind }) => kind === "job" && label !== own);

function jobsOf(ctx: QueryContext, roots: Roots): readonly Item[] {
  return distinct(
    roots.flatMap((root) =>
      ctx.get(jobNamesOf, root).map((name): Item => {
        const job = ctx.get(jobOf, rootKey(root, name));
        const isHidden = name.startsWith(".");
        return {
          label: name,
          kind: isHidden ? "template" : "job",
          detail: job && (isHidden ? placeText(ctx, job.nameAt) : `stage ${job.stage.value}`),
        };
      }),
    ),
  );
}

/** The stages of the pipeline. https://docs.gitlab.com/ci/yaml/#stages */
export function stageItems(ctx: QueryContext, roots: Roots): readonly Item[] {
  const names = roots.flatMap((root) => {
    const written = ctx.get(pipelineOf, root).stages?.map(({ value }) => value);
    return [".pre", ...(written ?? DEFAULT_STAGES), ".post"];
  });
  return [...new Set(names)].map((label) => ({ label, kind: "stage", detail: "stage" }));
}

/** The next part of `!reference [entry, key, …`. */
export function referenceItems(ctx: QueryContext, roots: Roots, before: readonly string[]): readonly Item[] {
  const [entry, ...keys] = before;
  if (entry === undefined) return distinct(roots.flatMap((root) => entriesOf(ctx, root)));
  return distinct(
    roots.flatMap((root) => {
      const value = keys.reduce<Value | undefined>(
        (held, key) => (held?.kind === "map" ? held.entries.get(key)?.value : undefined),
        ctx.get(referencedOf, rootKey(root, entry)).value,
      );
      return value?.kind === "map"
        ? [...value.entries.keys()].map((label): Item => ({
            label,
            kind: "key",
            detail: `of ${before.join(", ")}`,
          }))
        : [];
    }),
  );
}

const entriesOf = (ctx: QueryContext, root: FilePath): readonly Item[] =>
  ctx
    .get(rootNamesOf, root)
    .filter((name) => !["include", "stages"].includes(name))
    .map((label) => ({ label, kind: label.startsWith(".") ? "template" : "job", detail: undefined }));
