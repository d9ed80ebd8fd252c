// Runs the pages in test/features: pipelines in; effective jobs as YAML with origins (`yaml resolved`), as JSON
// (`json jobs`), or container commands (`text commands`) out. `UPDATE=1` rewrites the expected blocks.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  createAnalysis,
  createSourceFile,
  effectiveYaml,
  resolveJson,
  type Analysis,
  type FilePath,
  type Settings,
} from "../server/src/core/index";
import { commandsJson } from "../server/src/core/index";
import { toSettings } from "./support/analyse";
import { readFixturePage } from "./support/fixture";

const folder = path.join(__dirname, "features");
const OUTPUTS = ["resolved", "jobs", "commands"] as const;
type Output = (typeof OUTPUTS)[number];

interface Opened {
  readonly analysis: Analysis;
  readonly file: (path: FilePath) => ReturnType<typeof createSourceFile> | undefined;
}

function open(texts: Readonly<Record<string, string>>, settings: Settings): Opened {
  const files = new Map(
    Object.entries(texts).map(([name, text]) => [name, createSourceFile(name, "gitlab-ci", text)]),
  );
  const analysis = createAnalysis({ files, paths: new Set(files.keys()), settings });
  return { analysis, file: (name) => files.get(name) };
}

const jobsOf = ({ analysis, file }: Opened): unknown =>
  (JSON.parse(resolveJson(analysis.resolve(), [], file)) as { jobs: unknown }).jobs;

/** One line for each command: job, section and item, place, words. */
function commandLines({ analysis, file }: Opened): string {
  const { jobs } = JSON.parse(commandsJson(analysis.commands(), file)) as {
    jobs: Record<
      string,
      {
        commands: {
          argv: string[];
          section: string;
          item: number;
          file: string;
          range: { start: { line: number; column: number } };
        }[];
      }
    >;
  };
  return Object.entries(jobs)
    .flatMap(([job, { commands }]) =>
      commands.map(({ argv, section, item, file: written, range: { start } }) => {
        return `${job} ${section}[${item}] ${written}:${start.line}:${start.column} ${JSON.stringify(argv)}\n`;
      }),
    )
    .join("");
}

function outputOf(kind: Output, opened: Opened): string {
  switch (kind) {
    case "resolved":
      return effectiveYaml(opened.analysis.resolve().jobs, opened.file).text;
    case "jobs":
      return `${JSON.stringify(jobsOf(opened), undefined, 2)}\n`;
    case "commands":
      return commandLines(opened);
  }
}

for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
  const pagePath = path.join(folder, name);
  describe(`features: ${name.slice(0, -3)}`, () => {
    for (const { title, files, settings } of readFixturePage(pagePath).cases) {
      it(title, () => {
        const isOutput = (file: string): file is Output => OUTPUTS.some((output) => output === file);
        const inputs = files.filter((file) => !isOutput(file.path));
        const opened = open(
          Object.fromEntries(inputs.map((file) => [file.path, file.text])),
          toSettings(settings ?? {}),
        );
        const expected = files.flatMap((file) =>
          isOutput(file.path) ? [{ kind: file.path, text: file.text }] : [],
        );
        assert.ok(expected.length > 0, "the case has no expected block");
        for (const { kind, text } of expected) {
          const actual = outputOf(kind, opened);
          if (process.env["UPDATE"] !== undefined && actual !== text) update(pagePath, kind, text, actual);
          else assert.equal(actual, text);
        }
        readsBack(opened);
      });
    }
  });
}

/** The YAML is a pipeline of its own that comes to the same jobs. */
function readsBack(opened: Opened): void {
  const { text } = effectiveYaml(opened.analysis.resolve().jobs, opened.file);
  if (text.includes("not known: ")) return;
  assert.deepEqual(jobsOf(open({ ".gitlab-ci.yml": text }, toSettings({}))), jobsOf(opened));
}

function update(page: string, kind: Output, before: string, after: string): void {
  writeFileSync(
    page,
    readFileSync(page, "utf8").replace(` ${kind}\n${before}\`\`\``, () => ` ${kind}\n${after}\`\`\``),
  );
}
