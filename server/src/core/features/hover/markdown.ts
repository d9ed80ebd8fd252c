// Small words for writing Markdown that people read in a hover. What comes out of a file is always code, and never markup.

/** Text of a file as inline code; line breaks become blanks, and backquotes are fenced by longer ones. */
export function code(text: string): string {
  const line = text.replace(/\s*\n\s*/g, " ").trim();
  if (line === "") return "*empty*";
  if (!line.includes("`")) return `\`${line}\``;
  const longest = Math.max(...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/** A fenced block. */
export function block(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, "")}\n${fence}`;
}

export const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

/** Paragraphs with an empty line between them; those that are missing or empty are left out. */
export const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n\n");

/** `a`, `b` and `c`; with "or" where only one of them holds at a time. */
export function listed(texts: readonly string[], word: "and" | "or" = "and"): string {
  const last = texts.at(-1);
  if (last === undefined) return "";
  const rest = texts.slice(0, -1);
  return rest.length === 0 ? last : `${rest.join(", ")} ${word} ${last}`;
}

export const link = (text: string, url: string): string => `[${text}](${url})`;
