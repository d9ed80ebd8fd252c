import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  applyEdits,
  createAnalysis,
  DEFAULT_SETTINGS,
  normalise,
  type Finding,
} from "../../server/src/core/index";
import { findRoot, rootOfFolder } from "../../server/src/host/find-root";
import { isCandidate, isMeant, kindByName, kindOf } from "../../server/src/host/file-kind";
import { listNow, type Host } from "../../server/src/host/host";
import { createLoader } from "../../server/src/host/load";
import { createNodeHost } from "../../server/src/host/node-host";
import { applyToRaw, mainLineBreak } from "../../server/src/host/raw-text";
import { planFixes, textsOf, writeFile } from "../../server/src/host/write";
import { fakeAnalysis } from "./fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "./temporary-folder";

afterEach(removeTemporaryFolders);

const listed = (host: Host): readonly string[] => [...listNow(host.list("")).paths].sort();

describe("node host", () => {
  it("lists all files but those of version control and installed packages, and that there is a `.git`", () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": "",
      "a/b/c.txt": "",
      ".git/config": "",
      "x/node_modules/y/Dockerfile": "",
    });
    assert.deepEqual(listed(createNodeHost(root)), [".git", ".gitlab-ci.yml", "a/b/c.txt"]);
    const sparse = temporaryFolder({ ".git/info/sparse-checkout": "/a/\n", "a/b": "" });
    assert.deepEqual(listed(createNodeHost(sparse)), ["a/b"]);
  });

  it("says when there are more files than it lists", () => {
    const root = temporaryFolder({ a: "", b: "", c: "" });
    assert.equal(listNow(createNodeHost(root, { maxFiles: 2 }).list("")).truncated, true);
    assert.equal(listNow(createNodeHost(root, { maxFiles: 3 }).list("")).truncated, false);
  });

  it("follows links that stay inside, and no others", () => {
    const outside = temporaryFolder({ "secret.yml": "secret", "folder/x.yml": "" });
    const root = temporaryFolder({ "real/Dockerfile": "FROM a\n" });
    symlinkSync("real", join(root, "inside"));
    symlinkSync("real/Dockerfile", join(root, "Dockerfile"));
    symlinkSync(join(outside, "secret.yml"), join(root, ".gitlab-ci.yml"));
    symlinkSync(join(outside, "folder"), join(root, "folder"));
    symlinkSync("nowhere", join(root, "broken"));
    const host = createNodeHost(root);
    assert.deepEqual(listed(host), ["Dockerfile", "inside/Dockerfile", "real/Dockerfile"]);
    assert.deepEqual(host.read("Dockerfile"), { text: "FROM a\n", lossless: true });
    for (const path of [".gitlab-ci.yml", "folder/x.yml", "broken"])
      assert.deepEqual(host.read(path), { skipped: "absent" }, path);
  });

  it("reads nothing by a path that leaves the root", () => {
    const outside = temporaryFolder({ "secret.yml": "secret" });
    const root = temporaryFolder({ "a/b.yml": "b" });
    const host = createNodeHost(root);
    for (const path of [
      `../${outside.split("/").at(-1)}/secret.yml`,
      join(outside, "secret.yml"),
      "a/../a/b.yml",
      "",
      "\0",
      "a",
    ]) {
      assert.deepEqual(host.read(path), { skipped: "absent" }, path);
    }
  });

  it("is not led around in circles", () => {
    const root = temporaryFolder({ "a/x": "", "b/y": "" });
    symlinkSync("..", join(root, "a/up"));
    symlinkSync(".", join(root, "self"));
    symlinkSync("../b", join(root, "a/to-b"));
    symlinkSync("../a", join(root, "b/to-a"));
    assert.deepEqual(listed(createNodeHost(root)), ["a/to-b/y", "a/x", "b/to-a/x", "b/y"]);
  });

  it("does not read what is too large, binary, unreadable or no file", () => {
    const root = temporaryFolder({
      large: "x".repeat(11),
      binary: Buffer.from([65, 0, 66]),
      latin: Buffer.from([0xe4]),
    });
    const host = createNodeHost(root, { maxFileSize: 10 });
    assert.deepEqual(host.read("large"), { skipped: "too-large" });
    assert.deepEqual(host.read("binary"), { skipped: "binary" });
    assert.deepEqual(host.read("latin"), { text: "\ufffd", lossless: false });
    execFileSync("mkfifo", [join(root, "pipe")]);
    assert.deepEqual(host.read("pipe"), { skipped: "absent" });
    assert.ok(!listed(host).includes("pipe"));
  });

  it("takes a root that isn't there for an empty one", () => {
    const host = createNodeHost("/no/such/folder");
    assert.deepEqual(listed(host), []);
    assert.deepEqual(host.read("x"), { skipped: "absent" });
  });
});

describe("kinds of files", () => {
  const kinds: readonly (readonly [string, string, string])[] = [
    [".gitlab-ci.yml", "", "gitlab-ci"],
    ["ci/build.gitlab-ci.yml", "", "gitlab-ci"],
    [".gitlab/ci/build.yml", "", "gitlab-ci"],
    ["templates/build.yml", "", "gitlab-ci"],
    ["templates/build/template.yml", "", "gitlab-ci"],
    ["included/anything.yaml", "", "gitlab-ci"],
    ["Dockerfile", "", "dockerfile"],
    ["a/Dockerfile.alpine", "", "dockerfile"],
    ["api.Dockerfile", "", "dockerfile"],
    ["api.dockerfile", "", "dockerfile"],
    ["Containerfile", "", "dockerfile"],
    ["Dockerfile.dockerignore", "", "dockerignore"],
    [".dockerignore", "", "dockerignore"],
    [".gitlab-ci-docker.yml", "", "configuration"],
    ["runner/config.toml", "concurrent = 1\n[[runners]]\n", "runner-config"],
    ["Cargo.toml", "[package]\nname = 'x'", "other"],
    ["ci/build.sh", "", "shell"],
    ["ci/build", "#!/usr/bin/env bash\n", "shell"],
    ["ci/build.py", "#!/usr/bin/python\n", "other"],
    ["Dockerfiles", "", "other"],
    ["a/Dockerfile.md", "", "markdown"],
    ["values.yaml", "gitlabUrl: x\nrunners: {}\n", "runner-config"],
    ["deploy/runner-values.yml", "a: 1\n", "gitlab-ci"],
    ["config.toml.example", "[[runners]]\n", "runner-config"],
    ...["j2", "jinja2", "tmpl", "tpl", "template", "erb", "in", "orig", "bak", "swp", "alpine~"].map(
      (end) => [`a/Dockerfile.${end}`, "", "other"] as const,
    ),
    ["Dockerfile~", "", "other"],
    ["Dockerfile.in-house", "", "dockerfile"],
  ];
  for (const [path, text, kind] of kinds)
    it(`${path} is ${kind}`, () => assert.equal(kindOf(path, text), kind));

  it("names alone decide where they can", () => {
    assert.equal(kindByName("x.toml"), undefined);
    assert.equal(kindByName("x.yml"), undefined);
  });

  it("a Helm chart's template is no component", () => {
    assert.ok(isCandidate("templates/build.yml"));
    assert.ok(!isMeant("templates/build.yml", "{{- if .Values.x }}\nkind: Deployment\n"));
    assert.ok(isMeant("templates/build.yml", "spec:\n  inputs:\n---\njob:\n"));
    assert.ok(isMeant("templates/build/template.yml", "spec:\n  inputs:\n---\njob:\n"));
    assert.ok(!isCandidate("templates/build.yaml"));
    assert.ok(!isCandidate("a/Dockerfile.j2"));
  });
});

describe("text as it is on disk", () => {
  const lines = (...breaks: readonly string[]) =>
    fc.array(fc.tuple(fc.stringMatching(/^[ab😀]{0,3}$/), fc.constantFrom(...breaks)), { maxLength: 8 });
  // Not all three in one file: where an edit brings a lone `\r` next to a `\n`, they become one line break.
  const raws = fc
    .tuple(fc.boolean(), fc.oneof(lines("\n", "\r\n"), lines("\r")), fc.constantFrom("", "end"))
    .map(([mark, all, end]) => (mark ? "\ufeff" : "") + all.flat().join("") + end);

  it("edits of the LF text do the same to the raw text, and nothing else", () => {
    fc.assert(
      fc.property(
        raws,
        fc.nat(),
        fc.nat(),
        fc.constantFrom("", "x", "x\ny"),
        (raw, first, second, newText) => {
          const text = normalise(raw);
          const [start = 0, end = 0] = [first % (text.length + 1), second % (text.length + 1)].sort(
            (a, b) => a - b,
          );
          const edited = applyToRaw(raw, [{ start, end, newText }]);
          assert.ok(edited !== undefined);
          assert.equal(normalise(edited), applyEdits(text, [{ start, end, newText }]));
          assert.equal(edited.startsWith("\ufeff"), raw.startsWith("\ufeff"));
        },
      ),
    );
  });

  it("keeps CRLF, the byte order mark and lone line breaks of another kind", () => {
    assert.equal(
      applyToRaw("\ufeffa\r\nb\r\nc\nd", [{ start: 2, end: 3, newText: "x\ny" }]),
      "\ufeffa\r\nx\r\ny\r\nc\nd",
    );
  });

  it("uses the line break that is used most", () => {
    assert.equal(mainLineBreak("a"), "\n");
    assert.equal(mainLineBreak("a\r\nb\nc\n"), "\n");
    assert.equal(mainLineBreak("a\r\nb\r\nc\n"), "\r\n");
    assert.equal(mainLineBreak("a\rb\r"), "\r");
  });

  it("refuses edits that overlap", () => {
    const edits = [
      { start: 0, end: 2, newText: "" },
      { start: 1, end: 3, newText: "" },
    ];
    assert.equal(applyToRaw("abc", edits), undefined);
  });
});

describe("loader", () => {
  const load = (root: string) => {
    const loader = createLoader({ host: createNodeHost(root), settings: DEFAULT_SETTINGS });
    const analysis = fakeAnalysis(loader.workspace());
    return { loader, settle: () => loader.settle(analysis) };
  };

  it("reads what is ours, then what the analysis wants, round after round", () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": "want: ci/a.yml\n",
      "ci/a.yml": "want: ci/b.yml\nwant: gone.yml\n",
      "ci/b.yml": "BAD",
      "unrelated.yml": "BAD",
      "Cargo.toml": "BAD",
      "config.toml": "[[runners]] # BAD",
    });
    const { settle, loader } = load(root);
    const report = settle();
    assert.deepEqual(report.files, [".gitlab-ci.yml", "ci/a.yml", "ci/b.yml", "config.toml"]);
    assert.equal(report.findings.length, 2);
    assert.equal(loader.file("unrelated.yml"), undefined);
  });

  it("says once of each file why it was not read", () => {
    const root = temporaryFolder({
      Dockerfile: Buffer.from([0]),
      ".gitlab-ci.yml": "want: a.yml",
      "a.yml": "x".repeat(6 * 1024 * 1024),
    });
    const { settle } = load(root);
    settle();
    assert.deepEqual(
      settle().problems.map(({ at, message }) => `${at.file}: ${message}`),
      [
        "Dockerfile: This file was not read: it is no UTF-8 text",
        "a.yml: This file was not read: it is larger than 5 MB",
      ],
    );
  });

  it("notices what happened on disk, and only what matters", () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "want: ci/a.yml\n", "docs/x.md": "" });
    const { settle, loader } = load(root);
    settle();
    writeFileSync(join(root, "docs/x.md"), "changed");
    assert.equal(loader.changed(["docs/x.md"]), false);
    const before = loader.workspace().paths;
    assert.equal(loader.changed([".git/index", "node_modules/a/Dockerfile", "gone/x"]), false);
    assert.equal(loader.workspace().paths, before);
    writeFileSync(join(root, "docs/new.md"), "");
    assert.equal(loader.changed(["docs/new.md"]), true);
    assert.ok(loader.workspace().paths?.has("docs/new.md"));
    const other = temporaryFolder({ "ci/a.yml": "BAD" });
    symlinkSync(join(other, "ci"), join(root, "ci"));
    loader.changed(["ci"]);
    assert.equal(settle().findings.length, 0);
    rmSync(join(root, "ci"));
    execFileSync("cp", ["-r", join(other, "ci"), join(root, "ci")]);
    assert.equal(loader.changed(["ci"]), true);
    assert.equal(settle().findings.length, 1);
    rmSync(join(root, "ci"), { recursive: true });
    assert.equal(loader.changed(["ci"]), true);
    assert.equal(settle().findings.length, 0);
  });

  it("lets an overlay win, also over what happens on disk, until it is taken away", () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a" });
    const { settle, loader } = load(root);
    loader.setOverlay(".gitlab-ci.yml", { text: "BAD" });
    assert.equal(settle().findings.length, 1);
    loader.changed([".gitlab-ci.yml"]);
    assert.equal(settle().findings.length, 1);
    loader.setOverlay(".gitlab-ci.yml", undefined);
    assert.equal(settle().findings.length, 0);
  });

  it("says nothing about missing files where it could not list all", () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a", b: "", c: "" });
    const loader = createLoader({ host: createNodeHost(root, { maxFiles: 2 }), settings: DEFAULT_SETTINGS });
    loader.settle(fakeAnalysis(loader.workspace()));
    assert.equal(loader.workspace().paths, undefined);
    assert.equal(loader.remarks().length, 1);
  });

  it("puts a configuration from elsewhere in the place of the root's own, under its own name", () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a", ".gitlab-ci-docker.yml": "own: 1" });
    const loader = createLoader({
      host: createNodeHost(root),
      settings: DEFAULT_SETTINGS,
      configuration: { path: "../other.yml", text: "wrong: 1" },
    });
    const analysis = createAnalysis(loader.workspace());
    const problems = loader.settle(analysis).problems;
    assert.deepEqual(
      problems.map(({ at }) => at.file),
      ["../other.yml"],
    );
    assert.match(problems[0]?.message ?? "", /`wrong`/);
  });
});

describe("the root of a file", () => {
  it("is the repository, else the nearest pipeline, else the file's own folder", () => {
    const root = temporaryFolder({
      "r/.git/config": "",
      "r/s/.gitlab-ci.yml": "",
      "r/s/t/x": "",
      "p/.gitlab-ci.yml": "",
      "p/q/x": "",
    });
    assert.equal(findRoot(join(root, "r/s/t/x")), join(root, "r"));
    assert.equal(findRoot(join(root, "p/q/x")), join(root, "p"));
    assert.equal(rootOfFolder(join(root, "r/s")), join(root, "r/s"));
    assert.equal(rootOfFolder(join(root, "r/s/t")), join(root, "r"));
    assert.equal(rootOfFolder(join(root, "p/q")), join(root, "p"));
  });
});

describe("fixes", () => {
  const finding = (
    start: number,
    end: number,
    newText: string,
    safety: "safe" | "suggested" | "manual" = "safe",
  ): Finding => ({
    rule: "r",
    severity: "error",
    confidence: "certain",
    message: "",
    at: { file: "f", start, end },
    jobs: [],
    related: [],
    fixes: [{ title: "", safety, edits: [{ file: "f", start, end, newText }], creates: [] }],
    fingerprint: "",
  });
  const text = (findings: readonly Finding[], safeOnly = true): string | undefined =>
    textsOf(planFixes(findings, safeOnly), () => "0123456789").get("f");

  it("go together where they don't touch; the others wait", () => {
    assert.equal(text([finding(0, 2, "a"), finding(1, 3, "b"), finding(5, 5, "c")]), "a234c56789");
    assert.equal(planFixes([finding(0, 2, "a"), finding(2, 3, "b")], true).count, 1);
    assert.equal(planFixes([finding(4, 4, "a"), finding(4, 4, "b")], true).count, 1);
  });

  it("make an edit that two of them share once", () => {
    assert.equal(text([finding(4, 4, "a"), finding(4, 4, "a")]), "0123a456789");
  });

  it("that need a person are left out unless asked for", () => {
    assert.equal(text([finding(0, 1, "a", "suggested")]), undefined);
    assert.equal(text([finding(0, 1, "a", "suggested")], false), "a123456789");
  });

  it("that state what only a person knows are never chosen", () => {
    assert.equal(text([finding(0, 1, "a", "manual")], false), undefined);
    const both = { ...finding(0, 1, "a", "manual") };
    const fixes = [...both.fixes, ...finding(0, 1, "b", "suggested").fixes];
    assert.equal(text([{ ...both, fixes }], false), "b123456789");
  });
});

describe("writing", () => {
  it("keeps the mode, writes through a link, and leaves nothing behind", () => {
    const root = temporaryFolder({ "real/x.sh": "a" });
    chmodSync(join(root, "real/x.sh"), 0o750);
    symlinkSync("real/x.sh", join(root, "link.sh"));
    writeFile(root, "link.sh", "b");
    assert.equal(readFileSync(join(root, "real/x.sh"), "utf8"), "b");
    assert.equal(statSync(join(root, "real/x.sh")).mode & 0o777, 0o750);
    assert.deepEqual(readdirSync(join(root, "real")), ["x.sh"]);
  });

  it("does not replace a file that must not be written to", () => {
    const root = temporaryFolder({ "x.sh": "a" });
    chmodSync(join(root, "x.sh"), 0o444);
    assert.throws(() => writeFile(root, "x.sh", "b"), /EACCES/);
    assert.equal(readFileSync(join(root, "x.sh"), "utf8"), "a");
    assert.deepEqual(readdirSync(root), ["x.sh"]);
  });

  it("never writes outside of the root", () => {
    const outside = temporaryFolder({ x: "a" });
    const root = temporaryFolder({ y: "" });
    symlinkSync(join(outside, "x"), join(root, "link"));
    symlinkSync(join(outside, "new"), join(root, "dangling"));
    symlinkSync(outside, join(root, "folder"));
    for (const path of ["link", "dangling", "folder/new", "../new", "no/folder/new"])
      assert.throws(() => writeFile(root, path, "b"), path);
    assert.deepEqual(readdirSync(outside), ["x"]);
    assert.equal(readFileSync(join(outside, "x"), "utf8"), "a");
  });

  it("creates a file in a folder that is there", () => {
    const root = temporaryFolder({ "a/y": "" });
    writeFile(root, "a/new.yml", "b");
    assert.equal(readFileSync(join(root, "a/new.yml"), "utf8"), "b");
  });
});
