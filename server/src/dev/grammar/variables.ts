// GitLab's variables and inputs, wherever they are written: `$NAME`, `${NAME:-default}`, `%NAME%`, `$env:NAME`, `$[[ inputs.x ]]`.
import { included, named, OWN, type GrammarRule } from "./rule";

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
/** Names that GitLab gives. https://docs.gitlab.com/ci/variables/predefined_variables/ */
const PREDEFINED = "(?:CI|GITLAB|FF|CHAT|TRIGGER)(?:_[A-Z0-9_]+)?(?![A-Za-z0-9_])";

const VARIABLE = `variable.other.${OWN}`;
const PREDEFINED_VARIABLE = `support.variable.predefined.${OWN}`;
const DOLLAR = named(`punctuation.definition.variable.${OWN}`);

/** `$[[ inputs.image | expand_vars | truncate(0,8) ]]`, on one line: GitLab reads it before the YAML. */
export const INPUT: GrammarRule = {
  match: "(\\$\\[\\[)([^\\]\\n]*)(\\]\\])",
  name: `meta.input.${OWN}`,
  captures: {
    "1": named(`punctuation.definition.input.begin.${OWN}`),
    "2": {
      patterns: [
        {
          match: "\\b(inputs|component)(\\.)([A-Za-z0-9_-]+)",
          captures: {
            "1": named(`support.variable.inputs.${OWN}`),
            "3": named(`variable.parameter.input.${OWN}`),
          },
        },
        {
          match: "(\\|)[ ]*([a-z_]+)",
          captures: {
            "1": named(`keyword.operator.pipe.${OWN}`),
            "2": named(`support.function.input.${OWN}`),
          },
        },
        { match: "(?<=[(,][ ]{0,3})\\d+", name: `constant.numeric.${OWN}` },
      ],
    },
    "3": named(`punctuation.definition.input.end.${OWN}`),
  },
};

const plainVariable = (name: string, scope: string): GrammarRule => ({
  match: `(\\$)${name}`,
  name: scope,
  captures: { "1": DOLLAR },
});

/**
 * `${NAME…}`: the name is a variable, what stands behind it is text that may hold others. A brace that is not closed ends
 * with the quote around it or with the line.
 */
const bracedVariable = (name: string, scope: string): GrammarRule => ({
  begin: `(\\$\\{)[#!]?${name}`,
  beginCaptures: { "0": named(scope), "1": named(`punctuation.definition.variable.begin.${OWN}`) },
  end: '(\\})|(?=["\'])(?!"[^"{}]*"\\})|$',
  endCaptures: { "1": named(`${scope} punctuation.definition.variable.end.${OWN}`) },
  patterns: [
    {
      match: '"([^"{}]*)"(?=\\})',
      name: "string.quoted.double.shell",
      captures: { "1": { patterns: included("expansions") } },
    },
    ...included("expansions"),
  ],
});

export const EXPANSIONS: GrammarRule = {
  patterns: [
    { match: "\\$\\$", name: `constant.character.escape.dollar.${OWN}` },
    INPUT,
    { comment: "PowerShell.", match: `(\\$)env:${NAME}`, name: VARIABLE, captures: { "1": DOLLAR } },
    plainVariable(PREDEFINED, PREDEFINED_VARIABLE),
    plainVariable(NAME, VARIABLE),
    bracedVariable(PREDEFINED, PREDEFINED_VARIABLE),
    bracedVariable(NAME, VARIABLE),
    { match: "(\\$)[0-9@*#?!-]", name: `variable.other.special.shell`, captures: { "1": DOLLAR } },
    {
      comment: "The Windows command prompt. One letter is a format of `date`.",
      match: "(%)[A-Z_][A-Z0-9_]+(%)",
      name: VARIABLE,
      captures: { "1": DOLLAR, "2": DOLLAR },
    },
  ],
};

/** Outside of scripts: names as GitLab and people write them, and nothing that spans a line. */
export const VALUE_EXPANSIONS: readonly GrammarRule[] = [
  { match: "\\$\\$", name: `constant.character.escape.dollar.${OWN}` },
  INPUT,
  plainVariable(PREDEFINED, PREDEFINED_VARIABLE),
  plainVariable("[A-Z][A-Z0-9_]+\\b", VARIABLE),
  ...(
    [
      [PREDEFINED, PREDEFINED_VARIABLE],
      ["[A-Z][A-Z0-9_]+", VARIABLE],
    ] as const
  ).map(([name, scope]) => ({
    match: `(\\$\\{)${name}(\\})`,
    name: scope,
    captures: {
      "1": named(`punctuation.definition.variable.begin.${OWN}`),
      "2": named(`punctuation.definition.variable.end.${OWN}`),
    },
  })),
];

/** `!reference [.job, keyword]`, written on one line. */
export const REFERENCE: GrammarRule = {
  match: "(!reference)[ ]+(\\[)([^\\[\\]\\n]*)(\\])",
  captures: {
    "1": named("storage.type.tag-handle.yaml"),
    "2": named("punctuation.definition.sequence.begin.yaml"),
    "3": {
      patterns: [
        { match: ",", name: "punctuation.separator.sequence.yaml" },
        {
          match: "(?<=\\[[ ]{0,9}[\"']?)[^,\\[\\]\"'\\s][^,\\]\"']*",
          name: `entity.name.function.job.${OWN}`,
        },
        { match: "[^,\\[\\]\"'\\s][^,\\]\"'\\s]*", name: `entity.name.tag.keyword.${OWN}` },
      ],
    },
    "4": named("punctuation.definition.sequence.end.yaml"),
  },
};
