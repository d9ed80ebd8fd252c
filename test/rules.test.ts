// Runs every case of test/rules/*.md, and what each rule must hold without being asked: its example speaks and falls
// silent, its fixes remove what they repair, break nothing and keep comments.
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../server/src/core/rules";
import { exampleFiles } from "../server/src/core/rules/page";
import type { AnyRule, Finding, Fix } from "../server/src/core/rules/rule";
import { DEFAULT_SETTINGS, type Settings } from "../server/src/core/settings/settings";
import { analyse, only, toSettings, type Files } from "./support/analyse";
import { compare } from "./support/expect-findings";
import { readFixturePage, type FixtureCase, type FixturePage } from "./support/fixture";
import { applyFix, commentsIn, countByRule, fixesOf } from "./support/fixes";
import { writeMark } from "./support/marks";

const FOLDER = join(__dirname, "rules");
const UPDATE = process.env["UPDATE"] === "1";
const allIds = rules.map((rule) => rule.id);
const pages = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".md"))
  .map((name) => readFixturePage(join(FOLDER, name)));

function filesOf(fixture: FixtureCase): Files {
  return Object.fromEntries(fixture.files.map((file) => [file.path, file.text]));
}

function findingsOf(files: Files, settings: Settings): readonly Finding[] {
  const report = analyse(files, settings);
  assert.deepEqual(report.faults, [], "a rule threw");
  return report.findings;
}

for (const page of pages) {
  describe(`rule ${page.title}`, () => {
    const changed = new Map<number, string>();
    const blocks: { readonly from: number; readonly to: number; readonly lines: readonly string[] }[] = [];
    for (const fixture of page.cases) {
      const settings = only(toSettings(fixture.settings ?? {}), allIds, [page.title]);
      it(fixture.title, () => {
        const files = filesOf(fixture);
        const findings = findingsOf(files, settings);
        const { failures, outdated } = compare(fixture, findings);
        if (UPDATE)
          outdated.forEach(({ mark, message }) => changed.set(mark.pageLine, writeMark(mark, message)));
        const wrongAfter = checkAfterBlocks(fixture, files, findings);
        if (UPDATE)
          blocks.push(
            ...wrongAfter.map(({ from, to, text }) => ({ from, to, lines: text.split("\n").slice(0, -1) })),
          );
        assert.equal(
          [...failures, ...wrongAfter.map((each) => each.failure)].join("\n"),
          "",
          "the page and the findings differ",
        );
      });
      it(`${fixture.title}: fixes`, () => checkFixes(filesOf(fixture), settings, page.title));
    }
    after(() => {
      if (UPDATE && changed.size + blocks.length > 0)
        writeFileSync(page.path, updated(page, changed, blocks));
    });
  });
}

interface WrongAfter {
  readonly failure: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The `after` blocks that do not hold what the first fix of that title makes of the file. */
function checkAfterBlocks(
  fixture: FixtureCase,
  files: Files,
  findings: readonly Finding[],
): readonly WrongAfter[] {
  return fixture.after.flatMap((block) => {
    const [from, to] = block.pageLines;
    const found = fixesOf(findings).find(({ fix }) => fix.title === block.fixTitle);
    if (found === undefined) {
      const titles = fixesOf(findings).map(({ fix }) => fix.title);
      assert.fail(`no fix is called "${block.fixTitle}"; there are: ${titles.join(" | ")}`);
    }
    const text = applyFix(files, found.fix)[block.path] ?? "";
    if (text === block.text) return [];
    return [{ failure: `${block.path} after "${block.fixTitle}" is:\n${text}`, from, to, text }];
  });
}

function updated(
  page: FixturePage,
  marks: ReadonlyMap<number, string>,
  blocks: readonly { from: number; to: number; lines: readonly string[] }[],
): string {
  const lines: (string | undefined)[] = page.lines.map((line, index) => marks.get(index) ?? line);
  for (const block of [...blocks].sort((a, b) => b.from - a.from))
    lines.splice(block.from, block.to - block.from, ...block.lines);
  return lines.join("\n");
}

/** Privileged mode is what such a job needs, and exposes the host all the same: both are said. */
const TRADES: ReadonlyMap<string, string> = new Map([
  ["dind-not-privileged", "runner-host-exposure"],
  ["privileged-not-a-keyword", "runner-host-exposure"],
]);

/** What every fix must hold, on files with LF and with CRLF line breaks. */
function checkFixes(files: Files, settings: Settings, rule: string): void {
  const findings = findingsOf(files, settings);
  const everything = analyse(files, { ...settings, rules: new Map() });
  for (const { finding, fix } of fixesOf(findings)) {
    const fixed = applyFix(files, fix);
    const name = `"${fix.title}"`;
    assert.deepEqual(missing(commentsIn(files), commentsIn(fixed)), [], `${name} loses comments`);
    const report = analyse(fixed, { ...settings, rules: new Map() });
    const before = everything.problems.map((problem) => problem.message);
    assert.deepEqual(
      missing(
        report.problems.map((problem) => problem.message),
        before,
      ),
      [],
      `${name} breaks a file`,
    );
    const left = findingsOf(fixed, settings).filter((each) => each.rule === finding.rule);
    assert.ok(
      left.length < findings.filter((each) => each.rule === finding.rule).length,
      `${name} does not remove its finding:\n${JSON.stringify(fixed, null, 1)}`,
    );
    const counts = countByRule(everything.findings);
    // A hint is a remark about what was added ("needs a privileged runner"), not a fault of it.
    for (const [id, count] of countByRule(report.findings.filter((each) => each.severity !== "hint"))) {
      if (TRADES.get(rule) === id) continue;
      assert.ok(
        count <= (counts.get(id) ?? 0),
        `${name} adds a finding of ${id}:\n${JSON.stringify(fixed, null, 1)}`,
      );
    }
    checkCarriageReturns(files, settings, finding, fix, fixed);
  }
  checkAllSafe(files, settings, rule);
}

/** What is in the first list and not, or less often, in the second; suppression comments may go. */
function missing(list: readonly string[], other: readonly string[]): readonly string[] {
  const rest = [...other];
  return list.filter((each) => {
    if (each.includes("gitlab-ci-docker-disable")) return false;
    const at = rest.indexOf(each);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}

function checkCarriageReturns(
  files: Files,
  settings: Settings,
  finding: Finding,
  fix: Fix,
  fixed: Files,
): void {
  const withCarriageReturns = (each: Files): Files =>
    Object.fromEntries(Object.entries(each).map(([path, text]) => [path, text.replace(/\n/g, "\r\n")]));
  const dos = withCarriageReturns(files);
  const same = findingsOf(dos, settings).find((each) => each.fingerprint === finding.fingerprint);
  const again = same?.fixes.find((each) => each.title === fix.title);
  assert.ok(again !== undefined, `"${fix.title}" is not offered with CRLF line breaks`);
  const created = new Set(fix.creates.map((each) => each.file));
  const expected = {
    ...withCarriageReturns(fixed),
    ...Object.fromEntries([...created].map((path) => [path, fixed[path] ?? ""])),
  };
  assert.deepEqual(applyFix(dos, again), expected, `"${fix.title}" differs with CRLF line breaks`);
}

/** Applying safe fixes, one after the other, leaves no finding that still has one. */
function checkAllSafe(files: Files, settings: Settings, rule: string): void {
  let current = files;
  for (let round = 0; round < 50; round += 1) {
    const findings = findingsOf(current, settings).filter((finding) => finding.rule === rule);
    const next = fixesOf(findings).find(({ fix }) => fix.safety === "safe");
    if (next === undefined) return;
    current = applyFix(current, next.fix);
  }
  assert.fail("safe fixes go on for ever");
}

for (const rule of rules) {
  describe(`example of ${rule.id}`, () => {
    const settings = only(DEFAULT_SETTINGS, allIds, exampleNeeds(rule));
    const bad = exampleFiles(rule, "bad");
    it("bad is reported, good is not", () => {
      assert.notEqual(
        findingsOf(bad, settings).filter((finding) => finding.rule === rule.id).length,
        0,
        "bad is silent",
      );
      assert.deepEqual(findingsOf(exampleFiles(rule, "good"), settings), [], "good is reported");
    });
    it("its fixes, where there are any, turn bad into good or into silence", () => {
      const titles = fixesOf(findingsOf(bad, settings)).map(({ fix }) => fix.title);
      if (titles.length === 0) return;
      const last = titles.map((_, choice) => repaired(bad, settings, choice));
      const good = JSON.stringify(exampleFiles(rule, "good"));
      const works = last.some(
        (files) => JSON.stringify(files) === good || findingsOf(files, settings).length === 0,
      );
      assert.ok(works, `after its fixes the example is still reported: ${titles.join(" | ")}`);
    });
    it("keeps its fixes' promises", () => checkFixes(bad, settings, rule.id));
  });
}

/** The files when each finding in turn was repaired by its fix of the given number, or by its last one. */
function repaired(files: Files, settings: Settings, choice: number): Files {
  let current = files;
  for (let round = 0; round < 20; round += 1) {
    const fixes = findingsOf(current, settings).find((finding) => finding.fixes.length > 0)?.fixes;
    const fix = fixes?.[Math.min(choice, fixes.length - 1)];
    if (fix === undefined) break;
    current = applyFix(current, fix);
  }
  return current;
}

/** Whether a suppression is used can only be told of rules that run. */
function exampleNeeds(rule: AnyRule): readonly string[] {
  return rule.id === "unused-suppression" ? allIds : [rule.id];
}
