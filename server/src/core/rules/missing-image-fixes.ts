// Repairs of images that are not where a job looks for them: push and pull in the jobs concerned, or wait.
import type { ImageUse } from "../model/flow/image-use";
import type { MissingImage } from "../model/flow/missing-images";
import { tagKindOf } from "../model/flow/tag-kind";
import { firstLoginOf, hasCredentials, isOwnRegistry } from "../model/docker/registry-use";
import { ownBody } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { orderTableOf, resultsOf } from "../model/pipeline/order";
import { jobOf, rootKey } from "../model/pipeline/resolve";
import { appendItem, setKey } from "../syntax/yaml-edit";
import { pairOf } from "../syntax/yaml-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { lineAfterCommand, lineBeforeCommand } from "./script-lines";
import { loginFix } from "./login-fix";
import type { FixDraft, RuleContext } from "./rule";

type Edits = readonly ChunkEdit[];

/** The fixes; none where a name would have to be made up, or a line goes where none can stand. */
export function missingImageFixes(ctx: RuleContext, missing: MissingImage): readonly FixDraft[] {
  switch (missing.kind) {
    case "not-pushed":
      return missing.isSure ? shareImage(ctx, missing) : [];
    case "not-pulled":
      return pullFirst(ctx, missing);
    case "not-awaited":
      return waitFor(ctx, missing);
    case "not-together":
      return [];
  }
}

/** `docker push` behind the build, `docker pull` in front of each use that does not fetch by itself. */
function shareImage(ctx: RuleContext, { reference, source, use, others }: MissingImage): readonly FixDraft[] {
  const { command } = source;
  const name = wordOf(source);
  // A tag that moves would only be mixed up with that of another pipeline.
  if (command === undefined || name === undefined || !isOwnRegistry(reference)) return [];
  if (tagKindOf(reference) !== "commit") return [];
  const push = lineAfterCommand(command, `docker push ${name}`);
  const pulls = [use, ...others].map((each) => pullEdits(ctx, each));
  if (push === undefined || pulls.some((edits) => edits === undefined)) return [];
  const edits = [...loginEdits(ctx, source), push, ...pulls.flatMap((each) => each ?? [])];
  const title = `Push it in \`${source.job.name}\`${pulls.some((each) => each?.length !== 0) ? " and pull it here" : ""}`;
  return [{ title, safety: "suggested", edits }];
}

/** Empty where the runner or the command itself fetches the image with a login that is there. */
function pullEdits(ctx: RuleContext, use: ImageUse): Edits | undefined {
  const { command, action } = use;
  if (command === undefined) return [];
  const login = loginEdits(ctx, use);
  if (action !== "tag" && action !== "save" && action !== "push") return login;
  const line = pullLine(use);
  const pull = line === undefined ? undefined : lineBeforeCommand(command, line);
  return pull === undefined ? undefined : [...login, pull];
}

/** With the image as this job writes it: another job's variables may be its own. */
function pullLine({ action, command, at }: ImageUse): string | undefined {
  const name = textAt(action === "tag" ? (command?.operands[0]?.at ?? at.at) : at.at);
  return /^\S+$/.test(name) ? `docker pull ${name}` : undefined;
}

function pullFirst(ctx: RuleContext, { use }: MissingImage): readonly FixDraft[] {
  const line = pullLine(use);
  const edits = pullEdits(ctx, use);
  if (line === undefined || edits === undefined || edits.length === 0) return [];
  return [{ title: `Pull it first: \`${line}\``, safety: "suggested", edits }];
}

/** A login in front of the command, where the job has none. */
function loginEdits(ctx: RuleContext, { command, job, references, at }: ImageUse): Edits {
  const [reference] = references;
  if (command === undefined || reference === undefined) return [];
  if (firstLoginOf(ctx, job) !== undefined || hasCredentials(ctx, job)) return [];
  return loginFix([{ command, references, at }], reference).flatMap(({ edits }) => edits);
}

const wordOf = ({ at }: ImageUse): string | undefined =>
  /^\S+$/.test(textAt(at.at)) && !textAt(at.at).includes("=") ? textAt(at.at) : undefined;

// ---- Waiting

/** The other job among `needs`. A job without them gets some only where it loses no artifacts of the jobs before. */
function waitFor(ctx: RuleContext, { use: { job }, source }: MissingImage): readonly FixDraft[] {
  const body = ownBody(job);
  const title = `Let \`${job.name}\` wait for \`${source.job.name}\``;
  if (body === undefined || source.job.keywords.has("parallel")) return [];
  const stages = ctx.get(orderTableOf, job.root).stages;
  // Needs may not lead to later stages.
  if (stages.indexOf(source.job.stage.value) > stages.indexOf(job.stage.value)) return [];
  const name = JSON.stringify(source.job.name);
  const text = /^[A-Za-z_][\w .-]*[\w]$/.test(source.job.name) ? source.job.name : name;
  const own = pairOf(body, "needs");
  if (own?.value.kind === "seq") return [{ title, safety: "suggested", edits: appendItem(own.value, text) }];
  if (own !== undefined || job.keywords.has("needs") || bringsArtifacts(ctx, job)) return [];
  return [{ title, safety: "suggested", edits: setKey(body, "needs", `[${text}]`) }];
}

const bringsArtifacts = (ctx: RuleContext, job: Job): boolean =>
  resultsOf(ctx, job).jobs.some(
    (name) => ctx.get(jobOf, rootKey(job.root, name))?.keywords.has("artifacts") !== false,
  );
