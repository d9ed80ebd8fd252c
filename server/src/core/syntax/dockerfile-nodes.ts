// Our own Dockerfile tree. The whole file is one chunk.
import type { Chunk, Origin } from "../text/located";
import type { MappedText } from "../text/mapped-text";
import type { FilePath } from "../text/source-file";
import type { SyntaxProblem } from "./yaml-nodes";

/** A word behind the keyword: an operand of COPY, `NAME=value` of ARG. Continuations inside it are removed, quotes are kept. */
export interface DockerfileWord {
  readonly text: string;
  readonly at: Origin;
}

/** `--from=builder`. */
export interface DockerfileFlag {
  /** For `--from=builder` this is "from". */
  readonly name: string;
  readonly value: string | undefined;
  readonly at: Origin;
  readonly valueAt: Origin | undefined;
}

/** `NAME=value` of ARG, ENV and LABEL, after quote removal; `ENV NAME value` too. */
export interface DockerfileAssignment {
  readonly name: string;
  readonly nameAt: Origin;
  readonly value: string | undefined;
  readonly valueAt: Origin | undefined;
}

export interface DockerfileHeredoc {
  readonly delimiter: string;
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
  /** Operands in shell form, split at blanks outside quotes; empty where `json` is set. */
  readonly words: readonly DockerfileWord[];
  /** Strings of the exec (JSON) form; undefined where the operand is no JSON array of strings. */
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
