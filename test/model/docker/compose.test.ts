// Compose files: what a service says, through anchors and merge keys, and which files a command reads.
import assert from "node:assert/strict";
import { bindMountsOf } from "../../../server/src/core/model/docker/bind-mount";
import { composeFileOf, composePathsOf } from "../../../server/src/core/model/docker/compose";
import { askCommand, withFiles, written } from "./ask";

const COMPOSE = `
x-base: &base
  build: { context: ./app, target: test }
  privileged: true
services:
  app:
    <<: *base
    image: \${REGISTRY:-local}/app
  override: { <<: [*base], privileged: false, build: other }
  alias: *base
  daemon:
    image: docker:29-dind
    command: [--tls=false]
    privileged: \${PRIVILEGED}
  empty:
`;

describe("model: compose files", () => {
  it("reads image, build and privileges, those of merge keys too", () => {
    const file = withFiles({ "compose.yaml": COMPOSE }, (ctx) => composeFileOf(ctx, "compose.yaml"));
    const services = file?.services.map((service) => ({
      name: service.name,
      image: service.image?.value,
      at: written(service.image?.at),
      context: service.build?.context?.value,
      target: service.build?.target?.value,
      privileged: service.privileged,
      command: service.command,
      isOwn: service.body !== undefined,
    }));
    const image = "${REGISTRY:-local}/app";
    const none = { image: undefined, at: "—", command: undefined };
    const build = { context: "./app", target: "test", privileged: true };
    assert.deepEqual(services, [
      { name: "app", image, at: image, ...build, command: undefined, isOwn: true },
      { name: "override", ...none, context: "other", target: undefined, privileged: false, isOwn: true },
      { name: "alias", ...none, ...build, isOwn: false },
      {
        name: "daemon",
        image: "docker:29-dind",
        at: "docker:29-dind",
        context: undefined,
        target: undefined,
        privileged: undefined,
        command: ["--tls=false"],
        isOwn: true,
      },
    ]);
  });

  it("gives nothing of files that are absent, broken or something else", () => {
    const read = (text: string): number | undefined =>
      withFiles({ "c.yml": text }, (ctx) => composeFileOf(ctx, "c.yml")?.services.length);
    assert.equal(
      withFiles({}, (ctx) => composeFileOf(ctx, "c.yml")),
      undefined,
    );
    assert.deepEqual(
      ["", "services: [a]\n", "- a\n", "a: &a { <<: *a }\nservices: { b: *a }\n"].map(read),
      [0, 0, 0, 1],
    );
  });

  const files = { "ci/docker-compose.yml": "", "ci/docker-compose.override.yml": "", "compose.yml": "" };
  const cases: readonly (readonly [script: string, paths: readonly string[] | undefined])[] = [
    ["docker compose up", ["compose.yml"]],
    ["cd ci && docker-compose up -d", ["ci/docker-compose.yml", "ci/docker-compose.override.yml"]],
    ["docker compose -f ci/a.yml -f ./b.yml up", ["ci/a.yml", "b.yml"]],
    ['docker compose --file "$CI_PROJECT_DIR/ci/a.yml" up', ["ci/a.yml"]],
    ["docker compose -f $FILE up", undefined],
    ["docker compose -f ../a.yml up", undefined],
    ["docker compose --project-directory x up", undefined],
    ["COMPOSE_FILE=a.yml docker compose up", undefined],
    ["cd /tmp && docker compose up", undefined],
    ["cd empty && docker compose up", []],
  ];
  for (const [script, paths] of cases) {
    it(script, () => {
      assert.deepEqual(
        askCommand(script, (ctx, command) => composePathsOf(ctx, command), "", files),
        paths,
      );
    });
  }
});

describe("model: bind mounts", () => {
  const rest = "variables:\n  DATA: $CI_PROJECT_DIR/data\n  TMP_DATA: /tmp/data";
  const cases: readonly (readonly [flags: string, mounts: readonly (readonly [string, string])[]])[] = [
    ["-v $(pwd):/src", [["checkout", "$(pwd)"]]],
    ["-v `pwd`/a:/src:ro", [["checkout", "`pwd`/a"]]],
    ['--volume="${PWD}/a b:/src"', [["checkout", "${PWD}/a b"]]],
    ["-v ./x:/src -v ..:/y", [["checkout", "./x"], ["checkout", ".."]]],
    ["-v $DATA:/src", [["checkout", "$DATA"]]],
    ["-v $TMP_DATA:/src", [["absolute", "$TMP_DATA"]]],
    ["-v /etc/ssl:/etc/ssl", [["absolute", "/etc/ssl"]]],
    ["--mount type=bind,src=$PWD,dst=/src", [["checkout", "$PWD"]]],
    ["--mount source=/tmp,type=bind,target=/x", [["absolute", "/tmp"]]],
    ["--mount type=volume,source=data,target=/x -v data:/x -v /x", []],
    ["-v $UNKNOWN:/x -v ~/x:/x", []],
  ];
  for (const [flags, mounts] of cases) {
    it(flags, () => {
      const found = askCommand(
        `docker run ${flags} alpine:3.22 ls`,
        (_ctx, command) => bindMountsOf(command).map(({ lies, source }) => [lies, source]),
        rest,
      );
      assert.deepEqual(found, mounts);
    });
  }
});
