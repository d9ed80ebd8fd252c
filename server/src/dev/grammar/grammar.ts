// The two grammars that VS Code adds to YAML's: scripts with their shell, and GitLab's variables in all other values. They are
// written down in `syntaxes/`; `npm run generate` writes them anew.
import type { Output } from "../output";
import { included, named, OWN, type Grammar, type GrammarRule } from "./rule";
import { INDENTATION, SCRIPT_KEY, shellRules, TO_SCALAR } from "./shell";
import { EXPANSIONS, INPUT, REFERENCE, VALUE_EXPANSIONS } from "./variables";

const SECTION = `meta.script.${OWN}`;

/** What begins a scalar, as group 2; group 1 is the indentation that the scalar's further lines must exceed. */
const scalarWith = (begins: string): string => `(?=${begins})(?<=^(${INDENTATION})${TO_SCALAR})(${begins})`;
/** A line that is indented deeper than the first group of `begin`, or blank. What does not match ends all that is open. */
const DEEPER_OR_BLANK = "[ ]*+(?<=^\\1[ ]+)(?=\\S)|(?<=^[ ]*)(?=[ \\t]*$)";

const SCALARS = ["property", "literal", "folded", "double-quoted", "single-quoted", "flow", "plain"];

/**
 * From the key to the first line that is not part of its value: a script section is read whole, so that it looks the same over
 * every YAML grammar; its scalars keep YAML's own scopes.
 */
const SCRIPT_SECTION: GrammarRule = {
  begin: `(?=${SCRIPT_KEY}[ ]*:(?:[ ]|$))(?<=^(${INDENTATION}))`,
  while: "(?<=^[ ]*)(?=[ \\t]*(?:#|$))|[ ]*+(?:(?<=^\\1[ ]+)(?=\\S)|(?<=^\\1)(?=-(?:[ ]|$)))",
  name: SECTION,
  patterns: included("key", "comment", "entry", "item", "reference", ...SCALARS),
};

/** An entry of the list: what is left open in it ends before the next one. */
const ENTRY: GrammarRule = {
  begin: `(?=-)(?<=^(${INDENTATION}))(-)(?=[ ]|$)`,
  beginCaptures: { "2": named("punctuation.definition.block.sequence.item.yaml") },
  while: DEEPER_OR_BLANK,
  patterns: included("comment", "entry", "item", "reference", ...SCALARS),
};

const KEY: GrammarRule = {
  match: `(?=[a-z])(?<=^${INDENTATION})(${SCRIPT_KEY})[ ]*(:)(?=[ ]|$)`,
  captures: {
    "1": named("entity.name.tag.yaml"),
    "2": named("punctuation.separator.key-value.mapping.yaml"),
  },
};

const COMMENT: GrammarRule = {
  match: "(?<=^|[ \\t])(#).*$",
  name: "comment.line.number-sign.yaml",
  captures: { "1": named("punctuation.definition.comment.yaml") },
};

const ITEM: GrammarRule = {
  match: `(?=-)(?<=^${INDENTATION}(?:-[ ]{1,20}){0,5})-(?=[ ]|$)`,
  name: "punctuation.definition.block.sequence.item.yaml",
};

const PROPERTY: GrammarRule = {
  patterns: [
    {
      match: `${scalarWith("&")}([^\\s\\[\\]{},]+)`,
      captures: {
        "2": named("punctuation.definition.anchor.yaml"),
        "3": named("entity.name.type.anchor.yaml"),
      },
    },
    {
      match: `${scalarWith("\\*")}([^\\s\\[\\]{},]+)`,
      captures: { "2": named("punctuation.definition.alias.yaml"), "3": named("variable.other.alias.yaml") },
    },
    {
      match: scalarWith("![^\\s\\[\\]{},]*"),
      captures: { "2": named("storage.type.tag-handle.yaml") },
    },
  ],
};

/** `|` or `>` with its indicators, then lines that are indented deeper. */
const blockScalar = (sign: string, style: string, lines: readonly GrammarRule[]): GrammarRule => ({
  begin: `${scalarWith(sign)}([1-9])?([-+])?([1-9])?(?=[ \\t]*(?:[ \\t]#.*)?$)`,
  beginCaptures: {
    "2": named(`keyword.control.flow.block-scalar.${style}.yaml`),
    "3": named("constant.numeric.indentation-indicator.yaml"),
    "4": named("storage.modifier.chomping-indicator.yaml"),
    "5": named("constant.numeric.indentation-indicator.yaml"),
  },
  while: DEEPER_OR_BLANK,
  patterns: [
    {
      comment: "The rest of the header line.",
      match: "(?<=[|>][-+1-9]{0,3})[ \\t]+(#.*)$",
      captures: { "1": named("comment.line.number-sign.yaml") },
    },
    ...lines,
  ],
});

const LITERAL = blockScalar("\\|", "literal", [
  {
    begin: `(?=\\S)(?<=^${INDENTATION})`,
    end: "(?<!\\\\)$",
    name: "string.unquoted.block.yaml",
    patterns: included("shell-block"),
  },
]);

const FOLDED = blockScalar(">", "folded", [
  {
    comment: "The lines are one line to the shell.",
    begin: `(?=\\S)(?<=^${INDENTATION})`,
    end: "(?!)",
    name: "string.unquoted.block.yaml",
    patterns: included("shell-folded"),
  },
]);

const QUOTES = {
  double: { quote: '"', end: '"', own: included("escape") },
  single: {
    quote: "'",
    end: "'(?!')",
    own: [{ match: "''", name: "constant.character.escape.single-quoted.yaml" }],
  },
} as const;

const quoted = (style: keyof typeof QUOTES, where: "entry" | "flow"): GrammarRule => {
  const { quote, end, own } = QUOTES[style];
  return {
    begin: where === "entry" ? scalarWith(quote) : `()(${quote})`,
    beginCaptures: { "2": named("punctuation.definition.string.begin.yaml") },
    end,
    endCaptures: { "0": named("punctuation.definition.string.end.yaml") },
    name: `string.quoted.${style}.yaml`,
    patterns: [...(style === "single" ? own : []), ...included(`shell-${style}`)],
  };
};

const ESCAPE: GrammarRule = {
  comment: 'All but `\\"`, which is a quote of the shell.',
  match: "\\\\(?:[0abtnvfre /\\\\N_LP]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|$)",
  name: "constant.character.escape.yaml",
};

const FLOW: GrammarRule = {
  begin: scalarWith("\\["),
  beginCaptures: { "2": named("punctuation.definition.sequence.begin.yaml") },
  end: "\\]",
  endCaptures: { "0": named("punctuation.definition.sequence.end.yaml") },
  name: "meta.flow-sequence.yaml",
  patterns: [
    ...included("comment", "reference"),
    { match: ",", name: "punctuation.separator.sequence.yaml" },
    quoted("double", "flow"),
    quoted("single", "flow"),
    {
      begin: "(?=[^\\s,\\]\"'#])",
      end: "(?=[,\\]]|[ \\t]#)|$",
      name: "string.unquoted.plain.in.yaml",
      patterns: included("expansions"),
    },
  ],
};

const PLAIN: GrammarRule = {
  begin: "(?=\\S)",
  end: "(?=[ \\t]#)|$",
  name: "string.unquoted.plain.out.yaml",
  patterns: included("shell-plain"),
};

const SCRIPTS: Grammar = {
  comment:
    "Generated by `npm run generate` from server/src/dev/grammar. Shell inside script, before_script and after_script.",
  scopeName: `${OWN}.injection`,
  injectionSelector: `L:source.yaml - string - comment - ${SECTION}`,
  patterns: included("script-section", "reference"),
  repository: {
    "script-section": SCRIPT_SECTION,
    entry: ENTRY,
    key: KEY,
    comment: COMMENT,
    item: ITEM,
    reference: REFERENCE,
    property: PROPERTY,
    literal: LITERAL,
    folded: FOLDED,
    "double-quoted": quoted("double", "entry"),
    "single-quoted": quoted("single", "entry"),
    escape: ESCAPE,
    flow: FLOW,
    plain: PLAIN,
    ...shellRules(),
    input: INPUT,
    expansions: EXPANSIONS,
  },
};

const VALUES: Grammar = {
  comment:
    "Generated by `npm run generate` from server/src/dev/grammar. GitLab's variables and inputs in values outside of scripts.",
  scopeName: `${OWN}.values.injection`,
  injectionSelector: `L:source.yaml string - comment - ${SECTION}`,
  patterns: VALUE_EXPANSIONS,
  repository: {},
};

/** Both grammars as files. */
export function grammarOutputs(): readonly Output[] {
  return [
    { path: "syntaxes/gitlab-ci-docker.injection.json", text: `${JSON.stringify(SCRIPTS, null, 2)}\n` },
    { path: "syntaxes/gitlab-ci-docker.values.injection.json", text: `${JSON.stringify(VALUES, null, 2)}\n` },
  ];
}
