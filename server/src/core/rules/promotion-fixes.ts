// Repairs of a release before the tests: a tag of the commit in its place, and a job behind the tests that gives the tested image
// its name.
import { ownBody } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { orderTableOf } from "../model/pipeline/order";
import { jobNamesOf } from "../model/pipeline/resolve";
import { contentOf, yamlOf } from "../model/pipeline/yaml-of";
import { imageUsesOf } from "../model/flow/uses-of-job";
import type { EarlyRelease } from "../model/flow/early-releases";
import type { ImageUse } from "../model/flow/image-use";
import { isUniquePerCommit } from "../model/docker/reference-properties";
import type { ImageReference } from "../model/docker/image-reference";
import { plainPlace } from "../model/docker/reference-grammar";
import { showText } from "../model/docker/symbolic";
import { rootMapOf, setKey } from "../syntax/yaml-edit";
import type { ChunkEdit } from "../text/edit";
import { sameOrigin, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft, RuleContext } from "./rule";

type Edits = readonly ChunkEdit[];

/** The tag of the commit, with a job that promotes the image where such a job can be written; and without. */
export function promotionFixes(ctx: RuleContext, release: EarlyRelease): readonly FixDraft[] {
  const { push, kind, isTool } = release;
  if (kind !== "moving" || isTool) return [];
  const uses = imageUsesOf(ctx, push.job);
  // A tag of the commit that is there already only needs the other one taken away.
  if (
    uses.some(
      ({ action, references }) => action === "push" && references.some(({ text }) => isUniquePerCommit(text)),
    )
  )
    return [];
  const edits = commitTag(push, uses);
  if (edits.length === 0) return [];
  const job = promotionJob(ctx, release);
  const pin: FixDraft = { title: "Push `:$CI_COMMIT_SHORT_SHA` instead", safety: "suggested", edits };
  if (job === undefined) return [pin];
  const promote: FixDraft = {
    title: `Push \`:$CI_COMMIT_SHORT_SHA\`, and the tested image in a job \`${job.name}\``,
    safety: "suggested",
    edits: [...edits, ...job.edits],
  };
  return [promote, pin];
}

/** Every mention of the image in the job; nothing where one of them has no tag to replace, or stands in single quotes. */
function commitTag(push: ImageUse, uses: readonly ImageUse[]): Edits {
  const keys = new Set(push.references.map(({ key }) => key));
  const same = uses.filter(({ references }) => references.some(({ key }) => keys.has(key)));
  if (same.some(({ action }) => action === "cache-from" || action === "cache-to")) return [];
  const tags = same.flatMap((use) => use.references.map((reference) => tagPlace(reference)));
  const places: Origin[] = [];
  for (const at of tags) {
    if (at?.chunk !== push.at.at.chunk) return [];
    if (!places.some((other) => sameOrigin(other, at))) places.push(at);
  }
  return places.map((at) => replaceText(at, "$CI_COMMIT_SHORT_SHA"));
}

/** Where a tag without variables is written; undefined between single quotes, in which the shell expands nothing. */
function tagPlace({ tag }: ImageReference): Origin | undefined {
  const [part, ...more] = (tag.known ? tag.value : undefined)?.parts ?? [];
  const at = part?.kind === "literal" && more.length === 0 ? plainPlace(part) : undefined;
  return at?.chunk.text[at.end] === "'" ? undefined : at;
}

/**
 * A promotion by its parts: the commit's tag in the job that builds, and the job behind the tests. Undefined where one can't be. Also
 * for images that jobs run in, as somebody asked for it.
 */
export function promotionOf(
  ctx: RuleContext,
  release: EarlyRelease,
): { readonly pin: Edits; readonly job: NewJob } | undefined {
  const hasBoth = promotionFixes(ctx, { ...release, isTool: false }).length > 1;
  const job = hasBoth ? promotionJob(ctx, release, true) : undefined;
  return job && { pin: commitTag(release.push, imageUsesOf(ctx, release.push.job)), job };
}

// ---- The job behind the tests

/** What `extends` may take over from the job that builds, besides what the new job sets itself. */
const TAKEN = new Set(
  "image services tags variables before_script stage script rules only except needs".split(" "),
);

interface NewJob {
  readonly name: string;
  readonly edits: Edits;
}

/** `asked`: in the tests' own stage with `needs`, so that later jobs find the name, and as often as the job that builds. */
function promotionJob(ctx: RuleContext, { push, tests }: EarlyRelease, asked = false): NewJob | undefined {
  const { job, references } = push;
  const [reference, ...variants] = references;
  const place = asked ? placeByNeeds(ctx, job, tests) : placeBehind(ctx, job, tests);
  const name = freeName(ctx, job);
  const block = lastBlock(ctx, job);
  if (reference === undefined || variants.length > 0 || place === undefined || name === undefined)
    return undefined;
  if (block === undefined || ![...job.keywords.keys()].every((key) => TAKEN.has(key))) return undefined;
  const released = showText(reference.text);
  const built = released.replace(/(:[^/:]*)?$/, ":$CI_COMMIT_SHORT_SHA");
  const lines = [
    `extends: ${yamlName(job.name)}`,
    ...place,
    "script:",
    ...logins(job).map((line) => `  - ${line}`),
    `  - docker pull "${built}"`,
    `  - docker tag "${built}" "${released}"`,
    `  - docker push "${released}"`,
    ...(isLimited(job) || asked ? [] : ["rules:", "  - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"]),
  ];
  return { name, edits: setKey(block, name, lines.join("\n")) };
}

/** The first stage behind all tests: a job in it waits for them. Without one, their own stage and `needs`. */
function placeBehind(ctx: RuleContext, job: Job, tests: readonly Job[]): readonly string[] | undefined {
  const { stages, jobs } = ctx.get(orderTableOf, job.root);
  const last = Math.max(...tests.map(({ stage }) => stages.indexOf(stage.value)));
  if (tests.length === 0 || job.keywords.has("needs")) return undefined;
  const used = new Set([...jobs.values()].map(({ stage }) => stage));
  const later = stages.slice(last + 1, -1);
  const stage = later.find((each) => used.has(each)) ?? later[0];
  if (stage !== undefined) return [`stage: ${yamlName(stage)}`];
  // A pipeline without a job that is needed is refused.
  const own = stages[last];
  if (own === undefined || tests.length > MOST_NEEDS || tests.some(isLimited)) return undefined;
  return [`stage: ${yamlName(own)}`, `needs: [${tests.map(({ name }) => yamlName(name)).join(", ")}]`];
}

const MOST_NEEDS = 5;

/** In the last stage of the tests, waiting for them and for the build; a test that need not be there is optional. */
function placeByNeeds(ctx: RuleContext, job: Job, tests: readonly Job[]): readonly string[] | undefined {
  const { stages } = ctx.get(orderTableOf, job.root);
  const stage = stages[Math.max(...tests.map((test) => stages.indexOf(test.stage.value)))];
  if (tests.length === 0 || stage === undefined) return undefined;
  const needed = [job, ...tests];
  const needs = tests.some(isLimited)
    ? [
        "needs:",
        ...needed.flatMap((each) => [
          `  - job: ${yamlName(each.name)}`,
          ...(each !== job && isLimited(each) ? ["    optional: true"] : []),
        ]),
      ]
    : [`needs: [${needed.map(({ name }) => yamlName(name)).join(", ")}]`];
  return [`stage: ${yamlName(stage)}`, ...needs];
}

const freeName = (ctx: RuleContext, { root }: Job): string | undefined => {
  const taken = new Set(ctx.get(jobNamesOf, root));
  return ["promote", "promote-image", "release-image"].find((name) => !taken.has(name));
};

/** The last block of the file that holds the job. */
function lastBlock(ctx: RuleContext, job: Job): ReturnType<typeof rootMapOf> {
  const yaml = ctx.get(yamlOf, job.nameAt.chunk.file);
  const blocks = yaml && contentOf(yaml)?.blocks.filter(({ pairs }) => pairs.length > 0);
  const last = blocks?.at(-1);
  return ownBody(job) === undefined || last === undefined ? undefined : rootMapOf(last);
}

/** Logins that stand in `script`: `extends` brings those of `before_script`. */
const logins = ({ script }: Job): readonly string[] =>
  script.flatMap(({ section, text: { text } }) =>
    section === "script" && /\blogin\b/.test(text) && !/\n|: | #/.test(text) ? [text] : [],
  );

const isLimited = ({ keywords }: Job): boolean =>
  ["rules", "only", "except"].some((key) => keywords.has(key));

const yamlName = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name));
