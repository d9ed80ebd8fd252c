// The built command, with the real analysis. `npm run build` comes first.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { DIST } from "../support/dist";

const CLI = join(DIST, "cli.js");

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(
  cwd: string,
  words: readonly string[],
  input = "",
  env: Readonly<Record<string, string>> = {},
): Outcome {
  // On a CI service no cache is written.
  const { CI: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], {
    cwd,
    input,
    encoding: "utf8",
    env: { ...inherited, FORCE_COLOR: "", ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

afterEach(removeTemporaryFolders);

const FINE = "stages: [a]\nbuild:\n  stage: a\n  script:\n    - make\n";
const NO_CONTEXT = "build:\r\n  script:\r\n    - docker build -t app # no context\r\n";

describe("the built command", () => {
  it("finds nothing in a pipeline that is right", () => {
    const { code, out, err } = run(temporaryFolder({ ".gitlab-ci.yml": FINE }), ["check"]);
    assert.deepEqual([code, err], [0, ""], out + err);
    assert.match(out, /^1 file, 1 job: no findings/);
  });

  it("prints findings with a frame, and fixes them, keeping line breaks and comments", () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": `\ufeff${NO_CONTEXT}`, Dockerfile: "FROM scratch\n" });
    const only = ["--rule", "build-context-missing"];
    const before = run(root, ["check", ...only]);
    assert.equal(before.code, 1);
    assert.match(
      before.out,
      /^\.gitlab-ci\.yml:3:\d+ error\[build-context-missing\] [^\n]+\n {2}\|\n3 \| {5}- docker build -t app # no context\n/,
    );
    const diff = run(root, ["check", "--diff", ...only]);
    assert.match(
      diff.out,
      /^-    - docker build -t app # no context\r\n\+    - docker build -t app \. # no context\r$/m,
    );
    assert.equal(run(root, ["check", "--fix", ...only]).code, 0);
    assert.equal(
      readFileSync(join(root, ".gitlab-ci.yml"), "utf8"),
      `\ufeff${NO_CONTEXT.replace("-t app", "-t app .")}`,
    );
  });

  it("prints JSON, also of standard input", () => {
    const { out, code } = run(temporaryFolder({}), ["check", "--stdin", "--format", "json"], NO_CONTEXT);
    const { findings } = JSON.parse(out) as {
      findings: { rule: string; url: string; fingerprint: string }[];
    };
    assert.equal(code, 1);
    const found = findings.find(({ rule }) => rule === "build-context-missing");
    assert.match(found?.url ?? "", /docs\/rules\/build-context-missing\.md$/);
    assert.match(found?.fingerprint ?? "", /^\S+$/);
  });

  it("says where the configuration is wrong, with exit code 2", () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": FINE,
      ".gitlab-ci-docker.yml": "rules:\n  build-context-mising: off\n",
    });
    const { code, out } = run(root, ["check"]);
    assert.equal(code, 2);
    assert.match(out, /^\.gitlab-ci-docker\.yml:2:3 error .*did you mean `build-context-missing`\?/);
    const elsewhere = run(root, ["check", "--config", "other.yml"]);
    assert.equal(elsewhere.code, 2);
    assert.match(elsewhere.err, /other\.yml/);
  });

  it("takes another configuration in place of the root's own", () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": NO_CONTEXT,
      "strict/c.yml": "rules: { build-context-missing: off, dind-service-missing: off }\n",
    });
    assert.equal(run(root, ["check"]).code, 1);
    assert.equal(run(root, ["check", "--config", "strict/c.yml"]).code, 0);
  });

  it("reads nothing outside of the root, neither by a link nor by an include", () => {
    const outside = temporaryFolder({ "x.yml": "secret:\n  script:\n    - docker build -t secret\n" });
    const root = temporaryFolder({
      ".gitlab-ci.yml": `include:\n  - /link.yml\n  - ../${outside.split("/").at(-1) ?? ""}/x.yml\n`,
    });
    symlinkSync(join(outside, "x.yml"), join(root, "link.yml"));
    const { out, err, code } = run(root, ["check", "--format", "json"]);
    assert.ok(code === 0 || code === 1, err);
    assert.doesNotMatch(out + err, /secret/);
  });

  it("ends quietly when nobody reads on", () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": `build:\n  script:\n${"    - docker build -t app\n".repeat(3000)}`,
    });
    const { stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${CLI}" check | head -n 1`], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(stderr, "");
  });

  it("starts the same with, without and with a broken code cache", () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": FINE });
    const cache = temporaryFolder({});
    const env = { XDG_CACHE_HOME: cache };
    const first = run(root, ["check"], "", env);
    const [file = "none"] = readdirSync(join(cache, "gitlab-ci-docker"));
    assert.match(file, /^program\.js-.*\.bin$/);
    assert.equal(run(root, ["check"], "", env).out, first.out);
    assert.equal(run(root, ["check"], "", { ...env, NODE_DISABLE_COMPILE_CACHE: "1" }).out, first.out);
    writeFileSync(join(cache, "gitlab-ci-docker", file), "no cache at all");
    assert.equal(run(root, ["check"], "", env).out, first.out);
    assert.equal(run(root, ["check"], "", { XDG_CACHE_HOME: "/dev/null" }).out, first.out);
  });

  it("runs no code out of a cache that lies in what is checked, or in a CI job", () => {
    const home = temporaryFolder({});
    const elsewhere = temporaryFolder({});
    const root = temporaryFolder({ ".git/HEAD": "", ".gitlab-ci.yml": FINE, "sub/Dockerfile": "FROM a:1\n" });
    const caches = (folder: string): readonly string[] =>
      existsSync(join(folder, "gitlab-ci-docker")) ? readdirSync(join(folder, "gitlab-ci-docker")) : [];
    mkdirSync(join(root, "cache"));
    symlinkSync(join(root, "cache"), join(elsewhere, "link"));
    const inRoot: readonly (readonly [string, string, readonly string[]])[] = [
      [root, join(root, "cache"), []],
      [join(root, "sub"), join(root, "cache"), []],
      [elsewhere, join(root, "cache"), [join(root, "sub/Dockerfile")]],
      [root, join(elsewhere, "link"), []],
    ];
    for (const [cwd, XDG_CACHE_HOME, paths] of inRoot) {
      run(cwd, ["check", ...paths], "", { HOME: home, XDG_CACHE_HOME });
      assert.deepEqual([caches(join(root, "cache")), caches(join(home, ".cache"))], [[], []], XDG_CACHE_HOME);
    }
    run(root, ["check"], "", { HOME: home, XDG_CACHE_HOME: home, CI: "true" });
    assert.deepEqual(caches(home), []);
    run(root, ["check"], "", { HOME: home, XDG_CACHE_HOME: "cache" });
    assert.deepEqual([caches(join(root, "cache")), caches(join(home, ".cache")).length], [[], 1]);
  });
});
