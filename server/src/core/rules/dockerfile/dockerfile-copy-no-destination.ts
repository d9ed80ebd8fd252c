// COPY and ADD with a source and no destination: the build stops at once.
// frontend/dockerfile/instructions/parse.go of moby/buildkit
import type { DockerfileInstruction, DockerfileWord } from "../../syntax/dockerfile-nodes";
import { hasPlaceholder, isTemplate } from "../dockerfile-template";
import { insertAfter } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const dockerfileCopyNoDestination = defineRule({
  id: "dockerfile-copy-no-destination",
  title: "COPY or ADD without a destination",
  severity: "error",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports `COPY` and `ADD` with a single operand, or with none.",
    why: `The last operand is the destination, so nothing is left to copy: "COPY requires at least two arguments, but only one
was provided. Destination could not be determined".`,
    fix: "Add the destination; `./` is the directory that `WORKDIR` set.",
    example: {
      file: "Dockerfile",
      bad: `
FROM node:24-alpine
WORKDIR /app
COPY package.json
RUN npm install
`,
      good: `
FROM node:24-alpine
WORKDIR /app
COPY package.json ./
RUN npm install
`,
    },
    references: [
      "https://docs.docker.com/reference/dockerfile/#copy",
      "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go",
    ],
  },

  *check(dockerfile) {
    if (isTemplate(dockerfile)) return;
    for (const written of dockerfile.instructions) {
      const instruction = written.trigger ?? written;
      if (hasPlaceholder(instruction.rest.text)) continue;
      const { keyword, keywordAt } = instruction;
      if (hasNoOperand(instruction)) {
        yield {
          at: keywordAt,
          message: `\`${keyword}\` needs a source and a destination ("${keyword} requires at least two arguments"); name both`,
        };
        continue;
      }
      const only = onlyOperand(instruction);
      if (only === undefined) continue;
      yield {
        at: only.at,
        message: `\`${keyword}\` needs a source and a destination ("${keyword} requires at least two arguments, but only one was provided. Destination could not be determined"); append \`./\``,
        fixes: [fixFor(instruction, only)],
      };
    }
  },
});

/** `COPY`, `COPY --chown=app` and `COPY []`. */
const hasNoOperand = ({ keyword, words, json, heredocs }: DockerfileInstruction): boolean =>
  (keyword === "COPY" || keyword === "ADD") && (json ?? words).length === 0 && heredocs.length === 0;

/** The operand where there is exactly one; a here-document is an operand too. */
function onlyOperand({ keyword, words, json, heredocs }: DockerfileInstruction): DockerfileWord | undefined {
  if (keyword !== "COPY" && keyword !== "ADD") return undefined;
  const operands = json ?? words;
  const [only, second] = operands;
  if (only === undefined || second !== undefined) return undefined;
  return heredocs.length > 0 && !only.text.startsWith("<<") ? undefined : only;
}

function fixFor({ json }: DockerfileInstruction, only: DockerfileWord): FixDraft {
  const isQuoted = json !== undefined && only.at.chunk.text[only.at.start] !== '"';
  const text = json === undefined ? " ./" : isQuoted ? '", "./' : ', "./"';
  return {
    title: "Append `./` as the destination",
    safety: "suggested",
    edits: [insertAfter(only.at, text)],
  };
}
