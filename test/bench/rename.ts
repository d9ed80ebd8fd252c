// Renaming a stage over many files, against parsing the files that name it: `npx tsx test/bench/rename.ts`. The analysis is warm,
// as it is in an editor; one file was edited before each renaming.
import {
  createAnalysis,
  createSourceFile,
  DEFAULT_SETTINGS,
  type SourceFile,
} from "../../server/src/core/index";
import { parseDockerfile } from "../../server/src/core/syntax/dockerfile";
import { parseYaml } from "../../server/src/core/syntax/yaml";

const FILES = 500;
const ROUNDS = 15;

const dockerfile = (index: number): string =>
  `# service ${String(index)}\nFROM golang:1.24 AS builder\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\n` +
  `RUN --mount=type=cache,target=/root/.cache go build -o /app ./cmd/service${String(index)}\n` +
  `FROM builder AS test\nRUN go test ./...\nFROM alpine:3.22\nCOPY --from=builder /app /app\nENTRYPOINT ["/app"]\n`;

/** One pipeline; every job builds its own Dockerfile. `shared`: all by the words of one template. */
function pipeline(shared: boolean): string {
  const template =
    '.build:\n  image: docker:29\n  script:\n    - docker build --target builder -t "app/$DIR" "$DIR"\n';
  const jobs = Array.from({ length: FILES }, (_, index) => {
    const directory = `services/s${String(index)}`;
    return shared
      ? `build ${String(index)}:\n  extends: .build\n  variables: { DIR: ${directory} }\n`
      : `build ${String(index)}:\n  image: docker:29\n  script:\n    - docker build --target builder -t app/${String(index)} ${directory}\n`;
  });
  return (shared ? template : "") + jobs.join("");
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function parse(files: readonly SourceFile[]): void {
  for (const file of files) {
    if (file.kind === "dockerfile") parseDockerfile(file);
    else parseYaml(file);
  }
}

for (const shared of [true, false]) {
  const files = new Map<string, SourceFile>();
  const put = (path: string, kind: SourceFile["kind"], text: string): void =>
    void files.set(path, createSourceFile(path, kind, text));
  put(".gitlab-ci.yml", "gitlab-ci", pipeline(shared));
  for (let index = 0; index < FILES; index += 1)
    put(`services/s${String(index)}/Dockerfile`, "dockerfile", dockerfile(index));
  const workspace = () => ({ files: new Map(files), paths, settings: DEFAULT_SETTINGS });
  const paths: ReadonlySet<string> = new Set(files.keys());
  const analysis = createAnalysis(workspace());
  analysis.report();
  const cursor = dockerfile(7).indexOf("builder");
  const [renames, parses, highlights]: [number[], number[], number[]] = [[], [], []];
  let edits = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    put("services/s9/Dockerfile", "dockerfile", `${dockerfile(9)}# ${String(round)}\n`);
    analysis.update(workspace());
    analysis.report();
    renames.push(
      timed(() => {
        const done = analysis.symbols.rename("services/s7/Dockerfile", cursor, "compile");
        if (done === undefined || "refused" in done) throw new Error(JSON.stringify(done));
        edits = done.length;
      }),
    );
    highlights.push(
      timed(() => {
        analysis.symbols.occurrences(".gitlab-ci.yml", 2);
      }),
    );
    const named = [...files.values()].filter(({ text }) => text.includes("builder"));
    const copies = named.map(({ path, kind, text }) => createSourceFile(path, kind, `${text} `));
    parses.push(
      timed(() => {
        parse(copies);
      }),
    );
  }
  const ratio = median(renames) / median(parses);
  console.log(
    `${shared ? "one template" : "own words"}: ${String(edits)} edits in ${median(renames).toFixed(1)} ms, parsing ${median(parses).toFixed(1)} ms: ratio ${ratio.toFixed(2)}; occurrences of a job ${median(highlights).toFixed(2)} ms`,
  );
}
