// GitLab's expressions behind `if:` (`$A == "b" && ($C =~ /d/ || $E)`) as trees. Any text is taken; what GitLab would refuse
// gives undefined.
//
// https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions ; lexemes and precedence (comparisons before `&&`
// before `||`) as in lib/gitlab/ci/pipeline/expression/ of https://gitlab.com/gitlab-org/gitlab

/** A value in an expression. Text in quotes is taken as it is: variables inside it are not expanded. */
export type Operand =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "text"; readonly text: string }
  /** A regular expression between its slashes, and the flags behind them. */
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string }
  | { readonly kind: "null" }
  /** `true` and `false` without quotes. */
  | { readonly kind: "boolean"; readonly value: boolean }
  /** `$[[ inputs.x ]]`: known only where the file is included. */
  | { readonly kind: "input" };

export type Comparison = "==" | "!=" | "=~" | "!~";

export type Expression =
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly inner: Expression }
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "value"; readonly value: Operand };

/** GitLab's limit on tokens, without which an expression could nest without bound. */
const MAX_TOKENS = 100;

type Token =
  | { readonly kind: "operand"; readonly operand: Operand }
  | { readonly kind: "operator"; readonly operator: Comparison | "&&" | "||" | "!" }
  | { readonly kind: "open" | "close" };

/** The tree of an expression; undefined where GitLab says "invalid expression syntax". */
export function parseExpression(text: string): Expression | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const state: Reading = { tokens, next: 0 };
  const expression = readOr(state);
  return state.next === tokens.length ? expression : undefined;
}

const LEXEME =
  /\s+|(\()|(\))|(\$\[\[[^\]]*\]\])|\$(\w+)|"([^"]*)"|'([^']*)'|\/((?:[^/\\]|\\[^])+)\/([ismU]*)|(null)\b|(true|false)\b|(==|!=|=~|!~|&&|\|\||!)/y;

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let end = 0; end < text.length;) {
    LEXEME.lastIndex = end;
    const match = LEXEME.exec(text);
    if (match === null || tokens.length > MAX_TOKENS) return undefined;
    end += match[0].length;
    const token = tokenOf(match);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

/** Undefined for blanks. */
function tokenOf(match: RegExpExecArray): Token | undefined {
  const [, open, close, input, variable, double, single, source, flags, nothing, boolean, operator] = match;
  if (open !== undefined) return { kind: "open" };
  if (close !== undefined) return { kind: "close" };
  if (operator !== undefined)
    return { kind: "operator", operator: operator as Comparison | "&&" | "||" | "!" };
  const operand: Operand | undefined =
    input !== undefined
      ? { kind: "input" }
      : variable !== undefined
        ? { kind: "variable", name: variable }
        : source !== undefined
          ? { kind: "pattern", source: source.replaceAll("\\/", "/"), flags: flags ?? "" }
          : nothing !== undefined
            ? { kind: "null" }
            : boolean !== undefined
              ? { kind: "boolean", value: boolean === "true" }
              : textOperand(double ?? single);
  return operand === undefined ? undefined : { kind: "operand", operand };
}

const textOperand = (text: string | undefined): Operand | undefined =>
  text === undefined ? undefined : { kind: "text", text };

interface Reading {
  readonly tokens: readonly Token[];
  next: number;
}

/** Whether the next token is this operator, which is then read. */
function takes(state: Reading, operator: "&&" | "||" | "!"): boolean {
  const token = state.tokens[state.next];
  if (token?.kind !== "operator" || token.operator !== operator) return false;
  state.next += 1;
  return true;
}

function readOr(state: Reading): Expression | undefined {
  let left = readAnd(state);
  while (left !== undefined && takes(state, "||")) {
    const right = readAnd(state);
    left = right && { kind: "or", left, right };
  }
  return left;
}

function readAnd(state: Reading): Expression | undefined {
  let left = readNot(state);
  while (left !== undefined && takes(state, "&&")) {
    const right = readNot(state);
    left = right && { kind: "and", left, right };
  }
  return left;
}

function readNot(state: Reading): Expression | undefined {
  if (!takes(state, "!")) return readComparison(state);
  const inner = readNot(state);
  return inner && { kind: "not", inner };
}

function readComparison(state: Reading): Expression | undefined {
  const token = state.tokens[state.next];
  state.next += 1;
  if (token?.kind === "open") return readInside(state);
  if (token?.kind !== "operand") return undefined;
  const operator = state.tokens[state.next];
  if (operator?.kind !== "operator") return { kind: "value", value: token.operand };
  const sign = operator.operator;
  if (sign === "&&" || sign === "||" || sign === "!") return { kind: "value", value: token.operand };
  const right = state.tokens[state.next + 1];
  state.next += 2;
  return right?.kind === "operand"
    ? { kind: "compare", operator: sign, left: token.operand, right: right.operand }
    : undefined;
}

function readInside(state: Reading): Expression | undefined {
  const inner = readOr(state);
  const close = state.tokens[state.next];
  state.next += 1;
  return close?.kind === "close" ? inner : undefined;
}
