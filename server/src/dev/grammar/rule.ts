// TextMate rules as VS Code reads them, and the few ways in which our grammars make them.
// https://macromates.com/manual/en/language_grammars ; regular expressions are Oniguruma's, so they are strings here.

export interface GrammarRule {
  readonly comment?: string;
  readonly include?: string;
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly GrammarRule[];
}

export type Captures = Readonly<Record<string, GrammarRule>>;

export interface Grammar {
  readonly comment: string;
  readonly scopeName: string;
  readonly injectionSelector: string;
  readonly patterns: readonly GrammarRule[];
  readonly repository: Readonly<Record<string, GrammarRule>>;
}

/** Scopes of our own end like this; what themes and people know from elsewhere keeps its usual ending. */
export const OWN = "gitlab-ci-docker";

export const named = (name: string): GrammarRule => ({ name });

export const included = (...names: readonly string[]): readonly GrammarRule[] =>
  names.map((name) => ({ include: `#${name}` }));
