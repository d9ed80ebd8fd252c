// The items of `only:refs` and `except:refs`, and what `rules:if` has to say for each of them.
// lib/gitlab/ci/build/policy/refs.rb , lib/gitlab/untrusted_regexp/ruby_syntax.rb of gitlab-org/gitlab
import { canMatchEmpty } from "./when-name";
import { namesOf } from "./when-only";
import { PIPELINE_SOURCES, type PipelineSource } from "./when-way";

/** The refs that names, patterns and the keywords `branches` and `tags` are about; pipelines of merge requests are neither. */
export type NamedRef = "branch" | "tag";

/** One item of a policy, as far as `rules:if` can say the same. Branches that are called like a keyword are not thought of. */
export interface PolicyItem {
  readonly what:
    | { readonly kind: "ref"; readonly ref: NamedRef }
    | { readonly kind: "source"; readonly source: PipelineSource }
    | { readonly kind: "name"; readonly name: string }
    /** A regular expression between slashes with its flags, in the way of `rules:if`. */
    | { readonly kind: "pattern"; readonly pattern: string };
  /** `main@group/project`: only there. */
  readonly project: string | undefined;
}

/** An item of a policy; undefined where `rules:if` cannot say the same, or nobody knows what it means. */
export function policyItemOf(text: string): PolicyItem | undefined {
  // GitLab cuts at the first `@`, in a regular expression too.
  const at = text.indexOf("@");
  const ref = at === -1 ? text : text.slice(0, at);
  const project = at === -1 ? undefined : text.slice(at + 1);
  if (project !== undefined && !/^[\w./-]+$/.test(project)) return undefined;
  const what = whatOf(ref);
  return what === undefined ? undefined : { what, project };
}

function whatOf(ref: string): PolicyItem["what"] | undefined {
  if (ref === "branches") return { kind: "ref", ref: "branch" };
  if (ref === "tags") return { kind: "ref", ref: "tag" };
  const source = PIPELINE_SOURCES.find((each) => namesOf(each).includes(ref));
  if (source !== undefined) return { kind: "source", source };
  if (ref.startsWith("/")) {
    const pattern = patternOf(ref);
    return pattern === undefined ? undefined : { kind: "pattern", pattern };
  }
  // Variables are not expanded here; quotes could not be written.
  return ref === "" || /[$"\s]/.test(ref) ? undefined : { kind: "name", name: ref };
}

/**
 * `/^release/.*$/i` in the way of `rules:if`, where a slash inside is escaped. Undefined for what is no pattern there, and for one
 * that matches the empty text: a variable that is not set would match.
 */
function patternOf(ref: string): string | undefined {
  const [, source, flags = ""] = /^\/(.+)\/([ismU]*)$/.exec(ref) ?? [];
  // The pattern of a variable expression has two characters at least. lib/gitlab/ci/pipeline/expression/lexeme/pattern.rb
  if (source === undefined || source.length < 2 || /\(\?(?!:)|\s|\\$/.test(source)) return undefined;
  if (canMatchEmpty(source)) return undefined;
  return `/${source.replace(/\\.|\//g, (part) => (part === "/" ? "\\/" : part))}/${flags}`;
}

const VARIABLES: Readonly<Record<NamedRef, string>> = {
  branch: "$CI_COMMIT_BRANCH",
  tag: "$CI_COMMIT_TAG",
};

/** The expression of `rules:if` that holds in the same pipelines as an item, for the kinds of refs that are given; undefined for none. */
export function expressionOf({ what, project }: PolicyItem, refs: ReadonlySet<NamedRef>): string | undefined {
  const expression = expressionFor(what, refs);
  if (expression === undefined || project === undefined) return expression;
  return `$CI_PROJECT_PATH == "${project}" && ${inParentheses(expression)}`;
}

function expressionFor(what: PolicyItem["what"], refs: ReadonlySet<NamedRef>): string | undefined {
  const anyOf = (text: (variable: string) => string): string | undefined =>
    refs.size === 0 ? undefined : [...refs].map((ref) => text(VARIABLES[ref])).join(" || ");
  switch (what.kind) {
    case "ref":
      return refs.has(what.ref) ? VARIABLES[what.ref] : undefined;
    case "source":
      return `$CI_PIPELINE_SOURCE == "${what.source}"`;
    case "name":
      return anyOf((variable) => `${variable} == "${what.name}"`);
    case "pattern":
      return anyOf((variable) => `${variable} =~ ${what.pattern}`);
  }
}

/** `a || b` behind `&&` needs parentheses. */
export const inParentheses = (expression: string): string =>
  expression.includes("||") ? `(${expression})` : expression;
