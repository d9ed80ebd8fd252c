// A branch's name, or other free text, as the tag of an image: `feature/x` is no tag.
// https://github.com/distribution/reference/blob/main/regexp.go , https://docs.gitlab.com/ci/variables/predefined_variables/
import type { ChunkEdit } from "../../text/edit";
import { sameOrigin, textAt, type Located, type Origin } from "../../text/located";
import { variablesIn, type VariablePart } from "../../model/docker/symbolic";
import type { Severity } from "../../settings/settings";
import { replaceText } from "../edits";
import { refsOf, type RefLimit } from "../job-refs";
import { referencesOf, type ReferenceUse } from "../references-of";
import { defineRule, type FixDraft } from "../rule";

export const tagUnsafeRef = defineRule({
  id: "tag-unsafe-ref",
  title: "Branch name or other free text as an image tag",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports predefined variables in the tag of an image whose values can hold what a tag may not: `CI_COMMIT_REF_NAME`, `CI_COMMIT_BRANCH`, `CI_COMMIT_TAG`, `CI_MERGE_REQUEST_SOURCE_BRANCH_NAME`, `CI_ENVIRONMENT_NAME`, `CI_JOB_NAME`, `CI_COMMIT_TIMESTAMP`…",
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
    const uses = referencesOf(ctx, job).flatMap(unsafeIn);
    const names = [...new Set(uses.map(({ part }) => part.name))];
    const limit = names.length === 0 ? "any" : refsOf(ctx, job);
    for (const name of names) {
      const severity = severityFor(name, limit);
      const [first, ...others] = distinct(uses.filter(({ part }) => part.name === name));
      if (severity === undefined || first === undefined) continue;
      const at: Located<string> = { value: name, at: first.at, via: first.part.via };
      yield {
        at,
        severity,
        message: messageFor(first.part),
        related: others.map((other) => ({ at: other.at, message: `\`$${name}\` is also used here` })),
        fixes: slugFix([first, ...others]),
      };
    }
  },
});

interface UnsafeUse {
  readonly part: VariablePart;
  readonly at: Origin;
  readonly isInScript: boolean;
}

/** Variables in the tag position that GitLab sets to free text, unchanged. */
function unsafeIn({ references, item }: ReferenceUse): readonly UnsafeUse[] {
  return references.flatMap(({ tag }) => {
    const parts = tag.known && tag.value !== undefined ? variablesIn(tag.value) : [];
    return parts.flatMap((part) => {
      const { maySlash, mayBadTagChar } = part.properties;
      if (part.at === undefined || part.reason !== "predefined" || part.isSanitised || !(maySlash || mayBadTagChar)) return [];
      return [{ part, at: part.at, isInScript: item !== undefined && part.via.every((hop) => hop.kind !== "variable") }];
    });
  });
}

const distinct = (uses: readonly UnsafeUse[]): readonly UnsafeUse[] =>
  uses.filter((use, index) => uses.findIndex((other) => sameOrigin(other.at, use.at)) === index);

/** Names of the ref that the pipeline runs for: safe where it can only be one branch that somebody has named. */
const REF_NAMES: ReadonlySet<string> = new Set(["CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH", "CI_BUILD_REF_NAME"]);

function severityFor(name: string, limit: RefLimit): Severity | undefined {
  if (name === "CI_COMMIT_TAG" || name === "CI_DEFAULT_BRANCH") return "info";
  if (!REF_NAMES.has(name)) return "warning";
  if (limit === "branch") return undefined;
  return limit === "any" ? "warning" : "info";
}

function messageFor({ name, properties }: VariablePart): string {
  const what = properties.maySlash ? '"/", `+` and more' : "characters such as `:` and `+`";
  const example = properties.maySlash ? "a value such as `feature/x`" : "the command";
  const todo = name === "CI_COMMIT_TAG" ? "replace what does not fit" : properties.replacement === undefined ? "use a value that fits" : `use \`$${properties.replacement}\``;
  return `\`$${name}\` can contain ${what}, which a tag may not ([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}), so ${example} fails with "invalid reference format"; ${todo}`;
}

/** All uses at once: a tag that is built under one name must be pushed under the same. */
function slugFix(uses: readonly UnsafeUse[]): readonly FixDraft[] {
  const [first] = uses;
  if (first === undefined) return [];
  const { name, properties } = first.part;
  // A slug of 1.2.3 is 1-2-3, so Git tags keep their form and lose only the `+` of a semantic version.
  const isTag = name === "CI_COMMIT_TAG";
  const replacement = properties.replacement;
  if (!isTag && replacement === undefined) return [];
  if (isTag && !uses.every(({ isInScript }) => isInScript)) return [];
  const edits: ChunkEdit[] = [];
  for (const { at } of uses) {
    const written = textAt(at);
    if (written !== `$${name}` && written !== `\${${name}}`) return [];
    edits.push(replaceText(at, isTag ? `\${${name}//+/_}` : written.replace(name, replacement ?? name)));
  }
  const title = isTag ? "Replace `+` by `_`" : `Use \`$${replacement ?? name}\``;
  return [{ title, safety: "suggested", edits }];
}
