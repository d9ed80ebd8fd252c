// What a rule is: a plain object in one file, that says what it inspects, how it speaks, its page and its check.
import type { Chunk, Hop, Located, Origin, Place } from "../text/located";
import type { ChunkEdit, TextEdit } from "../text/edit";
import type { FilePath } from "../text/source-file";
import type { QueryContext } from "../query/query";
import type { Severity } from "../settings/settings";
import type { DockerfileTree } from "../syntax/dockerfile-nodes";
import type { YamlFile } from "../syntax/yaml-nodes";
import type { Job, Pipeline } from "../model/pipeline/job";
import type { RegisterLine } from "../model/runner/register";
import type { RunnerConfig } from "../model/runner/runner";

export type Confidence = "certain" | "likely";

/** What a rule may ask to look at, one at a time. */
export interface Subjects {
  /** Each visible effective job; hidden jobs too for rules that set `alsoTemplates`, when no job extends them. */
  job: Job;
  pipeline: Pipeline;
  /** A pipeline file as it is written, included or not. */
  "ci-file": YamlFile;
  dockerfile: DockerfileTree;
  "runner-config": RunnerConfig;
  /** A command line that registers a runner, wherever it stands. */
  "register-line": RegisterLine;
}
export type Subject = keyof Subjects;

export interface RuleDocs {
  /** One sentence or two: what is reported. */
  readonly what: string;
  /** Why it fails, with the error text that people search for. */
  readonly why: string;
  /** What to do, where the fix's title does not say it all. */
  readonly fix?: string;
  readonly example: {
    /** The file that the example is; ".gitlab-ci.yml" unless said. */
    readonly file?: FilePath;
    readonly bad: string;
    readonly good: string;
    /** Further files that both examples need: path -> text. */
    readonly with?: Readonly<Record<FilePath, string>>;
  };
  /** URLs of documentation or source that prove the facts. */
  readonly references: readonly string[];
}

export interface RuleMeta {
  /** Kebab-case, equal to the file's name; names the fault. */
  readonly id: string;
  /** The fault in a few words, without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** Version that brought the rule. */
  readonly since: string;
  readonly docs: RuleDocs;
}

export interface RuleContext extends QueryContext {
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Rule<S extends Subject> extends RuleMeta {
  readonly inspects: S;
  /** True for rules about one line of text: they also judge hidden jobs that nobody extends, one severity lower. */
  readonly alsoTemplates?: boolean;
  /** True where GitLab rejects the whole pipeline, so that `allow_failure` on the job does not make it any better. */
  readonly rejectsPipeline?: boolean;
  check(subject: Subjects[S], ctx: RuleContext): Iterable<Report>;
  /** The same fault where it stands in subjects of other kinds: a secret in a job's command, and in a Dockerfile. */
  readonly alsoInspects?: MoreChecks;
}

/** Checks by the kind of subject that they look at. */
export type MoreChecks = {
  readonly [S in Subject]?: (subject: Subjects[S], ctx: RuleContext) => Iterable<Report>;
};

/** Whether a rule has a check for subjects of a kind. */
export const looksAt = (rule: AnyRule, subject: Subject): boolean =>
  rule.inspects === subject || rule.alsoInspects?.[subject] !== undefined;

/** Any rule, for the registry: narrowing on `inspects` narrows `check`. */
export type AnyRule = { [S in Subject]: Rule<S> }[Subject];

export const defineRule = <S extends Subject>(rule: Rule<S>): Rule<S> => rule;

/** What a rule yields. The engine adds id, default severity, job names and a related place for each hop of `at`. */
export interface Report {
  readonly at: Origin | Located<unknown> | Pick<Located<unknown>, "at" | "via">;
  /** The job that it is about, for rules that look at a whole pipeline. */
  readonly job?: Job;
  /** What is wrong, why it fails, what to do: one sentence without a full stop, names in backquotes. */
  readonly message: string;
  /** Where it differs from the rule's own: lowered where the runner or a file is unknown. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly related?: readonly { readonly at: Origin; readonly message: string }[];
  readonly fixes?: readonly FixDraft[];
}

export type FixSafety = "safe" | "suggested" | "manual";

/** A fix as a rule makes it: edits relative to chunks, in any files. */
export interface FixDraft {
  /** Imperative: "Add the build context `.`". */
  readonly title: string;
  /**
   * `safe` keeps the meaning and may be applied unasked (fix-all, `--fix`). `suggested` needs somebody who looks at the result
   * (`--fix-suggested`). `manual` states something that only a person knows, such as what a runner can do: in the editor alone.
   */
  readonly safety: FixSafety;
  readonly edits: readonly ChunkEdit[];
  /** Files to create, where the fix needs one that is not there (`.gitlab-ci-docker.yml`). */
  readonly creates?: readonly { readonly file: FilePath; readonly text: string }[];
}

/** Plain data, no functions, no model objects: what every reporter prints and every editor shows. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly at: Place;
  /** Names of the jobs that are affected, sorted as in the pipeline; empty for findings that are about no job. */
  readonly jobs: readonly string[];
  readonly related: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes: readonly Fix[];
  /** Stays the same while the text around it moves: hash of rule, path, written text and its ordinal. */
  readonly fingerprint: string;
}

export interface Fix {
  readonly title: string;
  readonly safety: FixSafety;
  readonly edits: readonly TextEdit[];
  readonly creates: readonly { readonly file: FilePath; readonly text: string }[];
}

/** What could not be read, resolved or included. Not a rule: it can't be switched off, and says why rules are silent. */
export interface Problem {
  readonly message: string;
  readonly at: Place;
  /** "hint" for what is right in itself but out of our reach, such as an include of another project. */
  readonly severity: Severity;
}

/** An error of ours inside one rule on one subject; everything else is still reported. */
export interface Fault {
  readonly rule: string;
  readonly subject: string;
  readonly error: string;
}

export type { Chunk, Hop, Located, Origin, Place };
