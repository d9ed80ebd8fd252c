// Shell inside a scalar, as far as colours need it: what stands where a command can begin, strings, substitutions, operators,
// and container commands with their verbs and options. One set of rules for each way in which YAML writes a scalar, because
// each has its own end, at which all that is open in it must stop.
import { included, named, OWN, type GrammarRule } from "./rule";

/** Keys whose values are shell. https://docs.gitlab.com/ci/yaml/#script and `#hookspre_get_sources_script` */
export const SCRIPT_KEY = "(?:(?:before_|after_)?script|pre_get_sources_script)";

/** Blanks at the beginning of a line. Oniguruma looks back step by step, so all that it looks back over has a bound. */
export const INDENTATION = "[ ]{0,200}";

/** From the beginning of a line to where a scalar of a script begins: `- `, `script: `, an anchor or a tag. */
export const TO_SCALAR = `(?:-[ ]{1,20}){0,5}(?:${SCRIPT_KEY}[ ]{0,4}:[ ]{1,20})?(?:[&!][^ ]{1,60}[ ]{1,9}){0,2}`;

/** Words and assignments that may stand before a command: `if ! sudo -E docker`, `DOCKER_BUILDKIT=1 docker`. */
const BEFORE_COMMAND =
  "(?:(?:then|do|else|elif|if|while|until|sudo|env|exec|time|command|nohup|retry)(?:[ \\t]{1,9}-[\\w-]{1,20}){0,3}[ \\t]{1,9}|![ \\t]{1,9}|[A-Za-z_][A-Za-z0-9_]{0,60}=[^ \\t;&|]{0,120}[ \\t]{1,9}){0,4}";

/**
 * Where a command begins: in the scalar, behind an operator, in an entry of a flow sequence, in a branch of `case`. What must
 * follow is looked at first, because it rarely does.
 */
const atCommand = (follows: string): string =>
  `(?<![\\w./~-])(?=${follows})(?<=(?:^${INDENTATION}${TO_SCALAR}["']?|[;&|(\`{][ \\t]{0,9}|[\\[,][ ]{0,9}["']|^${INDENTATION}[\\w.*?|/-]{1,60}\\)[ \\t]{1,9})${BEFORE_COMMAND})`;

const CONTAINER_TOOL =
  "(?:[\\w.~-]*/[\\w./~-]*)?(?:docker-compose|docker|podman|nerdctl|buildah|buildctl-daemonless\\.sh|buildctl|skopeo|crane|regctl|/kaniko/executor)";
const GROUPS =
  "builder|buildx|compose|config|container|context|image|manifest|network|plugin|registry|repo|stack|swarm|system|tag|trust|volume";

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
const KEYWORDS = "if|then|elif|else|fi|while|until|do|done|case|esac|select|function";
const BUILTINS =
  "alias|cd|declare|echo|eval|exec|exit|export|local|printf|pwd|read|readonly|return|set|shift|source|test|trap|type|umask|unalias|unset|wait";
const WORD_END = "(?=[ \\t;&|)\"'`]|\\\\?$)";

/** How YAML writes the scalar that holds the shell text. */
interface Style {
  readonly id: "block" | "folded" | "plain" | "double" | "single";
  /** What ends everything that is open in it; undefined where only the scalar's own last line does. */
  readonly stop: string | undefined;
  /** The double quote of the shell as it is written there. */
  readonly doubleQuote: string;
  /** Whether the shell's single quote can be told apart. */
  readonly hasSingleQuotes: boolean;
  /** Whether a line of it is a line of the shell, so that commands, comments and here-documents end as in a file. */
  readonly isByLine: boolean;
}

const STYLES: readonly Style[] = [
  { id: "block", stop: undefined, doubleQuote: '"', hasSingleQuotes: true, isByLine: true },
  { id: "folded", stop: undefined, doubleQuote: '"', hasSingleQuotes: true, isByLine: false },
  { id: "plain", stop: "(?=[ \\t]#)|$", doubleQuote: '"', hasSingleQuotes: true, isByLine: false },
  { id: "double", stop: '(?=(?<!\\\\)")', doubleQuote: '\\\\"', hasSingleQuotes: true, isByLine: false },
  { id: "single", stop: "(?=(?<!')'(?!'))", doubleQuote: '"', hasSingleQuotes: false, isByLine: false },
];

const or = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join("|");

/** The rules of all styles, by their names in the grammar's repository: `shell-block`, `command-plain`, … */
export function shellRules(): Readonly<Record<string, GrammarRule>> {
  const own = STYLES.flatMap((style) => [
    [`shell-${style.id}`, shellIn(style)] as const,
    [`command-${style.id}`, commandIn(style)] as const,
    [`string-${style.id}`, stringIn(style)] as const,
    [`substitution-${style.id}`, substitutionIn(style)] as const,
  ]);
  return {
    ...Object.fromEntries(own),
    "command-head": COMMAND_HEAD,
    option: OPTION,
    words: WORDS,
    "word-at-command": WORD_AT_COMMAND,
    operator: OPERATOR,
  };
}

const shellIn = ({ id, isByLine }: Style): GrammarRule => ({
  patterns: [
    ...(isByLine ? [COMMENT, HERE_DOCUMENT] : []),
    ...(id === "double" ? included("escape") : [ESCAPED]),
    ...included("words", `command-${id}`, `substitution-${id}`, `string-${id}`, "operator", "expansions"),
  ],
});

/** A container command up to the end of its words. */
const commandIn = ({ id, stop, isByLine }: Style): GrammarRule => ({
  name: `meta.command.container.${OWN}`,
  begin: atCommand(`${CONTAINER_TOOL}(?:[ \\t]|\\\\?$|[;&|)\`"'])`),
  end: or(
    "(?=[;&|)`])",
    isByLine ? "(?=[ \\t]#)|(?<!\\\\)$" : undefined,
    id === "plain" ? "(?=[ \\t]#)|(?<!\\\\)$" : stop,
  ),
  patterns: [
    ...(isByLine ? [HERE_DOCUMENT] : []),
    ...(id === "double" ? included("escape") : [ESCAPED]),
    ...included("command-head", "option", `substitution-${id}`, `string-${id}`),
    REDIRECTION,
    ...included("expansions"),
  ],
});

const stringIn = ({ id, stop, doubleQuote, hasSingleQuotes }: Style): GrammarRule => {
  const double: GrammarRule = {
    name: "string.quoted.double.shell",
    begin: doubleQuote,
    end: or(doubleQuote, stop),
    patterns: [
      id === "double" ? ESCAPED_BUT_QUOTES : ESCAPED,
      ...included(`substitution-${id}`, "expansions"),
    ],
  };
  const single: GrammarRule = {
    name: "string.quoted.single.shell",
    begin: "'",
    end: or("'", stop),
    patterns: [INPUT_IN_STRING],
  };
  return { patterns: hasSingleQuotes ? [double, single] : [double] };
};

/** GitLab puts inputs in everywhere, also where the shell would expand nothing. */
const INPUT_IN_STRING: GrammarRule = { include: "#input" };

const substitutionIn = ({ id, stop }: Style): GrammarRule => ({
  patterns: [
    arithmeticUntil(stop),
    {
      name: "meta.substitution.shell",
      begin: "\\$\\(",
      beginCaptures: { "0": named("punctuation.definition.substitution.begin.shell") },
      end: or("(\\))", stop),
      endCaptures: { "1": named("punctuation.definition.substitution.end.shell") },
      patterns: included(`shell-${id}`),
    },
  ],
});

const COMMAND_HEAD: GrammarRule = {
  match: `\\G(${CONTAINER_TOOL})((?:[ \\t]+--?[A-Za-z][\\w-]*(?:=[^ \\t]+)?)*)(?:[ \\t]+(${GROUPS})(?=[ \\t]|\\\\?$))?(?:[ \\t]+([a-z][a-z-]*)(?=[ \\t"';&|)]|\\\\?$))?`,
  captures: {
    "1": named(`support.function.container.${OWN}`),
    "2": { patterns: included("option", "expansions") },
    "3": named(`keyword.control.verb.container.${OWN}`),
    "4": named(`keyword.control.verb.container.${OWN}`),
  },
};

const OPTION: GrammarRule = {
  match: "(?<=^|[ \\t])--?[A-Za-z][A-Za-z0-9-]*",
  name: `constant.other.option.container.${OWN} entity.other.attribute-name.option.${OWN}`,
};

const ASSIGNMENT = {
  "1": named("variable.other.assignment.shell"),
  "2": named("keyword.operator.assignment.shell"),
};

/** What only means something where a command begins, and what belongs to it. */
const WORDS: GrammarRule = {
  patterns: [
    {
      match: `(?<=[ \\t])(?=${NAME}\\+?=)(?<=\\b(?:export|local|readonly|declare)[ \\t]{1,9}(?:-[A-Za-z]{1,9}[ \\t]{1,9})?)(${NAME})(\\+?=)`,
      captures: ASSIGNMENT,
    },
    {
      match: `(?=in[ \\t]*$)(?<=^${INDENTATION}case[ \\t][^;]{1,200}[ \\t])in`,
      name: "keyword.control.shell",
    },
    { include: "#word-at-command" },
  ],
};

const WORD_AT_COMMAND: GrammarRule = {
  match: `${atCommand(`(?:for[ \\t]|(?:${KEYWORDS}|${BUILTINS})${WORD_END}|${NAME}\\+?=)`)}(?:(for)[ \\t]+(${NAME})(?:[ \\t]+(in)(?=[ \\t]))?|(${KEYWORDS})${WORD_END}|(${BUILTINS})${WORD_END}|(${NAME})(\\+?=)(?!=))`,
  captures: {
    "1": named("keyword.control.shell"),
    "2": named("variable.other.loop.shell"),
    "3": named("keyword.control.shell"),
    "4": named("keyword.control.shell"),
    "5": named("support.function.builtin.shell"),
    "6": named("variable.other.assignment.shell"),
    "7": named("keyword.operator.assignment.shell"),
  },
};

/** `$(( … ))` holds no commands and no redirections. */
const arithmeticUntil = (stop: string | undefined): GrammarRule => ({
  name: "meta.arithmetic.shell",
  begin: "\\$\\(\\(",
  beginCaptures: { "0": named("punctuation.definition.arithmetic.begin.shell") },
  end: or("(\\)\\))", stop),
  endCaptures: { "1": named("punctuation.definition.arithmetic.end.shell") },
  patterns: included("expansions"),
});

const REDIRECTION: GrammarRule = {
  match: "(?:(?<=[ \\t])\\d|&)?(?:<<<|>>|>\\||>&(?:\\d|-)?|<&|<>|[<>])(?!\\()",
  name: "keyword.operator.redirect.shell",
};

const OPERATOR: GrammarRule = {
  patterns: [
    REDIRECTION,
    { match: "&&|\\|\\|", name: "keyword.operator.logical.shell" },
    { match: "\\|&?", name: "keyword.operator.pipe.shell" },
    { match: ";;&?|;&?|&", name: "keyword.operator.list.shell" },
  ],
};

const COMMENT: GrammarRule = {
  match: "(?<=^|[ \\t;&|(])(#).*$",
  name: "comment.line.number-sign.shell",
  captures: { "1": named("punctuation.definition.comment.shell") },
};

/** `\"` opens no string; `\$X` is no variable. */
const ESCAPED: GrammarRule = {
  match: "\\\\[^\\n]",
  comment: "An escaped character begins and ends nothing.",
};

const ESCAPED_BUT_QUOTES: GrammarRule = {
  match: "\\\\[$`\\\\]",
  comment: "In YAML's double quotes an escaped quote is the quote of the shell.",
};

const HERE_DOCUMENT: GrammarRule = {
  name: "string.unquoted.heredoc.shell",
  begin: "(?<!<)(<<-?)[ ]*([\"']?)([A-Za-z_][A-Za-z0-9_]*)\\2(?=[ \\t;&|)>]|$)",
  beginCaptures: {
    "1": named("keyword.operator.heredoc.shell"),
    "3": named("keyword.control.heredoc-token.shell"),
  },
  end: `(?=\\3[ \\t]*$)(?<=^${INDENTATION})(\\3)`,
  endCaptures: { "1": named("keyword.control.heredoc-token.shell") },
  patterns: included("expansions"),
};
