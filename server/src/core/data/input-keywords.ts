// The keywords of one input in a `spec:` header, in our own words.
//
// Read in November 2026: https://docs.gitlab.com/ci/yaml/#specinputs , https://docs.gitlab.com/ci/inputs/

const PAGE = "https://docs.gitlab.com/ci/yaml/";

const TEXTS: Readonly<Record<string, readonly [text: string, anchor: string]>> = {
  default: [
    "What the input is where whoever includes the file sets nothing. Without it the input must be set.",
    "specinputsdefault",
  ],
  description: ["What the input is for: shown to people, and of no effect.", "specinputsdescription"],
  options: ["The only values that the input takes.", "specinputsoptions"],
  regex: ["A pattern, in the syntax RE2, that the input's text must match.", "specinputsregex"],
  rules: ["Options and defaults that hold only if another input has some value.", "specinputsrules"],
  type: ["`string`, `number`, `boolean` or `array`; `string` where none is written.", "specinputstype"],
};

/** What a keyword means below `spec:inputs:<name>`, and its page; undefined where there is none of that name. */
export function inputKeywordText(name: string): { readonly text: string; readonly url: string } | undefined {
  const row = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  return row && { text: row[0], url: `${PAGE}#${row[1]}` };
}
