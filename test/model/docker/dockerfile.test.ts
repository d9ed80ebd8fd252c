import assert from "node:assert/strict";
import { dockerfileOf, stageNamed, stagesOf, type Dockerfile } from "../../../server/src/core/model/docker/dockerfile";
import { literal, showText } from "../../../server/src/core/model/docker/symbolic";
import { parseDockerfile } from "../../../server/src/core/syntax/dockerfile";
import { createSourceFile } from "../../../server/src/core/text/source-file";
import { withFiles, written } from "./ask";

const read = (text: string): Dockerfile => stagesOf(parseDockerfile(createSourceFile("Dockerfile", "dockerfile", text)));

const MULTI_STAGE = `ARG VERSION=22
ARG BASE=node:$VERSION
FROM \${BASE}-alpine AS Deps
COPY package.json ./
FROM deps AS build
ARG MODE=prod
RUN --mount=type=bind,from=deps,source=/x,target=/y make
FROM scratch
COPY --from=BUILD /app /app
COPY --from=0 /a /a
COPY --from=alpine:3 /b /b
COPY --from=final /c /c
FROM nginx AS final
`;

describe("dockerfile: stages", () => {
  it("knows names, bases and instructions", () => {
    const { stages, globalArguments } = read(MULTI_STAGE);
    assert.deepEqual(
      stages.map(({ name, base, instructions }) => [name?.value, base.kind, instructions.length]),
      [
        ["Deps", "image", 1],
        ["build", "stage", 2],
        [undefined, "scratch", 4],
        ["final", "image", 0],
      ],
    );
    assert.deepEqual(globalArguments.map((argument) => `${argument.name}=${argument.default}`), ["VERSION=22", "BASE=node:$VERSION"]);
    assert.deepEqual(stages[1]?.arguments.map(({ name }) => name), ["MODE"]);
  });

  it("fills in global arguments and keeps the rest symbolic", () => {
    const [deps] = read(MULTI_STAGE).stages;
    assert.equal(deps === undefined ? "" : showText(deps.baseText), "node:22-alpine");
    assert.equal(written(deps?.written.at), "${BASE}-alpine");
    const base = (from: string): string => showText(read(`ARG A\nARG B=\n${from}\n`).stages[0]?.baseText ?? { parts: [] });
    assert.equal(base("FROM x:$A"), "x:$A");
    assert.equal(base("FROM x:${A:-1}"), "x:1");
    assert.equal(base("FROM x:${B:-1}"), "x:1");
    assert.equal(base("FROM x${B:+-y}"), "x");
    assert.equal(base("FROM x:\\$A"), "x:$A");
  });

  it("lets a build argument win over the default", () => {
    const tree = parseDockerfile(createSourceFile("Dockerfile", "dockerfile", "ARG V=1\nFROM x:$V\n"));
    const { stages } = stagesOf(tree, new Map([["V", { parts: [literal("2")] }]]));
    assert.equal(showText(stages[0]?.baseText ?? { parts: [] }), "x:2");
  });

  it("knows what a stage takes from others", () => {
    const edges = read(MULTI_STAGE).stages.flatMap((stage) => stage.edges.map(({ from, stage: target }) => [from.value, target?.index, written(from.at)]));
    assert.deepEqual(edges, [
      ["deps", 0, "deps"],
      ["BUILD", 1, "BUILD"],
      ["0", 0, "0"],
      ["alpine:3", undefined, "alpine:3"],
      ["final", undefined, "final"],
    ]);
  });

  it("finds the target by name without case, or by number", () => {
    const dockerfile = read(MULTI_STAGE);
    assert.equal(stageNamed(dockerfile, "DEPS")?.index, 0);
    assert.equal(stageNamed(dockerfile, "2")?.index, 2);
    assert.equal(stageNamed(dockerfile, "production"), undefined);
    assert.equal(stageNamed(dockerfile, "9"), undefined);
  });

  it("knows frontends that are not Docker's own", () => {
    assert.equal(read("# syntax=docker/dockerfile:1\nFROM a\n").foreignFrontend, undefined);
    assert.equal(read("# syntax=docker.io/docker/dockerfile-upstream:master\nFROM a\n").foreignFrontend, undefined);
    assert.equal(read("# syntax=devthefuture/dockerfile-x\nFROM a\n").foreignFrontend, "devthefuture/dockerfile-x");
  });

  it("survives a file without FROM and an empty one", () => {
    assert.deepEqual(read("RUN x\n").stages, []);
    assert.deepEqual(read("").stages, []);
    assert.equal(read("FROM\n").stages.length, 1);
  });

  it("is undefined for a file that is not there", () => {
    withFiles({ Dockerfile: "FROM a\n" }, (ctx) => {
      assert.equal(dockerfileOf(ctx, "Dockerfile")?.stages.length, 1);
      assert.equal(dockerfileOf(ctx, "other"), undefined);
    });
  });
});
