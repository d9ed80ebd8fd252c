// What rules ask of a Dockerfile: its commands, the names in its stages, the builds that use it.
import assert from "node:assert/strict";
import { dockerfileOf, type Dockerfile } from "../../../server/src/core/model/docker/dockerfile";
import { runsIn } from "../../../server/src/core/model/docker/dockerfile-run";
import { emptyNames, undeclaredInFrom } from "../../../server/src/core/model/docker/dockerfile-scope";
import { buildsOfDockerfile, buildsOfUnknownDockerfiles, contextsOf } from "../../../server/src/core/model/docker/dockerfile-uses";
import { readsOfText } from "../../../server/src/core/model/docker/instruction-reads";
import { scriptVariables } from "../../../server/src/core/model/docker/shell-reads";
import { baseChain, finalStage, reachableFrom } from "../../../server/src/core/model/docker/stage-reachability";
import { Database } from "../../../server/src/core/query/database";
import { defineQuery, type QueryContext } from "../../../server/src/core/query/query";
import { DEFAULT_SETTINGS } from "../../../server/src/core/settings/settings";
import { parseShell } from "../../../server/src/core/syntax/shell";
import { createSourceFile, type SourceFile } from "../../../server/src/core/text/source-file";
import { withFiles, written } from "./ask";

const ask = <T>(text: string, question: (ctx: QueryContext, dockerfile: Dockerfile) => T): T =>
  withFiles({ Dockerfile: text }, (ctx) => {
    const dockerfile = dockerfileOf(ctx, "Dockerfile");
    assert.ok(dockerfile !== undefined);
    return question(ctx, dockerfile);
  });

describe("dockerfile: commands of RUN", () => {
  const commandsIn = (text: string): readonly string[] =>
    ask(text, (ctx, { tree }) => runsIn(ctx, tree.instructions).flatMap(({ commands }) => commands.map((each) => each.text)));

  it("reads lines, lists, wrappers and continuations, at their places", () => {
    assert.deepEqual(commandsIn("FROM x\nRUN set -e; \\\n  # comment\n  A=1 sudo -u app npm ci && make \\\n  all\n"), ["set -e", "npm ci", "make all"]);
    const places = ask("FROM x\nRUN a && \\\n b c\n", (ctx, { tree }) =>
      runsIn(ctx, tree.instructions).flatMap(({ commands }) => commands.map(({ at }) => written(at))),
    );
    assert.deepEqual(places, ["a", "b c"]);
  });

  it("reads the exec form and here-documents that are scripts", () => {
    assert.deepEqual(commandsIn('FROM x\nRUN ["npm", "ci"]\n'), ["npm ci"]);
    assert.deepEqual(commandsIn("FROM x\nRUN <<EOF\nnpm ci\nmake\nEOF\n"), ["npm ci", "make"]);
    assert.deepEqual(commandsIn("FROM x\nRUN bash -e <<EOF\nnpm ci\nEOF\n"), ["npm ci"]);
    assert.deepEqual(commandsIn("FROM x\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF\n"), []);
    assert.deepEqual(commandsIn("FROM x\nRUN cat <<EOF > a\nnpm ci\nEOF\n"), ["cat"]);
  });
});

describe("shell: variables that a script reads and sets", () => {
  const read = (text: string): readonly string[] => scriptVariables(parseShell(text)).reads.map(({ name, hasFallback }) => (hasFallback ? `${name}?` : name));

  it("reads words, redirections, substitutions, loops and tests", () => {
    assert.deepEqual(read('echo $A "${B}" \'$C\' \\$D > $E'), ["A", "B", "E"]);
    assert.deepEqual(read("for x in $A; do [[ $B == c ]] && echo $(cat $C); done"), ["A", "B", "C"]);
    assert.deepEqual(read("${A:-$B} ${C+x}"), ["A?", "C?"]);
  });

  it("knows what is set, and when nobody can tell", () => {
    const { sets, isOpen } = scriptVariables(parseShell("A=1; export B=2; read C; for D in x; do :; done; printf -v E 1; : ${F:=1}"));
    assert.deepEqual([...sets].sort(), ["A", "B", "C", "D", "E", "F"]);
    assert.equal(isOpen, false);
    assert.equal(scriptVariables(parseShell(". /etc/os-release")).isOpen, true);
  });
});

describe("dockerfile: variables that BuildKit expands", () => {
  const tree = createSourceFile("Dockerfile", "dockerfile", "x");
  const place = (start: number, end: number): { chunk: { file: string; text: string }; start: number; end: number } => ({ chunk: { file: tree.path, text: tree.text }, start, end });

  it("leaves single quotes and escapes alone", () => {
    const names = (text: string, escape = "\\"): readonly string[] =>
      readsOfText(text, escape, place).map(({ name, hasFallback, at }) => `${name}${hasFallback ? "?" : ""}@${at.start}`);
    assert.deepEqual(names(`$A '$B' "$C" "'$D'" \\$E \${F:-x} \${G}`), ["A@0", "C@9", "D@15", "F?@24", "G@32"]);
    assert.deepEqual(names("`$A \\$B", "`"), ["B@5"]);
    assert.deepEqual(names("$$ $1 ${ $"), []);
  });
});

describe("dockerfile: names in stages", () => {
  it("says which are empty, why, and whether the base may set them", () => {
    const text = "ARG A=1\nFROM alpine AS one\nARG B\nRUN echo $A $B $C\nFROM one\nRUN echo $A $B $TARGETARCH\nFROM x/y\nRUN echo $A $B\n";
    assert.deepEqual(
      ask(text, (ctx, dockerfile) => emptyNames(ctx, dockerfile).map(({ stage, name, because, isCertain }) => [stage.index, name, because, isCertain])),
      [
        [0, "A", "global", true],
        [1, "A", "global", true],
        [1, "TARGETARCH", "platform", true],
        [2, "A", "global", false],
      ],
    );
  });

  it("says what FROM lines read and nothing declares", () => {
    const text = "ARG A\nFROM $A AS one\nARG B=1\nFROM --platform=$BUILDPLATFORM x:$B\nFROM x:${C:-1}\nFROM --platform=$D x\n";
    assert.deepEqual(
      ask(text, (_ctx, dockerfile) => undeclaredInFrom(dockerfile).map(({ read, declaration }) => [read.name, declaration?.name])),
      [
        ["B", "B"],
        ["D", undefined],
      ],
    );
  });
});

describe("dockerfile: reachability", () => {
  it("follows bases, copies and mounts", () => {
    const text = "FROM x AS a\nFROM x AS b\nFROM x AS c\nFROM a AS d\nCOPY --from=b /x /x\nFROM d\nRUN --mount=type=bind,from=c,target=/x true\n";
    ask(text, (_ctx, dockerfile) => {
      const last = finalStage(dockerfile);
      assert.ok(last !== undefined);
      assert.deepEqual([...reachableFrom([last])].map(({ index }) => index).sort(), [0, 1, 2, 3, 4]);
      assert.deepEqual(baseChain(last).map(({ index }) => index), [4, 3, 0]);
      const [, second] = dockerfile.stages;
      assert.deepEqual([...reachableFrom(second === undefined ? [] : [second])].map(({ index }) => index), [1]);
    });
  });
});

describe("dockerfile: builds that use it", () => {
  const PIPELINE = `
a:
  script: docker build -t a .
b:
  script: docker build -f app/Dockerfile -t b app
c:
  script: docker build -f $UNKNOWN .
.d:
  script: docker build -t d .
`;

  it("knows them by path, with their contexts", () => {
    withFiles({ ".gitlab-ci.yml": PIPELINE, Dockerfile: "FROM x\n", "app/Dockerfile": "FROM x\n" }, (ctx) => {
      assert.deepEqual(buildsOfDockerfile(ctx, "Dockerfile").map(({ command }) => command.job.name), ["a", ".d"]);
      assert.deepEqual(buildsOfDockerfile(ctx, "app/Dockerfile").map(({ command }) => command.job.name), ["b"]);
      assert.deepEqual(buildsOfUnknownDockerfiles(ctx).map(({ command }) => command.job.name), ["c"]);
      assert.deepEqual([contextsOf(ctx, "app/Dockerfile"), contextsOf(ctx, "other/Dockerfile")], [["app"], ["other", ""]]);
    });
  });

  it("reads one job again when one job changes, and tells nobody where its builds stay away from the file", () => {
    const files = (pipeline: string): ReadonlyMap<string, SourceFile> => new Map([[".gitlab-ci.yml", createSourceFile(".gitlab-ci.yml", "gitlab-ci", pipeline)]]);
    const paths = new Set([".gitlab-ci.yml", "Dockerfile", "app/Dockerfile"]);
    const database = new Database({ files: files(PIPELINE), paths, settings: DEFAULT_SETTINGS });
    let asked = 0;
    const question = defineQuery<null, number>({
      name: "question",
      compute: (ctx) => {
        asked += 1;
        return buildsOfDockerfile(ctx, "Dockerfile").length;
      },
    });
    assert.equal(database.get(question, null), 2);
    const before = database.computed.get("buildsOfJob") ?? 0;
    database.update({ files: files(PIPELINE.replace("-t b app", "-t b --pull app")), paths, settings: DEFAULT_SETTINGS });
    assert.equal(database.get(question, null), 2);
    assert.deepEqual([(database.computed.get("buildsOfJob") ?? 0) - before, asked], [1, 1]);
  });
});
