// `commands` on a repository in a folder: both formats, names, exit codes. Which commands count is told in
// test/features/commands.md.
import { strict as assert } from "node:assert";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { runCommand } from "./run-command";

afterEach(removeTemporaryFolders);

const FILES = {
  ".gitlab-ci.yml": `include: ci/docker.yml
build:
  extends: .docker
  before_script:
    - sudo docker info > log
other: { script: [echo] }
child: { trigger: { include: child.yml } }
`,
  "ci/docker.yml": '.docker:\n  script:\n    - echo\n    - docker build -t "a b" .\n',
  "child.yml": "of-child: { script: docker ps }\n",
};

const place = (line: number, from: number, to: number) => ({
  start: { line, column: from },
  end: { line, column: to },
});

describe("commands", () => {
  it("gives the commands of every visible job as JSON", async () => {
    const { code, out, err } = await runCommand(temporaryFolder(FILES), ["commands", "--format", "json"]);
    assert.deepEqual(JSON.parse(out), {
      jobs: {
        build: {
          commands: [
            {
              argv: ["docker", "info"],
              section: "before_script",
              item: 0,
              file: ".gitlab-ci.yml",
              range: place(5, 7, 29),
            },
            {
              argv: ["docker", "build", "-t", "a b", "."],
              section: "script",
              item: 1,
              file: "ci/docker.yml",
              range: place(4, 7, 30),
            },
          ],
        },
        other: { commands: [] },
        child: { commands: [] },
      },
    });
    assert.deepEqual({ code, err }, { code: 0, err: "" });
  });

  it("gives those of the jobs that are named", async () => {
    const { out } = await runCommand(temporaryFolder(FILES), ["commands", "other", "--format", "json"]);
    assert.deepEqual(JSON.parse(out), { jobs: { other: { commands: [] } } });
  });

  it("prints a list for people", async () => {
    const { out } = await runCommand(temporaryFolder(FILES), ["commands"]);
    assert.equal(
      out,
      [
        "build",
        "  .gitlab-ci.yml:5:7  before_script  docker info",
        '  ci/docker.yml:4:7   script         docker build -t "a b" .',
        "",
      ].join("\n"),
    );
  });

  it("refuses a job that isn't there", async () => {
    const { code, out, err } = await runCommand(temporaryFolder(FILES), ["commands", "othre"]);
    assert.deepEqual({ code, out }, { code: 2, out: "" });
    assert.match(err, /no job `othre`; did you mean `other`/);
  });

  it("has a help text, and a line in the list of commands", async () => {
    const { out } = await runCommand(".", ["commands", "--help"]);
    assert.match(out, /Usage: gitlab-ci-docker commands \[JOB…\]/);
    assert.match((await runCommand(".", ["--help"])).out, /^gitlab-ci-docker commands \[JOB…\]/m);
  });
});
