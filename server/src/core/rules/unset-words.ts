// What is said of a variable that is empty in a reference: when, what becomes of the reference, and what to do.
import type { ContainerCommand } from "../model/docker/command";
import { showText } from "../model/docker/symbolic";
import type { UnsetEvidence } from "../model/docker/unset-evidence";
import type { UnsetUse } from "../model/docker/unset-variables";
import type { RefKind } from "../model/pipeline/when";
import { sameOrigin, type Origin } from "../text/located";

/** The words behind "so": what becomes of a reference. */
function consequence({ use, part }: UnsetUse): string {
  const { text } = use.reference;
  const left = text.parts.filter((each) => each.kind === "literal" || each.name !== part.name);
  if (left.length > 0)
    return `\`${showText(text)}\` becomes \`${showText({ parts: left })}\`, an "invalid reference format"`;
  const swallowed = use.command && wordBehind(use.command, use.at.at);
  return swallowed === undefined
    ? `nothing is left of \`${showText(text)}\``
    : `\`${swallowed.flag}\` takes \`${swallowed.next}\` for its value`;
}

/** The flag that takes the next word when its own value is empty and not quoted, and that word. */
function wordBehind(
  { flags, argv }: ContainerCommand,
  at: Origin,
): { readonly flag: string; readonly next: string } | undefined {
  const flag = flags.find(({ value }) => value !== undefined && sameOrigin(value.at, at));
  const isQuoted = flag?.value?.word.parts.some((part) => part.kind === "variable" && part.quoted) !== false;
  const next = argv[argv.findIndex((word) => sameOrigin(word.at, at)) + 1]?.text;
  if (flag?.form !== "separate" || isQuoted || next === undefined) return undefined;
  return { flag: flag.written, next };
}

const PIPELINES: Readonly<Record<RefKind, string>> = {
  branch: "branch",
  tag: "tag",
  merge_request: "merge request",
};

/** The message for a variable that is known to be empty. */
export function knownMessage(unset: UnsetUse): string {
  const { part, cause } = unset;
  if (cause.kind !== "predefined")
    return `\`\${${part.name}}\` is not expanded here: GitLab and Runner know no operators of the shell and look for a variable of that whole name, so ${consequence(unset)}; define the variable with its default under \`variables:\``;
  const { emptiness } = cause;
  const kinds = emptiness.refs.map((ref) => PIPELINES[ref]).join(" and ");
  const when =
    emptiness.kind === "always"
      ? `is always empty in this job (it is not set ${part.properties.emptyWhen})`
      : `is empty in ${kinds} pipelines, in which this job runs too`;
  return `\`$${part.name}\` ${when}, so ${consequence(unset)}; ${todoFor(part.name)}`;
}

function todoFor(name: string): string {
  if (name === "CI_COMMIT_TAG") return "run the job for tags alone, or use `$CI_COMMIT_REF_SLUG`";
  if (name === "CI_COMMIT_BRANCH") return "use `$CI_COMMIT_REF_SLUG`";
  if (name.startsWith("CI_MERGE_REQUEST_")) return "run the job in merge request pipelines alone";
  return name.startsWith("CI_ENVIRONMENT_") ? "give the job an `environment`" : "use a variable that is set";
}

/** The message for a variable that no file sets, by what else the files say of it. */
export function unknownMessage(first: UnsetUse, evidence: UnsetEvidence): string {
  const { name } = first.part;
  const then = `so ${consequence(first)}`;
  switch (evidence.kind) {
    case "own-script":
      return `only the job's script sets \`$${name}\`, which runs after the images are started, ${then}; define it under \`variables:\``;
    case "other-script":
      return `only the script of \`${evidence.job}\` sets \`$${name}\`, and variables of a shell end with their job, ${then}; define it under \`variables:\`, or hand it over with \`artifacts:reports:dotenv\``;
    case "misspelt":
      return `no file sets \`$${name}\`, but \`$${evidence.name}\` is set, ${then}; did you mean \`$${evidence.name}\`?`;
    case "sibling":
      return `no file sets \`$${name}\`, as YAML sets \`$${evidence.name}\`, ${then}; define it under \`variables:\``;
    default:
      return `no file sets \`$${name}\`, and if GitLab's user interface does not set it either, ${consequence(first)}; define it under \`variables:\`, or list it under \`variables: known:\` in \`.gitlab-ci-docker.yml\``;
  }
}
