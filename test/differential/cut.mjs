// Cuts what no program can resolve here out of a repository's YAML files, so that the rest can be compared. Only the text
// of the keywords concerned changes: anchors, tags and styles elsewhere stay as they are.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { filesUnder } from "./inputs.mjs";

/** Cuts the includes that lie outside the repository. Returns them: "project group/x". */
export const cutForeignIncludes = (folder) =>
  inEveryFile(folder, (file, text, pairs) => {
    const pair = pairs.find(({ key }) => key?.value === "include");
    if (!pair?.value?.range) return [];
    const items = [pair.value.toJSON() ?? []].flat();
    const foreign = items.filter((item) => foreignKind(item) !== undefined);
    if (foreign.length === 0) return [];
    replace(
      file,
      text,
      pair,
      `include: ${JSON.stringify(items.filter((item) => !foreign.includes(item)))}\n`,
    );
    return foreign.map(
      (item) => `${foreignKind(item)} ${typeof item === "string" ? item : item[foreignKind(item)]}`,
    );
  });

/** Cuts a job wherever it is written. Returns its name once for each place. */
export const cutJob = (folder, name) =>
  inEveryFile(folder, (file, text, pairs) => {
    const pair = pairs.find(({ key, value }) => key?.value === name && value?.range);
    if (pair === undefined) return [];
    replace(file, text, pair, "");
    return [name];
  });

function inEveryFile(folder, cut) {
  return filesUnder(folder)
    .filter((each) => /\.ya?ml$/.test(each))
    .flatMap((each) => {
      const file = path.join(folder, each);
      const text = readFileSync(file, "utf8");
      const documents = parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false });
      return cut(
        file,
        text,
        [...documents].flatMap((document) => document.contents?.items ?? []),
      );
    });
}

const replace = (file, text, { key, value }, put) =>
  writeFileSync(file, `${text.slice(0, key.range[0])}${put}${text.slice(value.range[2])}`);

function foreignKind(item) {
  if (typeof item === "string") return /^https?:/.test(item) ? "remote" : undefined;
  return ["project", "component", "template", "remote"].find((kind) => item?.[kind] !== undefined);
}

/** The job that gitlab-ci-local's message is about, where it lacks something that a file elsewhere may give. */
export function jobThatLacks(refusal) {
  const patterns = [
    /^(.+) must have script specified/,
    /is unspecified, used by (.+) extends/,
    /^needs: \[.*\] for (.+) could not be found/,
    /^dependencies: \[.*\] for (.+) could not be found/,
    /stage:\S+ not found for (.+)$/,
    /^(\S.*) needs: entries cannot be empty/,
  ];
  return patterns.map((pattern) => pattern.exec(refusal)?.[1]).find((name) => name !== undefined);
}
