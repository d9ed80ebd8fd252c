// Runs the pages in test/features/false-alarm: `<|>` in a file is the cursor on a finding; the block `markdown report` is the
// text that is made of it, without what is the same in every report. `UPDATE=1` rewrites the expected blocks.
import { strict as assert } from "node:assert";
import path from "node:path";
import { createAnalysis, createSourceFile, effectiveYaml, falseAlarmReport } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import { takeCursor } from "../support/cursor";
import type { FixtureCase } from "../support/fixture";
import { describeAnswers } from "../support/pages";

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

describeAnswers(FOLDER, EXPECTED, (test) => withoutQuestions(reportOf(test)));
