// The yardstick for a cold start: reads the files of a repository and parses them, and does nothing else. Bundled by the bench.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { parseAllDocuments } from "yaml";

const root = process.argv[2];
let count = 0;
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const text = readFileSync(path.join(entry.parentPath ?? entry.path, entry.name), "utf8");
  if (/\.ya?ml$/.test(entry.name)) count += parseAllDocuments(text).length;
  else if (/^Dockerfile/.test(entry.name)) count += DockerfileParser.parse(text).getInstructions().length;
}
console.log(count);
