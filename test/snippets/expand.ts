// Turns a snippet into the text that an editor inserts when the user only presses Enter and Tab: the placeholders'
// defaults and the first of each choice. Grammar: the "Snippet Syntax" of the language server protocol, without
// variables and transforms, which our snippets do not use (an unknown `$NAME` is reported, not guessed).

/** The plain text of a snippet body. Throws with the place on a `$` that is neither escaped nor a tab stop. */
export function expandSnippet(body: string): string {
  const defaults = new Map<string, string>();
  const source = body.replace(
    /\\([$}\\])/g,
    (_, escaped: string) => `\u0000${String(escaped.charCodeAt(0))};`,
  );
  const withChoices = source.replace(/\$\{(\d+)\|([^|]*)\|\}/g, (_, stop: string, choices: string) =>
    remember(defaults, stop, choices.split(",")[0] ?? ""),
  );
  const withPlaceholders = withChoices.replace(/\$\{(\d+):([^${}]*)\}/g, (_, stop: string, text: string) =>
    remember(defaults, stop, text),
  );
  const plain = withPlaceholders.replace(/\$\{(\d+)\}|\$(\d+)/g, (_, braced?: string, bare?: string) => {
    const stop = braced ?? bare ?? "";
    const text = defaults.get(stop);
    if (text === undefined && stop !== "0")
      throw new Error(`tab stop ${stop} is used but nowhere given a text`);
    return text ?? "";
  });
  const stray = plain.indexOf("$");
  if (stray >= 0) throw new Error(`unescaped $ at ${plain.slice(stray, stray + 30)}`);
  return plain.replace(/\u0000(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

function remember(defaults: Map<string, string>, stop: string, text: string): string {
  if (!defaults.has(stop)) defaults.set(stop, text);
  return text;
}
