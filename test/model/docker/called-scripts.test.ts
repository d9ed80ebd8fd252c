// Scripts of the repository that jobs call: which are read, what their commands see, and where they are written.
import assert from "node:assert/strict";
import { runsBefore, surelyRuns, type ContainerCommand } from "../../../server/src/core/model/docker/command";
import { expandArgument } from "../../../server/src/core/model/docker/expand";
import { commandsOf, isOpaque } from "../../../server/src/core/model/docker/find-commands";
import { showText } from "../../../server/src/core/model/docker/symbolic";
import { textAt } from "../../../server/src/core/text/located";
import { Database } from "../../../server/src/core/query/database";
import { defineQuery, type QueryContext } from "../../../server/src/core/query/query";
import { DEFAULT_SETTINGS } from "../../../server/src/core/settings/settings";
import { createSourceFile } from "../../../server/src/core/text/source-file";
import { jobOf, rootKey } from "../../../server/src/core/model/pipeline/resolve";
import { askJob, jobWith, type Files } from "./ask";

const BUILD = "#!/bin/sh\nset -e\ndocker build -t app .\n";

function ask<T>(
  script: string,
  files: Files,
  question: (ctx: QueryContext, commands: readonly ContainerCommand[]) => T,
  rest = "",
): T {
  return askJob(jobWith(script, rest), (ctx, job) => question(ctx, commandsOf(ctx, job)), files);
}

const found = (script: string, files: Files, rest = ""): readonly string[] =>
  ask(script, files, (_ctx, all) => all.map(({ argv }) => argv.map(({ text }) => text).join(" ")), rest);

const opaque = (script: string, files: Files): boolean => askJob(jobWith(script), isOpaque, files);

/** What the last word of each container command becomes, its variants separated by bars. */
const lastWords = (script: string, files: Files, rest = ""): readonly string[] =>
  ask(
    script,
    files,
    (ctx, all) =>
      all.map((command) => {
        const word = command.argv.at(-1);
        assert.ok(word !== undefined);
        return expandArgument(ctx, command, word).map(showText).join(" | ");
      }),
    rest,
  );

const directories = (script: string, files: Files): readonly string[] =>
  ask(script, files, (_ctx, all) =>
    all.map(({ workingDirectory: at }) => (at.known ? `/${at.path}` : "unknown")),
  );

describe("called scripts: which are read", () => {
  const calls = [
    "./ci/build.sh",
    "ci/build.sh",
    "ci/./x/../build.sh a b",
    '"$CI_PROJECT_DIR/ci/build.sh"',
    '"${CI_PROJECT_DIR}"/ci/build.sh',
    "$CI_PROJECT_DIR/ci/build.sh",
    "$PWD/ci/build.sh",
    "$(pwd)/ci/build.sh",
    "cd ci && ./build.sh",
    "cd ci\n../ci/build.sh",
    "bash ci/build.sh",
    "bash -eux ci/build.sh",
    "bash -euo pipefail ci/build.sh x",
    "bash -o errexit ci/build.sh",
    "/bin/sh -e ci/build.sh args",
    "bash --noprofile --rcfile x ci/build.sh",
    "source ci/build.sh",
    ". ./ci/build.sh",
    ". ci/build.sh x",
    "sudo -E ./ci/build.sh",
    "timeout 5m ./ci/build.sh",
    "time bash ci/build.sh",
    "exec ./ci/build.sh",
    "X=1 ./ci/build.sh",
    "command . ci/build.sh",
    "if true; then ./ci/build.sh; fi",
    "{ ./ci/build.sh; }",
    "( ./ci/build.sh )",
    "./ci/build.sh | tee log",
    "sh -c './ci/build.sh x'",
    "$SCRIPTS/build.sh",
  ];
  for (const call of calls) {
    it(call.replaceAll("\n", "⏎"), () => {
      const variables = "variables:\n  SCRIPTS: $CI_PROJECT_DIR/ci";
      assert.deepEqual(found(call, { "ci/build.sh": BUILD }, variables), ["docker build -t app ."]);
      assert.equal(
        askJob(jobWith(call, variables), isOpaque, { "ci/build.sh": BUILD }),
        false,
        "the job is opaque",
      );
    });
  }

  const unread: readonly (readonly [why: string, call: string, files: Files])[] = [
    ["that is not there", "./ci/build.sh", {}],
    ["of another language", "./ci/build.sh", { "ci/build.sh": "#!/usr/bin/env python3\nprint('docker build')\n" }],
    ["that nothing says is one", "./ci/build", { "ci/build": "docker build .\n" }],
    ["with another extension", "./ci/build.py", { "ci/build.py": "#!/bin/sh\ndocker build .\n" }],
    ["in an unknown directory", "cd $X && ./ci/build.sh", { "ci/build.sh": BUILD }],
    ["outside the repository", "../ci/build.sh", { "ci/build.sh": BUILD }],
    ["with an absolute path", "/ci/build.sh", { "ci/build.sh": BUILD }],
    ["with an unknown name", "./ci/$NAME.sh", { "ci/build.sh": BUILD }],
    ["behind unknown options", "bash $OPTIONS ci/build.sh", { "ci/build.sh": BUILD }],
    ["that is looked for in PATH", "build.sh", { "build.sh": BUILD }],
    ["that is too long", "./ci/build.sh", { "ci/build.sh": `docker build .\n${"# x\n".repeat(100_000)}` }],
  ];
  for (const [why, call, files] of unread) {
    it(`not one ${why}: ${call}`, () => {
      assert.deepEqual(found(call, files), []);
      assert.equal(opaque(call, files), true);
    });
  }

  it("what no shell reads as a call", () => {
    for (const script of ["bash -c ci/x", "sh -s ci/build.sh", "echo ./ci/build.sh", "docker run app ./ci/build.sh"])
      assert.ok(!found(script, { "ci/build.sh": BUILD }).includes("docker build -t app ."), script);
  });

  it("a script without an extension, by its first line", () => {
    for (const line of ["#!/bin/sh", "#!/usr/bin/env bash", "#! /bin/bash -e", "#!/usr/bin/env -S bash -e"])
      assert.deepEqual(found("./ci/build", { "ci/build": `${line}\ndocker build .\n` }), ["docker build ."]);
  });

  it("one level: what a called script calls stays unread", () => {
    const files = { "a.sh": "docker build .\n./b.sh\n", "b.sh": "docker push x\n" };
    assert.deepEqual(found("./a.sh", files), ["docker build ."]);
    assert.equal(opaque("./a.sh", files), true);
    assert.equal(opaque("./a.sh", { "a.sh": "make image\n" }), true);
    assert.equal(opaque("./a.sh\nmake image", { "a.sh": "true\n" }), true);
  });

  it("broken scripts are read as far as they can be, and leave the job opaque", () => {
    assert.equal(opaque("./a.sh", { "a.sh": "docker build .\nif true; then\n" }), true);
  });

  it("ends for scripts that call themselves and each other, many calls, large ones", () => {
    assert.deepEqual(found("./a.sh", { "a.sh": "docker ps\n./a.sh\n. ./a.sh\n" }), ["docker ps"]);
    assert.equal(found("./a.sh\n".repeat(500), { "a.sh": "docker ps\n" }).length, 100);
    assert.equal(opaque("./a.sh\n".repeat(500), { "a.sh": "docker ps\n" }), true);
  });

  it("asks for a file that is not loaded", () => {
    const source = createSourceFile(".gitlab-ci.yml", "gitlab-ci", jobWith("./ci/build.sh"));
    const before = {
      files: new Map([[source.path, source]]),
      paths: new Set([source.path, "ci/build.sh"]),
      settings: DEFAULT_SETTINGS,
    };
    const database = new Database(before);
    const question = defineQuery<null, string>({
      name: "question",
      compute: (ctx) => {
        const job = ctx.get(jobOf, rootKey(".gitlab-ci.yml", "build"));
        return job === undefined ? "no job" : `${commandsOf(ctx, job).length} ${isOpaque(ctx, job)}`;
      },
    });
    assert.equal(database.get(question, null), "0 true");
    assert.deepEqual([...database.wanted()], ["ci/build.sh"]);
    const script = createSourceFile("ci/build.sh", "shell", BUILD);
    database.update({ ...before, files: new Map([...before.files, [script.path, script]]) });
    assert.equal(database.get(question, null), "1 false");
  });
});

describe("called scripts: their commands", () => {
  it("are written in the file, and know the way there", () => {
    ask("echo x\nA=1 ./ci/build.sh x", { "ci/build.sh": BUILD }, (_ctx, [command]) => {
      assert.ok(command !== undefined);
      assert.equal(command.at.chunk.file, "ci/build.sh");
      assert.equal(command.at.start, BUILD.indexOf("docker"));
      assert.equal(textAt(command.at), "docker build -t app .");
      assert.deepEqual(
        command.via.map(({ kind, name, at }) => [kind, name, textAt(at)]),
        [["script", "ci/build.sh", "A=1 ./ci/build.sh x"]],
      );
      assert.deepEqual([command.section, command.item.index], ["script", 0]);
    });
  });

  it("stand between those before and behind the call", () => {
    const files = { "a.sh": "docker push a\n", "b.sh": "docker push b\n" };
    const script = "docker login r\n./a.sh\ndocker pull x\n. ./b.sh\ndocker logout r";
    assert.deepEqual(found(script, files), [
      "docker login r",
      "docker push a",
      "docker pull x",
      "docker push b",
      "docker logout r",
    ]);
  });

  it("inherit what surrounds the call", () => {
    const surrounded = (script: string, text: string): readonly boolean[] =>
      ask(script, { "a.sh": text }, (_ctx, [command]) => {
        assert.ok(command !== undefined);
        return [command.use.conditional, command.use.tolerated, command.use.inFunction !== undefined];
      });
    assert.deepEqual(surrounded("./a.sh", "docker ps\n"), [false, false, false]);
    assert.deepEqual(surrounded("if x; then ./a.sh; fi", "docker ps\n"), [true, false, false]);
    assert.deepEqual(surrounded("./a.sh || true", "docker ps\n"), [false, true, false]);
    assert.deepEqual(surrounded("f() { . ./a.sh; }", "docker ps\n"), [false, false, true]);
    assert.deepEqual(surrounded(". ./a.sh\nf", "f() { docker ps; }\n"), [false, false, true]);
  });

  it("of a login through a pipe read from it", () => {
    const pipe = "echo $PASSWORD | ./login.sh";
    ask(pipe, { "login.sh": "docker login -u u --password-stdin r\n" }, (_ctx, [command]) =>
      assert.equal(command?.use.pipedFrom?.words[0]?.text, "echo"),
    );
  });

  it("stop the job where the script's failure is theirs", () => {
    const sure = (script: string, text: string): readonly boolean[] =>
      ask(script, { "a.sh": text }, (_ctx, all) => all.map(surelyRuns));
    const two = "docker pull a\ndocker push b\n";
    assert.deepEqual(sure("./a.sh", two), [false, true]);
    assert.deepEqual(sure("bash a.sh", `#!/bin/sh -e\n${two}`), [false, true]);
    assert.deepEqual(sure("./a.sh", `#!/bin/sh -e\n${two}`), [true, true]);
    assert.deepEqual(sure("bash -e a.sh", two), [true, true]);
    assert.deepEqual(sure("bash -euo pipefail a.sh", two), [true, true]);
    assert.deepEqual(sure("./a.sh", `set -eu\n${two}`), [true, true]);
    assert.deepEqual(sure("./a.sh", `set -o errexit\n${two}`), [true, true]);
    assert.deepEqual(sure("./a.sh", `set -x\n${two}`), [false, true]);
    assert.deepEqual(sure("./a.sh", `set -e\ndocker ps\nset +e\n${two}`).slice(0, 2), [true, false]);
    assert.deepEqual(sure("./a.sh", `${two}exit 0\n`), [false, false]);
    assert.deepEqual(sure(". ./a.sh", two), [true, true]);
  });

  it("have surely run before what stands behind the call", () => {
    const before = (script: string, files: Files): boolean =>
      ask(script, files, (_ctx, [first, second]) => first !== undefined && second !== undefined && runsBefore(first, second));
    assert.equal(before(". ./a.sh\ndocker push x", { "a.sh": "docker login r\n" }), true);
    assert.equal(before("./a.sh\ndocker push x", { "a.sh": "docker login r\n" }), true);
    assert.equal(before("./a.sh\ndocker push x", { "a.sh": "if x; then docker login r; fi\n" }), false);
  });

  it("of two calls of one script are in branches of their own", () => {
    const text = 'if [ "$1" = a ]; then docker login r; else docker push x; fi\n';
    ask("./a.sh a\n./a.sh b", { "a.sh": text }, (_ctx, [login, , again, push]) => {
      assert.ok(login !== undefined && again !== undefined && push !== undefined);
      assert.equal(runsBefore(login, again), false);
      assert.equal(runsBefore(login, push), false);
    });
  });
});

describe("called scripts: directories", () => {
  const AT = "docker ps\n";
  it("start where the call stands, and are left behind it", () => {
    assert.deepEqual(directories("cd app\n../a.sh\ndocker ps", { "a.sh": `cd sub\n${AT}` }), ["/app/sub", "/app"]);
    assert.deepEqual(directories("cd app\nsh ../a.sh\ndocker ps", { "a.sh": AT }), ["/app", "/app"]);
  });

  it("stay where a sourced script goes", () => {
    assert.deepEqual(directories(". ./a.sh\ndocker ps", { "a.sh": `cd sub\n${AT}` }), ["/sub", "/sub"]);
    assert.deepEqual(directories("(. ./a.sh)\ndocker ps", { "a.sh": `cd sub\n${AT}` }), ["/sub", "/"]);
    assert.deepEqual(directories(". ./a.sh\nenter\ndocker ps", { "a.sh": "enter() { cd sub; }\n" }), ["unknown"]);
    const twice = directories("cd a\n. ../a.sh\ncd ../b\n. ../a.sh", { "a.sh": AT });
    assert.deepEqual(twice, ["/a", "/b"]);
  });

  it("know the script's own folder", () => {
    assert.deepEqual(directories("./ci/a.sh", { "ci/a.sh": `cd "$(dirname "$0")"\n${AT}` }), ["/ci"]);
    assert.deepEqual(directories("./ci/a.sh", { "ci/a.sh": `cd "$(dirname "\${BASH_SOURCE[0]}")/.."\n${AT}` }), ["/"]);
    assert.deepEqual(directories('cd "$(dirname "$0")"\ndocker ps', {}), ["unknown"]);
  });

  it("are not mixed up where two items read the same", () => {
    const pipeline = "build:\n  script:\n    - docker ps\n    - cd app\n    - docker ps\n";
    const places = askJob(pipeline, (ctx, job) =>
      commandsOf(ctx, job).map(({ workingDirectory: at }) => (at.known ? `/${at.path}` : "unknown")),
    );
    assert.deepEqual(places, ["/", "/app"]);
  });
});

describe("called scripts: variables", () => {
  const PUSH = 'docker push "$X"\n';
  const cases: readonly (readonly [title: string, script: string, text: string, words: readonly string[]])[] = [
    ["exported ones are seen", "export X=a\n./a.sh", PUSH, ["a"]],
    ["exported later, still before the call", "X=a\nexport X\n./a.sh", PUSH, ["a"]],
    ["exported by `set -a`", "set -a\nX=a\n./a.sh", PUSH, ["a"]],
    ["others are not", "X=a\n./a.sh", PUSH, ["$X"]],
    ["others are where the script is sourced", "X=a\n. ./a.sh", PUSH, ["a"]],
    ["those in front of the call", "X=a\nX=b ./a.sh", PUSH, ["b"]],
    ["those behind `env`", "env X=b ./a.sh", PUSH, ["b"]],
    ["the script's own", "export X=a\n./a.sh", `X=b\n${PUSH}`, ["b"]],
    ["the script's own where it may assign", "export X=a\n./a.sh", `if y; then X=b; fi\n${PUSH}`, ["a | b"]],
    ["the script's own, by default", "export X=a\n./a.sh", `X="\${X:-c}-b"\n${PUSH}`, ["a-b"]],
    ["lost behind the call", './a.sh\ndocker push "$X"', "export X=b\n", ["$X"]],
    ["kept behind a sourced script", '. ./a.sh\ndocker push "$X"', "X=b\n", ["b"]],
    ["lost with the subshell that sources it", '(. ./a.sh)\ndocker push "$X"', "X=b\n", ["$X"]],
    ["seen in the subshell that sources it", '(. ./a.sh; docker push "$X")', "X=b\n", ["b"]],
    ["not those of another call", "./b.sh\n./a.sh", PUSH, ["$X"]],
    ["arguments are not known", "./a.sh image", "docker push $1\n", ["$1"]],
    ["loops of the script", "./a.sh", 'for X in a b; do docker push "$X"; done\n', ["a | b"]],
  ];
  for (const [title, script, text, words] of cases) {
    it(title, () => assert.deepEqual(lastWords(script, { "a.sh": text, "b.sh": "X=other\n" }), words));
  }

  it("of the job, and what the shell makes of them", () => {
    const yaml = "variables:\n  X: yaml";
    assert.deepEqual(lastWords("./a.sh", { "a.sh": PUSH }, yaml), ["yaml"]);
    assert.deepEqual(lastWords("X=shell\n./a.sh", { "a.sh": PUSH }, yaml), ["shell"]);
  });
});
