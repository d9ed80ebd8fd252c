// Variables in a job's references without which nothing valid is left of them, and why they may be empty: GitLab sets them in
// other pipelines alone, the text holds an operator that only shells know, or nobody in sight sets them.
import { defineQuery, type QueryContext } from "../../query/query";
import { textAt } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { jobNamesOf, jobOf, rootKey } from "../pipeline/resolve";
import { surelyEndsJob } from "./certain-commands";
import { dialectOf } from "./find-commands";
import { breaksWithout } from "./reference-grammar";
import { propertiesOf, type Emptiness } from "./reference-properties";
import { referenceUsesOf, type ReferenceUse } from "./reference-uses";
import { variablesIn, type VariablePart } from "./symbolic";

export type UnsetCause =
  /** A predefined variable, and when it is empty for the job. */
  | { readonly kind: "predefined"; readonly emptiness: Emptiness }
  /** `${X:-y}` where no shell reads it: Runner looks for a variable of the name `X:-y`. */
  | { readonly kind: "operator" }
  /** Nobody in sight sets it. */
  | { readonly kind: "unknown" };

export interface UnsetUse {
  readonly use: ReferenceUse;
  readonly part: VariablePart;
  readonly cause: UnsetCause;
}

/** The uses of variables in references that break when the variable is empty, as it is or may be. */
export const unsetUsesOf = (ctx: QueryContext, job: Job): readonly UnsetUse[] => ctx.get(unsetUses, job);

const unsetUses = defineQuery<Job, readonly UnsetUse[]>({
  name: "unsetUsesOf",
  compute: (ctx, job) => {
    return referenceUsesOf(ctx, job).flatMap((use) => {
      const unset = variablesIn(use.reference.text).flatMap((part) => {
        const cause = causeOf(ctx, job, part);
        if (cause === undefined || !breaksWithout(use.reference.text, part.name) || hasDefault(part))
          return [];
        return [{ use, part, cause }];
      });
      return unset.length > 0 && isSureWhereUsed(ctx, job, use) ? unset : [];
    });
  },
});

/** The command runs whenever the job does, and ends it when it fails; a single operand is what it is, however many words it becomes. */
function isSureWhereUsed(ctx: QueryContext, job: Job, { command, isSure }: ReferenceUse): boolean {
  if (command === undefined) return true;
  if (dialectOf(ctx, job) !== "posix" || !surelyEndsJob(ctx, command)) return false;
  // Scripts are called with whatever their callers know of.
  if (command.via.some((hop) => hop.kind === "script")) return false;
  return isSure || command.operands.length === 1;
}

function causeOf(ctx: QueryContext, job: Job, part: VariablePart): UnsetCause | undefined {
  if (part.reason === "unknown" && OPERATOR.test(part.name)) return { kind: "operator" };
  if (part.reason === "unknown") return /^[A-Za-z_]\w*$/.test(part.name) ? { kind: "unknown" } : undefined;
  if (part.reason !== "predefined") return undefined;
  const { emptiness } = propertiesOf(ctx, job, part);
  return emptiness.kind === "always" || emptiness.kind === "sometimes"
    ? { kind: "predefined", emptiness }
    : undefined;
}

/** The name that is left of `${X:-y}` where nobody knows the operator. */
const OPERATOR = /^[A-Za-z_]\w*:?[-=+?]/;

/** `${X:-y}`, `${X:?message}` in a script: the shell minds that X may be empty. */
const hasDefault = ({ at, reason, name }: VariablePart): boolean =>
  at !== undefined && (reason !== "unknown" || /^\w+$/.test(name)) && /^\$\{\w+:?[-=+?]/.test(textAt(at));

/** Whether the job's scripts ask whether a variable is set: then they mind that it may be empty. */
export function isAskedFor(job: Job, name: string): boolean {
  const asked = new RegExp(
    `(?:\\[|\\btest\\s|\\bcase\\s|\\bif\\s)[^\\n]*\\$\\{?${name}\\b|\\$\\{${name}:?[-=+?]`,
  );
  return job.script.some(({ text }) => asked.test(text.text));
}

const firstUnknowns = defineQuery<FilePath, ReadonlyMap<string, UnsetUse>>({
  name: "firstUnknowns",
  compute: (ctx, root) => {
    const first = new Map<string, UnsetUse>();
    for (const name of ctx.get(jobNamesOf, root)) {
      const job = name.startsWith(".") ? undefined : ctx.get(jobOf, rootKey(root, name));
      for (const unset of job === undefined || job.isTrigger ? [] : unsetUsesOf(ctx, job))
        if (unset.cause.kind === "unknown" && !first.has(unset.part.name)) first.set(unset.part.name, unset);
    }
    return first;
  },
  equals: (a, b) => a.size === b.size && [...a].every(([name, unset]) => b.get(name) === unset),
});

/** Where each name that no file sets is used first in a pipeline: what all jobs point at is one finding. */
export const firstUnknownsOf = (ctx: QueryContext, root: FilePath): ReadonlyMap<string, UnsetUse> =>
  ctx.get(firstUnknowns, root);
