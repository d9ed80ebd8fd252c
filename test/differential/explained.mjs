// Reads explained.md, the list of differences that are understood. A heading is an explanation; under it stand who is
// right, why, and a block `differences` of lines `input | job | place`, in which `*` stands for any text.
import { readFileSync } from "node:fs";

const VERDICTS = ["ours", "gitlab-ci-local", "either"];

/** Explanations as `{ title, verdict, patterns }`. Throws where the page is not in the format. */
export function readExplained(file) {
  const [, ...sections] = readFileSync(file, "utf8").split(/^## /m);
  return sections.map((section) => {
    const title = section.slice(0, section.indexOf("\n"));
    const verdict = /^Right: (.+)\.$/m.exec(section)?.[1];
    if (!VERDICTS.includes(verdict))
      throw new Error(`${file}: "${title}" needs a line \`Right: ${VERDICTS.join("|")}.\``);
    if (!section.includes("https://")) throw new Error(`${file}: "${title}" needs an address that proves it`);
    const block = /^```differences\n([^]*?)^```/m.exec(section)?.[1] ?? "";
    const lines = block.split("\n").filter((line) => line.trim() !== "");
    return { title, verdict, patterns: lines.map((line) => toPattern(file, line)) };
  });
}

function toPattern(file, line) {
  const parts = line.split(" | ").map((part) => part.trim());
  if (parts.length !== 3) throw new Error(`${file}: \`${line}\` is not \`input | job | place\``);
  const [input, job, place] = parts.map(wildcard);
  return {
    line,
    input,
    matches: (difference) =>
      input.test(difference.input) && job.test(difference.job) && place.test(difference.place),
  };
}

const wildcard = (text) =>
  new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  );

/** The first explanation that lists the difference, and the line that does. */
export function explanationOf(explanations, difference) {
  for (const explanation of explanations) {
    const pattern = explanation.patterns.find((each) => each.matches(difference));
    if (pattern !== undefined) return { explanation, pattern };
  }
  return undefined;
}
