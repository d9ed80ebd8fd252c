// What every rule must look like: its name, its folder, its words, its page of cases.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RULE_GROUPS } from "../../server/src/core/rules/groups";
import { groupOf, rules } from "../../server/src/core/rules";
import { readFixturePage } from "../support/fixture";

const ROOT = join(__dirname, "../..");
const RULES = join(ROOT, "server/src/core/rules");
const filesOnDisk = readdirSync(RULES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((folder) => readdirSync(join(RULES, folder.name)).map((name) => `${folder.name}/${name}`));

describe("rules", () => {
  it("are all in the registry, once, under their file's name and in a known group", () => {
    assert.deepEqual(rules.map((rule) => `${groupOf(rule.id)}/${rule.id}.ts`).sort(), filesOnDisk.sort());
    assert.equal(new Set(rules.map((rule) => rule.id)).size, rules.length);
    for (const file of filesOnDisk)
      assert.ok(RULE_GROUPS.has(file.split("/")[0] ?? ""), `no group is called like the folder of ${file}`);
  });

  for (const rule of rules) {
    describe(rule.id, () => {
      it("has a name and words in order", () => {
        assert.match(rule.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
        assert.match(rule.since, /^\d+\.\d+\.\d+$/);
        assert.ok(rule.title !== "" && !rule.title.endsWith("."), "the title ends with a full stop");
        assert.match(rule.docs.what, /\.$/, "`what` does not end with a full stop");
        assert.match(rule.docs.why, /\.$/, "`why` does not end with a full stop");
        if (rule.docs.fix !== undefined)
          assert.match(rule.docs.fix, /\.$/, "`fix` does not end with a full stop");
        assert.ok(rule.docs.references.length > 0, "no reference proves its facts");
        for (const url of rule.docs.references) assert.match(url, /^https:\/\/\S+$/);
      });

      it("has a page with a case that speaks and one that is silent", () => {
        const path = join(ROOT, "test/rules", `${rule.id}.md`);
        assert.ok(existsSync(path), "test/rules has no page of this name");
        const page = readFixturePage(path);
        assert.equal(page.title, rule.id);
        const speaks = page.cases.map((each) =>
          each.files.some((file) => file.marks.some((mark) => mark.rule === rule.id)),
        );
        assert.ok(speaks.includes(true), "no case speaks");
        assert.ok(speaks.includes(false), "no case is silent");
      });

      it("imports no other rule", () => {
        const source = readFileSync(join(RULES, `${groupOf(rule.id) ?? ""}/${rule.id}.ts`), "utf8");
        const imports = [...source.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
        assert.notEqual(imports.length, 0);
        for (const target of imports)
          assert.ok(!/^\.\/|^\.\.\/[a-z]+\/(?!\.\.)/.test(target), `imports ${target}`);
      });
    });
  }

  it("have no page of cases without a rule", () => {
    const ids = new Set(rules.map((rule) => rule.id));
    const pages = readdirSync(join(ROOT, "test/rules")).filter((name) => name.endsWith(".md"));
    assert.deepEqual(
      pages.filter((name) => !ids.has(name.slice(0, -3))),
      [],
    );
  });
});
