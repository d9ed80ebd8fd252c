// Input that is broken, huge or made to hurt: one clear problem at its place, everything else still checked, no hang.
import assert from "node:assert/strict";
import { analyse, type Files } from "./support/analyse";

const FAULT = "faulty:\n  script:\n    - docker build -t x\n";

/** Problems as `file:line message`, and whether the fault of another job was still found. */
function look(files: Files): { readonly problems: readonly string[]; readonly findsFault: boolean } {
  const report = analyse({ Dockerfile: "FROM scratch\n", ...files });
  assert.deepEqual(report.faults, []);
  // What is no TOML is told by a rule, which mends it too.
  const unreadable = report.findings.filter(({ rule }) => rule === "toml-invalid");
  const problems = [...report.problems, ...unreadable].map(({ at, message }) => {
    const line = (files[at.file] ?? "").slice(0, at.start).split("\n").length;
    return `${at.file}:${line} ${message}`;
  });
  return { problems, findsFault: report.findings.some(({ rule }) => rule === "build-context-missing") };
}

describe("hostile and broken input", () => {
  const cases: readonly { readonly name: string; readonly files: Files; readonly problem: RegExp }[] = [
    {
      name: "an open quote",
      files: { ".gitlab-ci.yml": `broken:\n  script: "echo\n${FAULT}` },
      problem: /^\.gitlab-ci\.yml:2 /,
    },
    {
      name: "a half-typed key",
      files: { ".gitlab-ci.yml": `half\n${FAULT}` },
      problem: /^\.gitlab-ci\.yml:1 /,
    },
    {
      name: "an open flow list",
      files: { ".gitlab-ci.yml": `broken:\n  tags: [a, b\n${FAULT}` },
      problem: /^\.gitlab-ci\.yml:\d /,
    },
    {
      name: "a tab as indentation",
      files: { ".gitlab-ci.yml": `broken:\n\tscript: echo\n${FAULT}` },
      problem: /^\.gitlab-ci\.yml:2 /,
    },
    {
      name: "a missing include",
      files: { ".gitlab-ci.yml": `include: gone.yml\n${FAULT}` },
      problem: /:1 Local file `gone\.yml` does not exist!/,
    },
    {
      name: "a cycle of includes",
      files: {
        ".gitlab-ci.yml": `include: a.yml\n${FAULT}`,
        "a.yml": "include: b.yml\n",
        "b.yml": "include: a.yml\n",
      },
      problem: /includes itself/,
    },
    {
      name: "a cycle of extends",
      files: { ".gitlab-ci.yml": `a: { extends: b, script: x }\nb: { extends: a }\n${FAULT}` },
      problem: /circular dependency/,
    },
    {
      name: "a billion laughs",
      files: { ".gitlab-ci.yml": `${laughs(9)}bomb: { script: *a9 }\n${FAULT}` },
      problem: /unfolds to more than/,
    },
    {
      name: "nesting 100,000 deep",
      files: { ".gitlab-ci.yml": `deep: ${"[".repeat(100_000)}\n${FAULT}` },
      problem: /^\.gitlab-ci\.yml:1 .*nest/i,
    },
    { name: "binary text", files: { ".gitlab-ci.yml": "a: \0\0\n" }, problem: /^\.gitlab-ci\.yml:1 / },
    {
      name: "a broken Dockerfile",
      files: { ".gitlab-ci.yml": FAULT, "app/Dockerfile": "FORM node\n" },
      problem: /^app\/Dockerfile:1 /,
    },
    {
      name: "a broken config.toml",
      files: {
        ".gitlab-ci.yml": FAULT,
        "config.toml": '[[runners]]\n  token = TOKEN\n  executor = "shell"\n',
      },
      problem: /^config\.toml:2 .*quote/,
    },
    {
      name: "a wrong configuration",
      files: { ".gitlab-ci.yml": FAULT, ".gitlab-ci-docker.yml": "rulez: {}\n" },
      problem: /^\.gitlab-ci-docker\.yml:1 .*rules/,
    },
  ];

  for (const { name, files, problem } of cases) {
    it(`survives ${name}`, () => {
      const { problems, findsFault } = look(files);
      assert.equal(
        problems.filter((each) => problem.test(each)).length,
        1,
        `problems:\n${problems.join("\n")}`,
      );
      if (!name.startsWith("binary")) assert.ok(findsFault, "the other job was not checked");
    });
  }

  it("survives broken shell: the other items are still read", () => {
    const { findsFault } = look({
      ".gitlab-ci.yml": 'job:\n  script:\n    - echo "open\n    - if then fi\n    - docker build -t x\n',
    });
    assert.ok(findsFault);
  });

  it("stops at 150 includes and checks the rest", () => {
    const files: Record<string, string> = { ".gitlab-ci.yml": `include: ["ci/*.yml"]\n${FAULT}` };
    for (let index = 0; index < 200; index += 1) files[`ci/${index}.yml`] = `.t${index}: { script: echo }\n`;
    const { problems, findsFault } = look(files);
    assert.match(problems.join("\n"), /Maximum of 150 nested includes are allowed!/);
    assert.ok(findsFault);
  });

  it("takes 16,000 keys and 5,000 aliases in linear time", () => {
    const keys = Array.from({ length: 16_000 }, (_, index) => `    V${index}: x\n`).join("");
    const aliases = Array.from({ length: 5000 }, (_, index) => `j${index}: { script: *a }\n`).join("");
    const { problems, findsFault } = look({
      ".gitlab-ci.yml": `.a: &a [echo]\nbig:\n  script: echo\n  variables:\n${keys}${aliases}${FAULT}`,
    });
    assert.deepEqual(problems, []);
    assert.ok(findsFault);
  });
});

function laughs(levels: number): string {
  const lines = ["a0: &a0 [lol, lol]"];
  for (let level = 1; level <= levels; level += 1) {
    lines.push(`.a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ")}]`);
  }
  return `.${lines.join("\n")}\n`;
}
