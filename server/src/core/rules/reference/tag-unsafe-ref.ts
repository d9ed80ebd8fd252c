// A branch's name, or other free text, as the tag of an image: `feature/x` is no tag.
// https://github.com/distribution/reference/blob/main/regexp.go , https://docs.gitlab.com/ci/variables/predefined_variables/
import { FREE_TEXT_NAME } from "../../data/predefined-variables";
import { sameOrigin, textAt, type Origin } from "../../text/located";
import { variablesIn, type VariablePart } from "../../model/docker/symbolic";
import { usedReferences, type UsedReference } from "../../model/docker/used-references";
import type { Job } from "../../model/pipeline/job";
import { refLimitsOf, type RefLimit } from "../../model/pipeline/when";
import type { Severity } from "../../settings/settings";
import { replaceText } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const tagUnsafeRef = defineRule({
  id: "tag-unsafe-ref",
  title: "Branch name or other free text as an image tag",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports predefined variables in the tag of an image whose values can hold what a tag may not: `CI_COMMIT_REF_NAME`, `CI_COMMIT_BRANCH`, `CI_COMMIT_TAG`, `CI_MERGE_REQUEST_SOURCE_BRANCH_NAME`, `CI_ENVIRONMENT_NAME`, `CI_JOB_NAME`, `CI_COMMIT_TIMESTAMP` and their like.",
    why: `A tag is made of letters, digits, \`_\`, \`.\` and \`-\`. A branch such as \`feature/x\` gives "invalid reference format", or
"invalid argument … for \\"-t, --tag\\" flag", on that branch only. Silent in jobs that run for one named branch; an
information for Git tags, which hold \`/\` and \`+\` more rarely.`,
    fix: "Use the variable's slug: `$CI_COMMIT_REF_SLUG`, `$CI_ENVIRONMENT_SLUG`.",
    example: {
      bad: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_NAME" .
`,
      good: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" .
`,
    },
    references: [
      "https://docs.gitlab.com/ci/variables/predefined_variables/",
      "https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/",
      "https://github.com/distribution/reference/blob/main/regexp.go",
    ],
  },

  *check(job, ctx) {
    if (!mentionsFreeText(job)) return;
    const uses = usedReferences(ctx, job).flatMap(unsafeIn);
    const names = [...new Set(uses.map(({ part }) => part.name))];
    const limits = names.length === 0 ? [] : refLimitsOf(ctx, job);
    for (const name of names) {
      const own = uses.filter(({ part }) => part.name === name);
      const severity = severityFor(name, limits, job);
      const [first, ...others] = distinct(own);
      if (severity === undefined || first === undefined) continue;
      const report = { severity, message: messageFor(first.part) };
      const related = others.map((other) => ({ at: other.at, message: `\`$${name}\` is also used here` }));
      const fixes = slugFix([first, ...others]);
      // The same place by several ways: the engine makes one finding of them, with all ways.
      for (const { part, at } of own.filter((use) => sameOrigin(use.at, first.at)))
        yield { ...report, at: { at, via: part.via }, related, fixes };
    }
  },
});

/** Whether any text that could become a reference names one of them: most jobs need no further look. */
const mentionsFreeText = ({ script, variables, image, services }: Job): boolean =>
  script.some(({ text }) => FREE_TEXT_NAME.test(text.text)) ||
  [...services, ...(image === undefined ? [] : [image])].some(({ text }) => FREE_TEXT_NAME.test(text.text)) ||
  [...variables.values()].some(({ values }) => values.some((value) => FREE_TEXT_NAME.test(value)));

interface UnsafeUse {
  readonly part: VariablePart;
  readonly at: Origin;
  readonly isInScript: boolean;
}

/** Variables in the tag position that GitLab sets to free text, unchanged. */
function unsafeIn({ reference: { tag }, command }: UsedReference): readonly UnsafeUse[] {
  const parts = tag.known && tag.value !== undefined ? variablesIn(tag.value) : [];
  return parts.flatMap((part) => {
    const { maySlash, mayBadTagChar } = part.properties;
    if (
      part.at === undefined ||
      part.reason !== "predefined" ||
      part.isSanitised ||
      !(maySlash || mayBadTagChar)
    )
      return [];
    return [
      {
        part,
        at: part.at,
        isInScript: command !== undefined && part.via.every((hop) => hop.kind !== "variable"),
      },
    ];
  });
}

const distinct = (uses: readonly UnsafeUse[]): readonly UnsafeUse[] =>
  uses.filter((use, index) => uses.findIndex((other) => sameOrigin(other.at, use.at)) === index);

/** Names of the ref that the pipeline runs for: safe where it can only be one branch that somebody has named. */
const REF_NAMES: ReadonlySet<string> = new Set(["CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH"]);

function severityFor(name: string, limits: readonly RefLimit[], job: Job): Severity | undefined {
  const isTagged = limits.every((limit) => limit.kind === "tag");
  if (name === "CI_COMMIT_TAG")
    return isTagged && limits.every(({ pattern }) => isSafePattern(pattern)) ? undefined : "info";
  if (name === "CI_DEFAULT_BRANCH") return "info";
  if (!REF_NAMES.has(name)) return "warning";
  if (limits.every((limit) => limit.kind === "branch" || isSafePattern(limit.pattern))) return undefined;
  // Rules that could not be read may limit the job to one branch.
  const isUnread = !job.isClosed && !job.keywords.has("rules") && !job.keywords.has("only");
  return isUnread || limits.every((limit) => limit.kind !== "any") ? "info" : "warning";
}

/** A regular expression from end to end that admits neither `/` nor `+` nor anything at all: `^v\d+\.\d+$`. */
function isSafePattern(pattern: string | undefined): boolean {
  if (pattern === undefined || !pattern.startsWith("^") || !pattern.endsWith("$")) return false;
  const plain = pattern.slice(1, -1).replace(/\\[dw.-]/g, "0");
  return /^[\w\-()[\]{},*+?|]*$/.test(plain) && !/\[[^\]]*\+/.test(plain);
}

function messageFor({ name, properties }: VariablePart): string {
  const what = properties.maySlash ? '"/", `+` and more' : "characters such as `:` and `+`";
  const example =
    name === "CI_COMMIT_TAG"
      ? "a tag such as `v1.0+build`"
      : REF_NAMES.has(name)
        ? "a branch such as `feature/login`"
        : "the command";
  const todo =
    name === "CI_COMMIT_TAG"
      ? "replace what does not fit"
      : properties.replacement === undefined
        ? "use a value that fits"
        : `use \`$${properties.replacement}\``;
  return `\`$${name}\` can contain ${what}, which a tag may not ([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}), so ${example} fails with "invalid reference format"; ${todo}`;
}

/** All uses at once: a tag that is built under one name must be pushed under the same. */
function slugFix(uses: readonly UnsafeUse[]): readonly FixDraft[] {
  const part = uses[0]?.part;
  if (part === undefined) return [];
  // A slug of 1.2.3 is 1-2-3, so Git tags keep their form and lose only the `+` of a semantic version.
  if (part.name === "CI_COMMIT_TAG") {
    if (!uses.every(({ isInScript }) => isInScript)) return [];
    return replaceAll("Replace `+` by `_`", uses, part.name, () => `\${${part.name}//+/_}`);
  }
  const { replacement } = part.properties;
  if (replacement === undefined) return [];
  return replaceAll(`Use \`$${replacement}\``, uses, part.name, (written) =>
    written.replace(part.name, replacement),
  );
}

/** Nothing where one of the uses is more than the bare variable. */
function replaceAll(
  title: string,
  uses: readonly UnsafeUse[],
  name: string,
  change: (written: string) => string,
): readonly FixDraft[] {
  const isBare = ({ at }: UnsafeUse): boolean => [`$${name}`, `\${${name}}`].includes(textAt(at));
  if (!uses.every(isBare)) return [];
  return [{ title, safety: "suggested", edits: uses.map(({ at }) => replaceText(at, change(textAt(at)))) }];
}
