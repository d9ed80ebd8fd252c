// Our own shell tree. Offsets are into the decoded text of the script (a MappedText gives their place in the file).

/** Half-open range of UTF-16 offsets into the script's decoded text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type WordPart =
  /** Text after removal of quotes and backslashes. `quoted` where it stood in any quotes or behind a backslash. */
  | (TextRange & { readonly kind: "literal"; readonly text: string; readonly quoted: boolean })
  /**
   * `$NAME`, `${NAME}`, `${NAME:-default}`… `operator` is what follows the name inside the braces (":-", "//", "#"…),
   * `argument` its text. Positional and special parameters have names such as "1", "@", "?".
   * `${#X}` has the operator "#" and `${!X}` the operator "!", both without an argument; `${A[0]}` has "[" and "0".
   * GitLab's `$[[ inputs.x ]]`, which is filled in before any shell runs, is a variable named "[[ inputs.x ]]".
   * `~` at the start of a word is the variable "HOME". `nested`: the commands inside the braces, where there are any.
   */
  | (TextRange & {
      readonly kind: "variable";
      readonly name: string;
      readonly operator: string | undefined;
      readonly argument: string | undefined;
      readonly quoted: boolean;
      readonly nested?: readonly ShellScript[];
    })
  /** `$(…)`, backquotes, `<(…)`, `>(…)`. */
  | (TextRange & {
      readonly kind: "command";
      readonly script: ShellScript;
      readonly quoted: boolean;
      readonly process: boolean;
    })
  /** `$((…))`; `text` is what stands between the parentheses. */
  | (TextRange & {
      readonly kind: "arithmetic";
      readonly text: string;
      readonly quoted: boolean;
      readonly nested?: readonly ShellScript[];
    })
  /** `*`, `?`, `[…]`, `{a,b}` unquoted: text that the shell may expand to several words. */
  | (TextRange & { readonly kind: "glob"; readonly text: string; readonly nested?: readonly ShellScript[] });

export interface Word extends TextRange {
  /** As written. */
  readonly source: string;
  readonly parts: readonly WordPart[];
  /** After quote removal, with every expansion as in the source: what `argv` shows. */
  readonly text: string;
  /** True where the text holds no expansion at all, so that it is what the command gets. */
  readonly isStatic: boolean;
}

export interface Assignment extends TextRange {
  readonly name: string;
  readonly append: boolean;
  /** An empty word for `X=`; undefined for an array, whose words stand in `elements`. */
  readonly value: Word | undefined;
  readonly elements?: readonly Word[];
}

export interface Redirect extends TextRange {
  /** Without the descriptor in front: ">" for `2>x`. */
  readonly operator: string;
  /** What stands in front of the operator: "2" for `2>x`. */
  readonly descriptor?: string;
  /** The file or descriptor; undefined for a here-document. */
  readonly target: Word | undefined;
  /** The body of a here-document, as written, or of a here-string. */
  readonly body: (TextRange & { readonly text: string; readonly parts?: readonly WordPart[] }) | undefined;
  /** Set for a here-document whose end is missing: it takes the rest of the text, and the shell only warns. */
  readonly unclosed?: true;
}

interface NodeBase extends TextRange {
  /** Set where the command ends in `&`: it runs beside the script. */
  readonly background?: true;
}

export interface SimpleCommand extends NodeBase {
  readonly kind: "command";
  readonly assignments: readonly Assignment[];
  /** Name and arguments; empty for bare assignments. */
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** `a | b`, also a single command with `!` in front. */
export interface Pipeline extends NodeBase {
  readonly kind: "pipeline";
  readonly negated: boolean;
  readonly commands: readonly ShellNode[];
}

/** `a && b || c`: operators[i] stands between items[i] and items[i + 1]. */
export interface AndOr extends NodeBase {
  readonly kind: "and-or";
  readonly items: readonly ShellNode[];
  readonly operators: readonly ("&&" | "||")[];
}

export interface Compound extends NodeBase {
  readonly kind:
    "if" | "while" | "until" | "for" | "select" | "case" | "subshell" | "group" | "test" | "arithmetic";
  /** Commands that decide (the `if`/`elif`/`while` lists); empty where there are none. */
  readonly conditions: readonly ShellNode[];
  /** Commands that run or may run: branches and bodies, in order of the text. */
  readonly bodies: readonly (readonly ShellNode[])[];
  /** Loop variable of `for` and `select`. */
  readonly variable: string | undefined;
  /** Words of `for`, `select` and `case`; operands of `[[ … ]]` and `((…))`. */
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

export interface FunctionDefinition extends NodeBase {
  readonly kind: "function";
  readonly name: string;
  readonly body: readonly ShellNode[];
}

export type ShellNode = SimpleCommand | Pipeline | AndOr | Compound | FunctionDefinition;

export interface ShellProblem extends TextRange {
  readonly message: string;
}

export interface ShellScript extends TextRange {
  readonly nodes: readonly ShellNode[];
  /** At most one, the first; those of nested scripts stand in the outermost one. */
  readonly problems: readonly ShellProblem[];
  /** `posix`: sh or bash. `powershell`: recognised as such; only simple commands are read, nothing is reported as broken. */
  readonly dialect: "posix" | "powershell";
}

/** A simple command with what surrounds it, in order of the text. */
export interface CommandUse {
  readonly command: SimpleCommand;
  /** Inside a branch, a loop body, a case, or right of `&&` / `||`: it may not run. */
  readonly conditional: boolean;
  /**
   * Its failure does not stop the script: left of `||` (with the right side not exiting), condition of `if`/`while`,
   * `!`, not last in a pipe, in the background, in a substitution that is not the value of a bare assignment, or between
   * `set +e` and `set -e`.
   */
  readonly tolerated: boolean;
  /** Left of `&&`: what follows in the list is skipped when it fails, and `set -e` overlooks the failure. */
  readonly beforeAnd: boolean;
  /** The command whose output it reads: `a` for `b` in `a | b`. */
  readonly pipedFrom: SimpleCommand | undefined;
  /** In `(…)`, a substitution or a pipe: its assignments and `cd` are lost. */
  readonly subshell: boolean;
  /** Name of the function whose body it stands in. */
  readonly inFunction: string | undefined;
  /** In `$(…)`, backquotes or a process substitution. */
  readonly inSubstitution: boolean;
}
