// A job as the model and the rules get it: one object for as long as there is a job of that name. It holds no parts; whoever
// looks at one reads a query of that part, and has nothing to do again when the rest of the job changes.
import { defineQuery, type Query, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Job } from "./job";
import { effectiveKeywordsOf, resolvedJobOf, type EffectiveKeywords } from "./resolved-job";
import { definitionsOf, splitRootKey, type RootKey } from "./root-table";

/** A job of a pipeline. To be made once for each: its parts are remembered by this object. */
export const trackedJob = (ctx: QueryContext, key: RootKey): Job => new TrackedJob(ctx, key);

/** A class, because all jobs then share one shape, which is quick to read. */
class TrackedJob implements Job {
  readonly root: FilePath;
  readonly name: string;
  readonly isHidden: boolean;

  constructor(
    private readonly ctx: QueryContext,
    readonly key: RootKey,
  ) {
    [this.root, this.name] = splitRootKey(key);
    this.isHidden = this.name.startsWith(".");
  }

  get definitions(): Job["definitions"] {
    return this.ctx.get(definitionsOf, this.key);
  }
  get nameAt(): Job["nameAt"] {
    return this.definitions.at(-1)?.key.at ?? gone(this.key);
  }
  get keywords(): Job["keywords"] {
    return this.effective().keywords;
  }
  get body(): Job["body"] {
    return this.effective().body;
  }
  get isTrigger(): boolean {
    return this.ctx.get(restOf, this).isTrigger;
  }
  get isClosed(): boolean {
    return this.ctx.get(restOf, this).isClosed;
  }
  get stage(): Job["stage"] {
    return this.ctx.get(restOf, this).stage;
  }
  get image(): Job["image"] {
    return this.ctx.get(imageOf, this);
  }
  get services(): Job["services"] {
    return this.ctx.get(servicesOf, this);
  }
  get variables(): Job["variables"] {
    return this.ctx.get(variablesOf, this).variables;
  }
  get variableLayers(): Job["variableLayers"] {
    return this.ctx.get(variablesOf, this).variableLayers;
  }
  get tags(): Job["tags"] {
    return this.ctx.get(restOf, this).tags;
  }
  get script(): Job["script"] {
    return this.ctx.get(scriptOf, this);
  }

  private effective(): EffectiveKeywords {
    return this.ctx.get(effectiveKeywordsOf, this.key) ?? gone(this.key);
  }
}

/** The parts of a job that most edits leave as they are, each in a query of its own. */
const partOf = <V>(name: string, read: (job: Job) => V): Query<TrackedJob, V> =>
  defineQuery({ name, compute: (ctx, { key }) => read(nowOf(ctx, key)) });

const scriptOf = partOf("job: scriptOf", ({ script }) => script);
const imageOf = partOf("job: imageOf", ({ image }) => image);
const servicesOf = partOf("job: servicesOf", ({ services }) => services);

// What is read together, or small, is one query: each costs memory in every job.

const variablesOf = defineQuery<TrackedJob, Pick<Job, "variables" | "variableLayers">>({
  name: "job: variablesOf",
  compute: (ctx, { key }) => {
    const { variables, variableLayers } = nowOf(ctx, key);
    return { variables, variableLayers };
  },
  equals: (a, b) => a.variables === b.variables && a.variableLayers === b.variableLayers,
});

const restOf = defineQuery<TrackedJob, Pick<Job, "stage" | "tags" | "isTrigger" | "isClosed">>({
  name: "job: restOf",
  compute: (ctx, { key }) => {
    const { stage, tags, isTrigger, isClosed } = nowOf(ctx, key);
    return { stage, tags, isTrigger, isClosed };
  },
  equals: (a, b) =>
    a.stage === b.stage && a.tags === b.tags && a.isTrigger === b.isTrigger && a.isClosed === b.isClosed,
});

const nowOf = (ctx: QueryContext, key: RootKey): Job => ctx.get(resolvedJobOf, key)?.job ?? gone(key);

/** What was worked out of a job that is no more is about to be forgotten, and nobody sees this error. */
function gone(key: RootKey): never {
  throw new Error(`there is no job ${splitRootKey(key)[1]} any more`);
}
