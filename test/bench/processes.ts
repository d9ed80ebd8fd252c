// Whole processes: a cold check of a small repository against a bundled script that only parses it; and the analysis of
// many real repositories against parsing their files.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { DockerfileParser } from "dockerfile-ast";
import { parseAllDocuments } from "yaml";
import { loadFolder } from "../../server/src/host/load";
import { interleaved, print } from "./measure";

const ROOT = path.resolve(__dirname, "../..");
const EXAMPLE = path.join(ROOT, "examples/broken-build");

export function measureColdCheck(): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "bench-"));
  const floor = path.join(folder, "floor.cjs");
  buildSync({ entryPoints: [path.join(__dirname, "floor.mjs")], bundle: true, platform: "node", target: "node20", format: "cjs", outfile: floor });
  print(
    "Cold start: check of a small repository, whole process",
    interleaved(15, {
      "a bundled script that only parses it": () => run(floor, EXAMPLE),
      "gitlab-ci-docker check": () => run(path.join(ROOT, "dist/cli.js"), "check", EXAMPLE, "--fail-on", "never"),
    }),
    { "gitlab-ci-docker check": 2 },
  );
  rmSync(folder, { recursive: true, force: true });
}

function run(...args: readonly string[]): void {
  // On Node 20 this variable alone adds about 30 ms to every start.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} exited with ${status}\n${stderr}`);
}

/** `corpus`: a folder of repositories; without it this part is left out. */
export function measureCorpus(corpus: string | undefined): void {
  if (corpus === undefined) {
    console.log("\nCorpus: set CORPUS to a folder of repositories to measure it");
    return;
  }
  const repositories = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => path.join(corpus, entry.name));
  const texts = repositories.flatMap(readParsed);
  print(
    `Corpus: ${repositories.length} repositories, ${texts.length} YAML files and Dockerfiles`,
    interleaved(7, {
      "parsing them": () => texts.forEach(parse),
      "reading, parsing and checking all": () => repositories.forEach((repository) => loadFolder(repository).analysis.report()),
    }),
    { "reading, parsing and checking all": 2 },
  );
  console.log(`  peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
}

interface Text {
  readonly kind: "yaml" | "dockerfile";
  readonly text: string;
}

function readParsed(repository: string): readonly Text[] {
  const { analysis, files } = loadFolder(repository);
  return analysis.report().files.flatMap((file): readonly Text[] => {
    const source = files.get(file);
    if (source === undefined || source.kind === "runner-config") return [];
    const text = readFileSync(path.join(repository, file), "utf8");
    return [{ kind: source.kind === "dockerfile" ? "dockerfile" : "yaml", text }];
  });
}

function parse({ kind, text }: Text): unknown {
  return kind === "yaml" ? parseAllDocuments(text) : DockerfileParser.parse(text).getInstructions().length;
}
