// Runs the pages in test/features/false-alarm: `<|>` in a file is the cursor on a finding; the block `markdown report` is the
// text that is made of it, without what is the same in every report. `UPDATE=1` rewrites the expected blocks.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAnalysis, createSourceFile, effectiveYaml, falseAlarmReport } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import { takeCursor } from "../support/cursor";
import { readFixturePage, type FixtureCase } from "../support/fixture";

const FOLDER = path.join(__dirname, "false-alarm");
const EXPECTED = "report";

function reportOf(test: FixtureCase): string {
  const { texts, cursor } = takeCursor(test.files.filter((file) => file.path !== EXPECTED));
  const sources = Object.entries(texts).map(([name, text]) => createSourceFile(name, kindOf(name, text), text));
  const files = new Map(sources.map((file) => [file.path, file]));
  const analysis = createAnalysis({
    files,
    paths: new Set(files.keys()),
    settings: toSettings(test.settings ?? {}),
  });
  const { findings } = analysis.report();
  const finding = findings.find(
    ({ at }) => at.file === cursor.path && at.start <= cursor.offset && cursor.offset <= at.end,
  );
  assert.ok(finding !== undefined, `no finding at the cursor; there are ${JSON.stringify(findings.map(({ rule, at }) => [rule, at]))}`);
  const [name = ""] = finding.jobs;
  const job = analysis.effectiveJob(".gitlab-ci.yml", name);
  const file = (each: string) => files.get(each);
  const effectiveJob = job === undefined ? undefined : effectiveYaml([job], file).text;
  return falseAlarmReport({ finding, file, effectiveJob, versions: ["gitlab-ci-docker 1.2.3"], address: undefined });
}

/** The questions are the same each time. */
const withoutQuestions = (text: string): string => text.replace(/## Why it is wrong\n[^]*?(?=\n## )/, "…\n");

for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".md"))) {
  describe(`false alarm: ${name.slice(0, -3)}`, () => {
    const page = path.join(FOLDER, name);
    for (const test of readFixturePage(page).cases) {
      it(test.title, () => {
        const expected = test.files.find((file) => file.path === EXPECTED)?.text;
        assert.ok(expected !== undefined, "the case has no block `report`");
        const actual = withoutQuestions(reportOf(test));
        if (process.env["UPDATE"] !== undefined && actual !== expected) update(page, expected, actual);
        else assert.equal(actual, expected);
      });
    }
  });
}

function update(page: string, before: string, after: string): void {
  const text = readFileSync(page, "utf8");
  const found = ` ${EXPECTED}\n${before}\`\`\`\`\``;
  assert.ok(text.includes(found), "the expected block must be fenced by five backquotes");
  writeFileSync(page, text.replace(found, () => ` ${EXPECTED}\n${after}\`\`\`\`\``));
}
