// `CMD ["node" "server.js"]`: looks like the exec (JSON) form and is none, so BuildKit takes it for a shell line.
// frontend/dockerfile/parser/line_parsers.go of moby/buildkit
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import { textAt, type Origin } from "../../text/located";
import { CLOSED_BEFORE_END, readArray, type WrittenArray } from "../exec-form";
import { hasPlaceholder, isTemplate } from "../dockerfile-template";
import { indentAt, insertBefore, replaceText, startsLine } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const dockerfileExecFormMalformed = defineRule({
  id: "dockerfile-exec-form-malformed",
  title: "Exec form that is no valid JSON",
  severity: "error",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports operands of `CMD`, `ENTRYPOINT`, `SHELL`, `VOLUME`, `COPY`, `ADD`, `RUN` and `HEALTHCHECK CMD` that begin like a JSON array of strings and are none: a comma is missing or too much, quotes are single or typographic, the bracket is not closed.",
    why: `Docker says nothing: it takes the line for the shell form, builds the image, and the container fails when it starts:
"/bin/sh: [node: not found".`,
    fix: "Write the array as JSON: double quotes, commas between the words, none behind the last.",
    example: {
      file: "Dockerfile",
      bad: `
FROM node:24-alpine
COPY server.js ./
CMD ["node" "server.js"]
`,
      good: `
FROM node:24-alpine
COPY server.js ./
CMD ["node", "server.js"]
`,
    },
    references: [
      "https://docs.docker.com/reference/dockerfile/#exec-form",
      "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/line_parsers.go",
    ],
  },

  *check(dockerfile) {
    if (isTemplate(dockerfile)) return;
    for (const written of dockerfile.instructions) {
      const instruction = written.trigger ?? written;
      const operand = operandOf(instruction);
      if (operand === undefined || !isMeantAsArray(operand.text, instruction.keyword)) continue;
      const fault = faultOf(operand.text);
      if (fault === undefined) continue;
      if (hasPlaceholder(operand.text)) continue;
      const array = readArray(operand.text);
      const todo = array === undefined ? "" : `; write \`${operand.prefix}${array.json}\``;
      yield {
        at: operand.at,
        message: `This is not valid JSON (${fault}), ${consequence(instruction.keyword, operand.text)}${todo}`,
        fixes: array === undefined ? [] : fixFor(written, operand.at, array),
      };
    }
  },
});

interface Operand {
  readonly text: string;
  readonly at: Origin;
  /** What stands before the array, for the message: "CMD ". */
  readonly prefix: string;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  "CMD",
  "ENTRYPOINT",
  "SHELL",
  "VOLUME",
  "COPY",
  "ADD",
  "RUN",
  "HEALTHCHECK",
]);

function operandOf({ keyword, rest }: DockerfileInstruction): Operand | undefined {
  if (!KEYWORDS.has(keyword) || !rest.text.includes("[")) return undefined;
  const before = /^\s*/.exec(rest.text)?.[0].length ?? 0;
  const start = keyword === "HEALTHCHECK" ? (/^\s*CMD\s+/i.exec(rest.text)?.[0].length ?? -1) : before;
  if (start === -1) return undefined;
  const text = rest.text.slice(start).trimEnd();
  return {
    text,
    at: rest.at(start, start + text.length),
    prefix: keyword === "HEALTHCHECK" ? "HEALTHCHECK CMD " : `${keyword} `,
  };
}

const DOUBLE = `"“”„`;
const SINGLE = `'‘’\``;

const OPENING = new RegExp(`^\\[\\s*[${DOUBLE}${SINGLE}]`);

/** `CMD [ -x a ] && exec a` is a shell test. Only a quote behind the bracket, and no operator, says that JSON is meant. */
function isMeantAsArray(text: string, keyword: string): boolean {
  if (!OPENING.test(text)) return false;
  if (/\]\s*(?:&&|\|\||;|\|)/.test(text) || /^\[[^\]]*\s(?:=|==|!=|-[a-z]{1,2})\s/.test(text)) return false;
  return keyword !== "RUN" || /^\[\s*"[^]*\]$/.test(text);
}

/** What is wrong with a JSON array of strings; undefined where it is right. */
function faultOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string")
      ? undefined
      : "an item is no string";
  } catch {
    return reasonOf(text);
  }
}

function reasonOf(text: string): string {
  if (/[“”„‘’]/.test(text)) return "typographic quotes";
  if (!text.includes("]")) return "the bracket is never closed";
  if (CLOSED_BEFORE_END.test(text)) return "text behind the array";
  if (/,\s*\]/.test(text)) return "a comma behind the last item";
  if (/^\[\s*'|[,\s]'[^'"]*'\s*[,\]]/.test(text)) return "single quotes instead of double ones";
  if (/"\s+"/.test(text)) return "a comma is missing";
  if (/\\[^"\\/bfnrtu]/.test(text)) return "a backslash must be doubled";
  return "quotes or commas are missing";
}

function consequence(keyword: string, text: string): string {
  if (keyword === "SHELL") return 'so the build fails with "SHELL requires the arguments to be in JSON form"';
  if (keyword === "COPY" || keyword === "ADD")
    return "so Docker takes its pieces for file names, and the build fails because they are not found";
  if (keyword === "VOLUME") return "so Docker takes its pieces for the names of directories";
  const first = text.split(/\s/)[0]?.replace(/["'“”„‘’]/g, "") ?? "[";
  return `so Docker silently runs it as a shell line and it fails with "/bin/sh: ${first}: not found"`;
}

/** With a variable in it the two forms differ: the exec form does not expand `$HOME`. */
function fixFor(
  instruction: DockerfileInstruction,
  at: Origin,
  { json, comment }: WrittenArray,
): readonly FixDraft[] {
  const written = textAt(at);
  if (written.includes("\n")) return [];
  const safety = json.includes("$") ? "suggested" : "safe";
  if (comment === undefined) return [{ title: "Write a JSON array", safety, edits: [replaceText(at, json)] }];
  if (!startsLine(instruction.at)) return [];
  const above = insertBefore(instruction.at, `${comment}\n${indentAt(instruction.at)}`);
  const title = "Write a JSON array, and move the comment above it";
  return [{ title, safety, edits: [above, replaceText(at, json)] }];
}
