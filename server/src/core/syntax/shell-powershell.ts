// Recognises PowerShell in a script and reads its simple commands softly: enough to find `docker …` in it, never a
// problem to report.
import { createPowerShellReader, type Token } from "./shell-powershell-tokens";
import type {
  Assignment,
  Compound,
  Redirect,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
} from "./shell-nodes";

const verbs =
  "Add|Clear|Compress|Convert|ConvertFrom|ConvertTo|Copy|Disable|Enable|Expand|Export|Find|ForEach|Format|Get|Import|" +
  "Install|Invoke|Join|Measure|Move|New|Out|Pop|Push|Read|Register|Remove|Rename|Resolve|Restart|Save|Select|Set|Sort|" +
  "Split|Start|Stop|Tee|Test|Update|Wait|Where|Write";

/** Each of these alone is enough; none of them is something that one would write in sh or bash. */
const signs: readonly RegExp[] = [
  /\$\{?env:[A-Z_][A-Z0-9_]*/i,
  /^[ \t]*\$(?:\w+:)?[A-Za-z_]\w*(?:\.\w+)*(?:[ \t]+[+-]?=(?![~=])|=[ \t])/m,
  new RegExp(`(?:^|[|;({=])[ \\t]*(?:${verbs})-[A-Z][A-Za-z]+\\b`, "m"),
  /^[ \t]*& +["'$.]/m,
  /\$(?:ErrorActionPreference|LASTEXITCODE|PSVersionTable|PSScriptRoot)\b/,
  /\[[A-Z]\w*(?:\.\w+)*\]::/,
];

/** Not even that much is needed where sh cannot read the text: `if ($x) { … }`, `foreach (…) {`, `try {`. */
const weakSign =
  /^[ \t]*(?:\} *)?(?:(?:if|while|foreach|elseif|else if|switch) *\(.{0,300}\) *\{|try *\{|param *\()/im;

/** True for text that gave errors as sh and has the look of PowerShell. */
export const mayBePowerShell = (text: string): boolean => weakSign.test(text.slice(0, lookedAt));

/** Only the beginning of a text is looked at: a script does not change its language. */
const lookedAt = 20_000;

/**
 * True for text that is PowerShell rather than sh or bash. A command that hands PowerShell code to `pwsh` or
 * `powershell` is an ordinary command.
 */
export function looksLikePowerShell(text: string): boolean {
  const head = text.slice(0, lookedAt);
  if (/^\s*(?:pwsh|powershell)(?:\.exe)?[ \t]/i.test(head)) return false;
  // PowerShell has no here-documents: behind one stands a file of any language.
  const [spoken = ""] = head.replace(/'[^'\n]*'/g, "''").split(/<<-?[ \t]*["'\\\w]/);
  return (
    signs.some((sign) => sign.test(spoken) && !isShellVariable(sign, spoken)) ||
    continuesWithBackticks(spoken)
  );
}

/** `image-$env:latest` is a shell variable named "env" in front of a tag. */
const isShellVariable = (sign: RegExp, text: string): boolean =>
  sign === signs[0] && !/\$\{?env:[A-Z_]{2}|\$Env:|^[ \t]*\$env:/m.test(text);

/** Every backquote ends a line behind a blank, where POSIX shells would have them in pairs around a command. */
function continuesWithBackticks(text: string): boolean {
  const count = text.split("`").length - 1;
  return count > 0 && (text.match(/[^\s`][ \t]+`[ \t]*\n[ \t]*\S/g) ?? []).length === count;
}

/** Blocks inside each other; deeper ones are read as if they were flat. */
const deepestBlock = 50;

/** Reads the simple commands of PowerShell text; see the file's head. */
export function parsePowerShell(text: string): ShellScript {
  const tokens = createPowerShellReader(text, parsePowerShell);
  return {
    start: 0,
    end: text.length,
    nodes: readStatements(tokens, 0),
    problems: [],
    dialect: "powershell",
  };
}

type Tokens = Iterator<Token, undefined>;

/** Statements up to the `}` or `)` that closes the block, or to the end. */
function readStatements(tokens: Tokens, depth: number): readonly ShellNode[] {
  const nodes: ShellNode[] = [];
  let statement = emptyStatement();
  for (let next = tokens.next(); next.done !== true; next = tokens.next()) {
    const token = next.value;
    if (token.kind === "close" && depth > 0) break;
    if (token.kind === "open" && depth < deepestBlock) {
      nodes.push(...blockOf(statement, token, readStatements(tokens, depth + 1)));
      // Behind a parenthesis the command goes on: `docker run (Get-Location) x`.
      if (token.text === "{" && isBranch(statement)) {
        // What stands before the pipe into `ForEach-Object { … }` is a command of its own.
        nodes.push(...nodesOf({ ...statement, words: [], redirects: [] }));
        statement = emptyStatement();
      }
    } else if (token.kind === "end") {
      nodes.push(...nodesOf(statement));
      statement = emptyStatement();
    } else addToken(statement, token);
  }
  nodes.push(...nodesOf(statement));
  return nodes;
}

function addToken(statement: Statement, token: Token): void {
  if (token.kind === "word") statement.words.push(token.word);
  else if (token.kind === "redirect") statement.redirects.push(token.redirect);
  else if (token.kind === "pipe" || token.kind === "logical") connect(statement, token.text);
}

interface Statement {
  /** Finished commands of a pipe or list, and what stands behind each. */
  readonly commands: SimpleCommand[];
  readonly operators: string[];
  words: Word[];
  redirects: Redirect[];
}

const emptyStatement = (): Statement => ({ commands: [], operators: [], words: [], redirects: [] });

const isBranch = (statement: Statement): boolean =>
  /^(?:if|else|elseif|switch|for|foreach|while|do|until|catch|foreach-object|where-object|%|\?)$/i.test(
    statement.words[0]?.text ?? "",
  );

function connect(statement: Statement, operator: string): void {
  const command = commandOf(statement);
  if (command === undefined) return;
  statement.commands.push(command);
  statement.operators.push(operator);
  statement.words = [];
  statement.redirects = [];
}

/** `a | b && c`: pipes bind tighter than lists. */
function nodesOf(statement: Statement): readonly ShellNode[] {
  const last = commandOf(statement);
  const commands = last === undefined ? statement.commands : [...statement.commands, last];
  const items: ShellNode[] = [];
  const operators: ("&&" | "||")[] = [];
  let pipe: SimpleCommand[] = [];
  commands.forEach((command, index) => {
    pipe.push(command);
    const operator = statement.operators[index];
    if (operator === "|" && index < commands.length - 1) return;
    items.push(pipelineOf(pipe));
    pipe = [];
    if ((operator === "&&" || operator === "||") && index < commands.length - 1) operators.push(operator);
  });
  const [only] = items;
  if (only === undefined || items.length === 1) return items;
  return [{ kind: "and-or", start: only.start, end: items.at(-1)?.end ?? only.end, items, operators }];
}

function pipelineOf(commands: readonly SimpleCommand[]): ShellNode {
  const [first, ...others] = commands;
  if (first !== undefined && others.length === 0) return first;
  return {
    kind: "pipeline",
    start: first?.start ?? 0,
    end: commands.at(-1)?.end ?? 0,
    negated: false,
    commands,
  };
}

/** A block holds the commands of `{ … }` or `( … )`; only those behind `if`, `foreach` and the like may not run. */
function blockOf(
  header: Statement,
  opening: { readonly text: string; readonly start: number },
  body: readonly ShellNode[],
): readonly Compound[] {
  if (body.length === 0) return [];
  const kind = opening.text === "{" && isBranch(header) ? "if" : "group";
  const end = body.at(-1)?.end ?? opening.start;
  const nothing = { conditions: [], variable: undefined, words: [], redirects: [] };
  return [{ ...nothing, kind, start: opening.start, end, bodies: [body] }];
}

/** `$x = "value"` is an assignment, `$x = docker ps` the command `docker ps`, `& "C:\x.exe" a` the command `C:\x.exe a`. */
function commandOf({ words, redirects }: Statement): SimpleCommand | undefined {
  const ranges = [...words, ...redirects];
  const [first] = ranges;
  const [target, operator, ...value] = words;
  if (first === undefined || (target !== undefined && isExpression(target, operator))) return undefined;
  const end = ranges.reduce((last, range) => Math.max(last, range.end), first.end);
  const shape = { kind: "command", start: first.start, end, redirects } as const;
  if (target !== undefined && operator?.text === "=") {
    const assigned = assignmentOf(target, value);
    return { ...shape, assignments: [assigned], words: assigned.value === undefined ? value : [] };
  }
  return { ...shape, assignments: [], words: target?.source === "&" ? words.slice(1) : words };
}

/** `$x -ne 0`, `"text"` and `1 + 1`. */
const isExpression = (target: Word, operator: Word | undefined): boolean =>
  /^["'$\d]/.test(target.source) && !(operator?.text === "=" && target.parts[0]?.kind === "variable");

function assignmentOf(target: Word, value: readonly Word[]): Assignment {
  const variable = target.parts[0];
  const name = variable?.kind === "variable" ? variable.name : target.text;
  const [only, ...others] = value;
  const isValue = only !== undefined && others.length === 0 && /^["'$@\d]/.test(only.source);
  return {
    start: target.start,
    end: (isValue ? only : target).end,
    name,
    append: false,
    value: isValue ? only : undefined,
  };
}
