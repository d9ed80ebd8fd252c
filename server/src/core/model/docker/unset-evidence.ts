// What speaks for and against a variable being set where no file of the pipeline sets it. Variables of the user interface are
// seen by nobody, so most names stay open; only a name that the files themselves contradict is worth a word.
import { PREDEFINED_VARIABLES } from "../../data/predefined-variables";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { childStartsOf } from "../pipeline/child-pipelines";
import type { Job } from "../pipeline/job";
import { resultsOf } from "../pipeline/order";
import { jobNamesOf, jobOf, pipelineOf, rootKey, type RootKey } from "../pipeline/resolve";
import { isOwnPipeline } from "../pipeline/roots";
import { splitRootKey } from "../pipeline/root-table";
import { profileOf } from "../runner/profile";
import { jobCommandsOf } from "./job-commands";
import { referenceUsesOf, type ReferenceUse } from "./reference-uses";
import { dotenvSources } from "./variable-of";
import { misspeltName } from "./variable-spelling";

export type UnsetEvidence =
  /** The job's own script sets it, which runs after GitLab and Runner have read the value. */
  | { readonly kind: "own-script" }
  /** The script of another job sets it, in a shell that is gone. */
  | { readonly kind: "other-script"; readonly job: string }
  /** A name that is defined differs from it by a slip. */
  | { readonly kind: "misspelt"; readonly name: string }
  /** It is named after another one that YAML defines and that the job uses in the same way. */
  | { readonly kind: "sibling"; readonly name: string }
  /** Nothing but that no file sets it. */
  | { readonly kind: "none" }
  /** Something may set it, or the name is one that is set outside the files as a rule. */
  | { readonly kind: "settable" };

/** What is to be thought of a variable that no file sets for a job. */
export function unsetEvidence(ctx: QueryContext, job: Job, use: ReferenceUse, name: string): UnsetEvidence {
  const settable: UnsetEvidence = { kind: "settable" };
  if (isOpen(ctx, job) || isSettable(ctx, job, use, name)) return settable;
  if (assigns(job, name)) return use.command === undefined ? { kind: "own-script" } : settable;
  const predefined = name.startsWith("CI_") ? PREDEFINED_VARIABLES.keys() : [];
  const meant = misspeltName(name, [...job.variables.keys(), ...predefined]);
  if (meant !== undefined) return { kind: "misspelt", name: meant };
  if (ctx.get(namesSpokenOf, job.root).has(name)) return settable;
  const other = ctx.get(assigningJob, rootKey(job.root, name));
  if (other !== undefined) return { kind: "other-script", job: other };
  const sibling = siblingOf(ctx, job, name);
  if (sibling !== undefined) return { kind: "sibling", name: sibling };
  return isOutsideName(name) ? settable : { kind: "none" };
}

/** Not all of the pipeline is in sight, or somebody hands variables to it. */
const isOpen = (ctx: QueryContext, job: Job): boolean =>
  !job.isClosed ||
  job.isHidden ||
  !ctx.get(isOwnPipeline, job.root) ||
  ctx.get(childStartsOf, null).has(job.root) ||
  !ctx.get(pipelineOf, job.root).isClosed;

/** Whether something in the files may set it: then nothing is said. */
function isSettable(ctx: QueryContext, job: Job, use: ReferenceUse, name: string): boolean {
  if (job.variables.has(name) || profileOf(ctx, job).environment.has(name)) return true;
  const results = resultsOf(ctx, job);
  if (results.hasForeign || !results.isExact || dotenvSources(ctx, job).length > 0) return true;
  return use.command !== undefined && (SHELL_NAMES.test(name) || setsUnseen(ctx, job));
}

/**
 * A variable of YAML after which the other is named: the job calls one image `$IMAGE_TAG`, which YAML defines, and another one
 * `$BUILD_IMAGE_TAG`. Who defines the one in YAML has forgotten the other.
 */
function siblingOf(ctx: QueryContext, job: Job, name: string): string | undefined {
  const whole = referenceUsesOf(ctx, job)
    .filter(({ role }) => role === "name")
    .flatMap(({ at }) => /^\$\{?(\w+)\}?$/.exec(at.value)?.[1] ?? []);
  if (!whole.includes(name)) return undefined;
  return whole.find(
    (other) =>
      job.variables.has(other) &&
      other.includes("_") &&
      (name.endsWith(`_${other}`) || name.startsWith(`${other}_`)),
  );
}

/** What a shell, or the image that it runs in, has anyway. */
const SHELL_NAMES =
  /^(?:HOSTNAME|USER|LOGNAME|HOME|PWD|OLDPWD|SHELL|TMPDIR|UID|EUID|PPID|RANDOM|SECONDS|LINENO|PATH|LANG|TERM|ARCH|BASH_\w+|DOCKER_VERSION|\w+_VERSION)$/;

/** Commands that set variables whose names are not read: `source x`, `eval …`, `export $(cat .env)`. */
const setsUnseen = (ctx: QueryContext, job: Job): boolean =>
  jobCommandsOf(ctx, job).some(({ argv: [name, ...words] }) => {
    if (name === undefined) return false;
    if (SETTERS.has(name.text)) return !words.some(({ text }) => text.includes("ssh-agent"));
    if (name.text === "printf") return words[0]?.text === "-v";
    return DECLARATIONS.has(name.text) && words.some(({ text }) => /^["']?[$`]/.test(text));
  });

const SETTERS: ReadonlySet<string> = new Set(["source", ".", "eval", "getopts", "mapfile", "readarray"]);
const DECLARATIONS: ReadonlySet<string> = new Set(["export", "declare", "typeset", "local", "readonly"]);

/** Names of secrets, accounts and addresses: those are kept in GitLab's user interface. */
const isOutsideName = (name: string): boolean =>
  /(?:^|_)(?:TOKEN|PASS|PASSWORD|PWD|SECRET|KEY|AUTH|USER|USERNAME|LOGIN|ACCOUNT|ORG|ORGANI[SZ]ATION|GROUP|TEAM|OWNER|NAMESPACE|HOST|HOSTNAME|SERVER|DOMAIN|URL|URI|ADDRESS|ENDPOINT|REGISTRY|REGISTRIES|HUB|DOCKERHUB|HARBOR|NEXUS|ARTIFACTORY|ECR|GCR|ACR|QUAY|GHCR|REPO|REPOSITORY|PROJECT|MIRROR|PROXY|PREFIX|REGION|BUCKET)(?:_|$)/i.test(
    name,
  );

// ---- Assignments

/** Whether a job's own script gives a variable a value that does not come from itself (`X=${X:-1}`). */
function assigns(job: Job, name: string): boolean {
  const assignment = new RegExp(
    `(?:^|[;&|({]|\\bthen\\b|\\bdo\\b|\\belse\\b|\\bexport\\b|\\blocal\\b|\\breadonly\\b)[ \\t]*${name}=(?![^\\n]*\\$\\{?${name}\\b)`,
    "m",
  );
  return job.script.some(({ text }) => text.text.includes(`${name}=`) && assignment.test(text.text));
}

/** The first job of a pipeline whose script assigns a variable. Key: root and the variable's name. */
const assigningJob = defineQuery<RootKey, string | undefined>({
  name: "assigningJob",
  compute: (ctx, key) => {
    const [root, name] = splitRootKey(key);
    return ctx.get(jobNamesOf, root).find((each) => {
      const job = ctx.get(jobOf, rootKey(root, each));
      return job !== undefined && !job.isHidden && assigns(job, name);
    });
  },
});

// ---- Names that the files speak of

/** Names in conditions and comments of a pipeline's files: who asks for a variable, or explains it, knows where it comes from. */
const namesSpokenOf = defineQuery<FilePath, ReadonlySet<string>>({
  name: "namesSpokenOf",
  compute: (ctx, root) => {
    const names = new Set<string>();
    for (const file of ctx.get(pipelineOf, root).files) {
      for (const line of (ctx.file(file)?.text ?? "").split("\n")) {
        if (/^\s*(?:- *)?(?:if:|- ['"]?\$)|==|!=|=~/.test(line)) addAll(names, line.matchAll(/\$\{?(\w+)/g));
        const comment = /(?:^|\s)#(.*)$/.exec(line)?.[1];
        if (comment !== undefined) addAll(names, comment.matchAll(/\b([A-Z][A-Z0-9_]{2,})\b/g));
      }
    }
    return names;
  },
  equals: (a, b) => a.size === b.size && [...a].every((name) => b.has(name)),
});

function addAll(names: Set<string>, matches: Iterable<RegExpExecArray>): void {
  for (const [, name] of matches) if (name !== undefined) names.add(name);
}
