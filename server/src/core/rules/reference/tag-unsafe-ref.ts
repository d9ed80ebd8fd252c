// A branch's name, or other free text, as the tag of an image: `feature/x` is no tag.
// https://github.com/distribution/reference/blob/main/regexp.go , https://docs.gitlab.com/ci/variables/predefined_variables/
import { FREE_TEXT_NAME } from "../../data/predefined-variables";
import { propertiesOf, type PartProperties } from "../../model/docker/reference-properties";
import { referenceUsesOf, type ReferenceUse } from "../../model/docker/reference-uses";
import { variablesIn } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { canRunForRef, runsIn } from "../../model/pipeline/when";
import type { Severity } from "../../settings/settings";
import { defineRule, type FixDraft, type RuleContext } from "../rule";
import { otherPlaces, replaceVariable, reportFirst, variableUse, type VariableUse } from "../variable-uses";

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
"invalid argument … for \\"-t, --tag\\" flag", on that branch only. Silent in jobs whose rules let in nothing but branches, or patterns, without a slash; an information for
Git tags, the default branch and the target of a merge request, which hold such characters more rarely.`,
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
    const uses = referenceUsesOf(ctx, job).flatMap(inTag);
    for (const name of new Set(uses.map(({ part }) => part.name))) {
      const own = uses.filter(({ part }) => part.name === name);
      const [first] = own;
      if (first === undefined) continue;
      const severity = severityFor(ctx, job, own);
      if (severity === undefined) continue;
      yield* reportFirst(own, {
        severity,
        message: messageFor(first, propertiesOf(ctx, job, first.part), isForTags(ctx, job)),
        related: otherPlaces(own, name),
        fixes: slugFix(own),
      });
    }
  },
});

/** Whether any text that could become a reference names one of them: most jobs need no further look. */
const mentionsFreeText = ({ script, variables, image, services }: Job): boolean =>
  script.some(({ text }) => FREE_TEXT_NAME.test(text.text) || MAY_CALL.test(text.text)) ||
  [...services, ...(image === undefined ? [] : [image])].some(({ text }) => FREE_TEXT_NAME.test(text.text)) ||
  [...variables.values()].some(({ values }) => values.some((value) => FREE_TEXT_NAME.test(value)));

/** A script that is called may name them too. */
const MAY_CALL = /\.\/|\.sh\b|\bsource\b/;

/** Variables in the tag position that GitLab sets to free text, unchanged. */
function inTag(use: ReferenceUse): readonly VariableUse[] {
  const { tag } = use.reference;
  const parts = tag.known && tag.value !== undefined ? variablesIn(tag.value) : [];
  return parts
    .filter(
      ({ reason, isSanitised, at, properties: { maySlash, mayBadTagChar } }) =>
        reason === "predefined" && !isSanitised && at !== undefined && (maySlash || mayBadTagChar),
    )
    .map((part) => variableUse(use, part));
}

/** Values that seldom hold what a tag may not: nearly always `main`, or a version. */
const SELDOM: ReadonlySet<string> = new Set([
  "CI_COMMIT_TAG",
  "CI_DEFAULT_BRANCH",
  "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
]);

/** Undefined where the job proves that the value fits, or never has one. */
function severityFor(ctx: RuleContext, job: Job, uses: readonly VariableUse[]): Severity | undefined {
  const [first] = uses;
  if (first === undefined) return undefined;
  const { name } = first.part;
  const { maySlash, mayBadTagChar, emptiness } = propertiesOf(ctx, job, first.part);
  if (emptiness.kind === "always" || (maySlash === "no" && mayBadTagChar === "no")) return undefined;
  if (SELDOM.has(name)) return "info";
  // Branches with a slash are common; other characters are not.
  if (name === "CI_COMMIT_REF_NAME" && isForTags(ctx, job)) return "info";
  if (isBranchName(name)) return maySlash === "yes" ? severityOfSlash(first) : "info";
  return maySlash === "yes" || mayBadTagChar === "yes" ? "warning" : "info";
}

const isForTags = (ctx: RuleContext, job: Job): boolean => {
  const runs = runsIn(ctx, job);
  return canRunForRef(runs, "branch") === "no" && canRunForRef(runs, "merge_request") === "no";
};

const severityOfSlash = (use: VariableUse): Severity => (losesFirstSlash(use) ? "info" : "warning");

/** `${X/\\//-}` replaces the first slash alone: branches with two are left. */
const losesFirstSlash = ({ part: { change } }: VariableUse): boolean => change?.includes("\\/") === true;

const isBranchName = (name: string): boolean => BRANCH_NAME.test(name);
const BRANCH_NAME = /^CI_COMMIT_(?:BRANCH|REF_NAME)$|^CI_MERGE_REQUEST_SOURCE_BRANCH_NAME$/;

function exampleBranch(use: VariableUse, hasNoSlash: boolean): string {
  const slashed = losesFirstSlash(use) ? "feature/user/login" : "feature/login";
  return `a branch such as \`${hasNoSlash ? "fix#12" : slashed}\``;
}

function messageFor(use: VariableUse, { maySlash }: PartProperties, isGitTag: boolean): string {
  const { name, properties } = use.part;
  const isRef = name === "CI_COMMIT_TAG" || isBranchName(name);
  // Git allows neither `:` nor blanks in the name of a ref. https://git-scm.com/docs/git-check-ref-format
  const rare = isRef ? "characters such as `+`, `#` and `@`" : "characters such as `:`, `+` and blanks";
  // The fix of a Git tag replaces that one character, and versions hold no other.
  const what = name === "CI_COMMIT_TAG" ? "`+`" : maySlash === "no" ? rare : '"/", `+` and more';
  const { replacement } = properties;
  const isTagName = name === "CI_COMMIT_TAG" || (isRef && isGitTag);
  const example = isTagName
    ? "a tag such as `v1.0+build`"
    : isRef
      ? exampleBranch(use, maySlash === "no")
      : "the command";
  const otherwise = name === "CI_COMMIT_TAG" ? "replace it" : "use a value that fits";
  const todo = replacement === undefined || name === "CI_COMMIT_TAG" ? otherwise : `use \`$${replacement}\``;
  return `\`$${name}\` can contain ${what}, which a tag may not ([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}), so ${example} fails with "invalid reference format"; ${todo}`;
}

/** All uses at once: a tag that is built under one name must be pushed under the same. */
function slugFix(uses: readonly VariableUse[]): readonly FixDraft[] {
  const part = uses[0]?.part;
  if (part === undefined) return [];
  // A slug of 1.2.3 is 1-2-3, so Git tags keep their form and lose only the `+` of a semantic version.
  if (part.name === "CI_COMMIT_TAG") {
    if (!uses.every(({ isInScript }) => isInScript)) return [];
    return replaceVariable("Replace `+` by `_`", uses, part.name, () => `\${${part.name}//+/_}`);
  }
  const { replacement } = part.properties;
  if (replacement === undefined) return [];
  return replaceVariable(`Use \`$${replacement}\``, uses, part.name, (written) =>
    written.replace(part.name, replacement),
  );
}
