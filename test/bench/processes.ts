// Whole processes: a cold check of a small repository against a bundled script that only parses it; and the analysis of
// many real repositories against parsing their files.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSync } from "esbuild";
import { DockerfileParser } from "dockerfile-ast";
import { parseAllDocuments } from "yaml";
import { createAnalysis, DEFAULT_SETTINGS, type Report, type Workspace } from "../../server/src/core/index";
import { createLoader, type Loader } from "../../server/src/host/load";
import { createNodeHost } from "../../server/src/host/node-host";
import { interleaved, print } from "./measure";

// npm runs scripts in the project's folder.
const ROOT = process.cwd();
const EXAMPLE = path.join(ROOT, "examples/broken-build");

export function measureColdCheck(): void {
  const folder = mkdtempSync(path.join(os.tmpdir(), "bench-"));
  const floor = path.join(folder, "floor.cjs");
  buildSync({
    entryPoints: [path.join(ROOT, "test/bench/floor.mjs")],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    outfile: floor,
  });
  print(
    "Cold start: check of a small repository, whole process",
    interleaved(15, {
      "a bundled script that only parses it": () => run(floor, EXAMPLE),
      "gitlab-ci-docker check": () =>
        run(path.join(ROOT, "dist/cli.js"), "check", EXAMPLE, "--fail-on", "never"),
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
  const repositories = readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(corpus, entry.name));
  const texts = repositories.flatMap(readParsed);
  print(
    `Corpus: ${repositories.length} repositories, ${texts.length} YAML files and Dockerfiles`,
    interleaved(7, {
      "parsing them": () => texts.forEach(parse),
      "reading, parsing and checking all": () => repositories.forEach(check),
    }),
    { "reading, parsing and checking all": 2 },
  );
  console.log(`  peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
}

interface Checked {
  readonly loader: Loader;
  readonly report: Report;
}

function check(repository: string): Checked {
  const loader = createLoader({ host: createNodeHost(repository), settings: DEFAULT_SETTINGS });
  const report = loader.settle(createAnalysis(loader.workspace()));
  return { loader, report };
}

export interface Text {
  readonly kind: "yaml" | "dockerfile";
  readonly text: string;
}

export interface LoadedTexts {
  readonly workspace: Workspace;
  /** Its pipeline files and Dockerfiles. */
  readonly texts: readonly Text[];
}

/** All repositories of a folder, each with the texts that a check of it parses. */
export const loadAll = (corpus: string): readonly LoadedTexts[] =>
  readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const repository = path.join(corpus, name);
      const checked = check(repository);
      return { workspace: checked.loader.workspace(), texts: textsOf(repository, checked) };
    });

const readParsed = (repository: string): readonly Text[] => textsOf(repository, check(repository));

function textsOf(repository: string, { loader, report }: Checked): readonly Text[] {
  return report.files.flatMap((file): readonly Text[] => {
    const source = loader.file(file);
    if (source === undefined || source.kind === "runner-config") return [];
    const text = readFileSync(path.join(repository, file), "utf8");
    return [{ kind: source.kind === "dockerfile" ? "dockerfile" : "yaml", text }];
  });
}

/** Parses a text with the parsers that everything is compared with. */
export function parse({ kind, text }: Text): unknown {
  return kind === "yaml" ? parseAllDocuments(text) : DockerfileParser.parse(text).getInstructions().length;
}
