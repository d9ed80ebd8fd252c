// Our own Dockerfile tree. The whole file is one chunk.
import type { Chunk, Origin } from "../text/located";
import type { MappedText } from "../text/mapped-text";
import type { FilePath } from "../text/source-file";
import type { SyntaxProblem } from "./yaml-nodes";

/**
 * A word behind the keyword: an operand of COPY, `NAME=value` of ARG. Continuations inside it are removed, quotes are
 * kept. A string of the JSON form has the decoded text, and its place includes the quotes.
 */
export interface DockerfileWord {
  readonly text: string;
  readonly at: Origin;
}

/** `--from=builder`. */
export interface DockerfileFlag {
  /** For `--from=builder` this is "from". */
  readonly name: string;
  /** Without quotes; undefined where no `=` is written. */
  readonly value: string | undefined;
  readonly at: Origin;
  /** Behind the `=`, quotes included. */
  readonly valueAt: Origin | undefined;
}

/** `NAME=value` of ARG, ENV and LABEL, after quote removal; `ENV NAME value` too. */
export interface DockerfileAssignment {
  readonly name: string;
  readonly nameAt: Origin;
  /** After quote removal; `\$` keeps its backslash, so that it is told from a variable. Undefined for `ARG NAME`. */
  readonly value: string | undefined;
  /** The text between the quotes where one pair of quotes holds all of it; otherwise everything behind the `=`. */
  readonly valueAt: Origin | undefined;
}

export interface DockerfileHeredoc {
  readonly delimiter: string;
  /** The lines in front of the delimiter's; for `<<-` without the tabs at their starts. */
  readonly body: MappedText;
}

export interface DockerfileInstruction {
  /** Upper case: "COPY". For ONBUILD the keyword of the trigger stands in `trigger`. */
  readonly keyword: string;
  readonly keywordAt: Origin;
  /** The whole instruction, heredocs included. */
  readonly at: Origin;
  /** Everything behind the keyword and its flags, continuations and their comments removed, heredoc bodies left out. */
  readonly rest: MappedText;
  readonly flags: readonly DockerfileFlag[];
  /**
   * Operands in shell form, split as BuildKit splits them: for ADD, COPY, EXPOSE, FROM and VOLUME at every blank, for
   * all others at blanks outside quotes. Empty where `json` is set, except for the `CMD` of HEALTHCHECK.
   */
  readonly words: readonly DockerfileWord[];
  /**
   * Strings of the exec (JSON) form; undefined where the operand is no JSON array of strings. For `HEALTHCHECK CMD […]`
   * the strings behind `CMD`.
   */
  readonly json: readonly DockerfileWord[] | undefined;
  /** ARG, ENV, LABEL. */
  readonly assignments: readonly DockerfileAssignment[];
  readonly heredocs: readonly DockerfileHeredoc[];
  /** The instruction behind ONBUILD. */
  readonly trigger: DockerfileInstruction | undefined;
}

export interface DockerfileDirective {
  /** Lower case: "syntax", "escape", "check". */
  readonly name: string;
  readonly value: string;
  readonly at: Origin;
}

export interface DockerfileTree {
  readonly path: FilePath;
  readonly chunk: Chunk;
  readonly directives: readonly DockerfileDirective[];
  readonly escape: "\\" | "`";
  readonly instructions: readonly DockerfileInstruction[];
  readonly problems: readonly SyntaxProblem[];
}
