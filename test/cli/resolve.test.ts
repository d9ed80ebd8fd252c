// `resolve` on a repository in a folder: both formats, names, problems, exit codes.
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { parse } from "yaml";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { runCommand } from "./run-command";

afterEach(removeTemporaryFolders);

const PIPELINE = `include: ci/*.yml
stages: [build, deploy]
default:
  image: alpine:3.22
  services: [docker:29-dind]
variables: { DEPTH: 5, CHOICE: { value: a, options: [a, b] } }
build:
  extends: .docker
  stage: build
  parallel: { matrix: [{ TARGET: [one, two] }] }
  script:
    - !reference [.setup, script]
    - docker build .
child:
  trigger: { include: child/pipeline.yml }
`;

const FILES = {
  ".gitlab-ci.yml": PIPELINE,
  "ci/docker.yml": ".docker:\n  image: docker:29-cli\n  tags: [docker]\n",
  "ci/setup.yml": ".setup:\n  script:\n    - |\n      echo one\n      echo two\n",
  "child/pipeline.yml": "of-child: { script: echo }\n",
};

const JOBS = {
  build: {
    stage: "build",
    image: { name: "docker:29-cli" },
    services: [{ name: "docker:29-dind" }],
    variables: { DEPTH: "5", CHOICE: "a" },
    tags: ["docker"],
    parallel: { matrix: [{ TARGET: ["one", "two"] }] },
    script: ["echo one\necho two\n", "docker build ."],
  },
  child: {
    stage: "test",
    variables: { DEPTH: "5", CHOICE: "a" },
    trigger: { include: "child/pipeline.yml" },
  },
};

interface Json {
  readonly jobs: Readonly<Record<string, unknown>>;
  readonly problems: readonly {
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly column: number } };
    readonly message: string;
  }[];
}

const read = (out: string): Json => JSON.parse(out) as Json;

describe("resolve --format json", () => {
  it("gives every visible job of the pipeline, and nothing else", async () => {
    const { code, out, err } = await runCommand(temporaryFolder(FILES), ["resolve", "--format", "json"]);
    assert.deepEqual(Object.keys(read(out)).sort(), ["jobs", "problems"]);
    assert.deepEqual(read(out).jobs, JOBS);
    assert.deepEqual({ code, err }, { code: 0, err: "" });
  });

  it("gives the jobs that are named, a template among them", async () => {
    const root = temporaryFolder(FILES);
    const { out } = await runCommand(root, ["resolve", "child", ".docker", "--format=json"]);
    const { jobs } = read(out);
    assert.deepEqual(Object.keys(jobs).sort(), [".docker", "child"]);
    assert.deepEqual(jobs["child"], JOBS.child);
  });

  it("says what could not be resolved, with lines and columns from 1; the other jobs are there", async () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": "a: { script: [echo] }\nb:\n  extends: .gone\n  script: [echo]\nDockerfile: 1\n",
      Dockerfile: "NONSENSE\n",
    });
    const { code, out } = await runCommand(root, ["resolve", "--format", "json"]);
    const { jobs, problems } = read(out);
    assert.deepEqual(Object.keys(jobs), ["a", "b"]);
    assert.equal(problems.length, 1, JSON.stringify(problems));
    assert.equal(problems[0]?.file, ".gitlab-ci.yml");
    assert.deepEqual(problems[0].range.start, { line: 3, column: 12 });
    assert.match(problems[0].message, /\.gone/);
    assert.equal(code, 0);
  });

  it("is empty where there is no pipeline", async () => {
    const { code, out, err } = await runCommand(temporaryFolder({ "README.md": "" }), [
      "resolve",
      "--format",
      "json",
    ]);
    assert.deepEqual(read(out), { jobs: {}, problems: [] });
    assert.match(err, /no pipeline/);
    assert.equal(code, 0);
  });
});

describe("resolve", () => {
  it("prints YAML with the origin of each value", async () => {
    const { code, out, err } = await runCommand(temporaryFolder(FILES), ["resolve", "build"]);
    assert.match(out, /^build: +# \.gitlab-ci\.yml:7$/m);
    assert.match(out, /^ {2}image: docker:29-cli +# ci\/docker\.yml:2 via extends \.docker$/m);
    assert.match(out, /^ {4}- docker:29-dind +# \.gitlab-ci\.yml:5 via default$/m);
    assert.match(out, /^ {4}- \| +# ci\/setup\.yml:3 via !reference \.setup script$/m);
    assert.deepEqual({ code, err }, { code: 0, err: "" });
  });

  it("prints YAML that holds the values of the JSON, an image that is but a name as that", async () => {
    const { out } = await runCommand(temporaryFolder(FILES), ["resolve"]);
    const shortened = { ...JOBS.build, image: "docker:29-cli", services: ["docker:29-dind"] };
    assert.deepEqual(parse(out), { ...JOBS, build: shortened });
  });

  it("says problems on standard error", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "b:\n  extends: .gone\n  script: [echo]\n" });
    const { out, err } = await runCommand(root, ["resolve"]);
    assert.match(out, /^b:/);
    assert.match(err, /^\.gitlab-ci\.yml:2:12 error .*\.gone/);
  });

  it("answers for the repository from a folder inside it, with paths from its root", async () => {
    const root = temporaryFolder(FILES);
    const { code, out } = await runCommand(join(root, "ci"), ["resolve", "build"]);
    assert.match(out, /^ {2}image: docker:29-cli +# ci\/docker\.yml:2 via extends \.docker$/m);
    assert.equal(code, 0);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a job that isn't there", ["resolve", "biuld"], /no job `biuld`; did you mean `build`/],
    ["a job of a child pipeline", ["resolve", "of-child"], /no job `of-child`/],
    ["a format that isn't there", ["resolve", "--format", "text"], /one of yaml, json/],
    ["a configuration that isn't there", ["resolve", "--config", "gone.yml"], /gone\.yml/],
  ];
  for (const [what, words, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await runCommand(temporaryFolder(FILES), words);
      assert.deepEqual({ code, out }, { code: 2, out: "" });
      assert.match(err, message);
    });
  }

  it("refuses a configuration with errors, and starts from the entries of a good one", async () => {
    const root = temporaryFolder({
      ...FILES,
      "bad.yml": "entri: [x]\n",
      "good.yml": "entry: [child/pipeline.yml]\n",
    });
    const bad = await runCommand(root, ["resolve", "--config", "bad.yml"]);
    assert.equal(bad.code, 2);
    assert.match(bad.err, /entri/);
    const good = await runCommand(root, ["resolve", "--config", "good.yml", "--format", "json"]);
    assert.deepEqual(read(good.out).jobs, { "of-child": { stage: "test", script: ["echo"] } });
  });

  it("has a help text, and a line in the list of commands", async () => {
    const { out } = await runCommand(".", ["resolve", "--help"]);
    assert.match(out, /Usage: gitlab-ci-docker resolve \[JOB…\]/);
    assert.match((await runCommand(".", ["--help"])).out, /^gitlab-ci-docker resolve \[JOB…\]/m);
  });
});
