import assert from "node:assert/strict";
import { buildOf, type Build } from "../../../server/src/core/model/docker/build";
import { showText } from "../../../server/src/core/model/docker/symbolic";
import { askCommand, askCommands, written, type Files } from "./ask";

function build<T>(script: string, question: (build: Build) => T, rest = "", files: Files = {}): T {
  return askCommand(
    script,
    (ctx, command) => {
      const found = buildOf(ctx, command);
      assert.ok(found !== undefined, `no build: ${script}`);
      return question(found);
    },
    rest,
    files,
  );
}

const context = ({ context: found }: Build): string => {
  if (!found.known) return "?";
  const { value } = found;
  return value.kind === "directory" ? `/${value.path}` : value.kind === "remote" ? value.url : "-";
};
const dockerfile = (found: Build): string => (found.dockerfile.known ? found.dockerfile.value : "?");

describe("build: context and Dockerfile", () => {
  const table: readonly (readonly [script: string, context: string, dockerfile: string])[] = [
    ["docker build .", "/", "Dockerfile"],
    ["docker build app", "/app", "app/Dockerfile"],
    ["docker build ./app/", "/app", "app/Dockerfile"],
    ["docker build -f docker/Dockerfile .", "/", "docker/Dockerfile"],
    ["docker build -f Dockerfile app", "/app", "Dockerfile"],
    ["cd app && docker build -f ../ci/Dockerfile ..", "/", "ci/Dockerfile"],
    ["docker build $CI_PROJECT_DIR/app", "/app", "app/Dockerfile"],
    ["docker build -f $PWD/x/Dockerfile $CI_PROJECT_DIR", "/", "x/Dockerfile"],
    ['docker build "$X"', "?", "?"],
    ["docker build -f $X .", "/", "?"],
    ["docker build", "?", "?"],
    ["docker build . extra", "?", "?"],
    ["docker build ../x", "?", "?"],
    ["docker build -", "-", "?"],
    ["docker build - < x", "-", "?"],
    ["docker build -f - . < x", "/", "?"],
    ["docker build https://github.com/a/b.git#main", "https://github.com/a/b.git#main", "?"],
    ["docker build git@github.com:a/b.git", "git@github.com:a/b.git", "?"],
    ["cd /tmp && docker build .", "?", "?"],
    ["docker buildx build -f a/Dockerfile b", "/b", "a/Dockerfile"],
    ["buildah bud -t x", "/", "Containerfile"],
    ["podman build app", "/app", "app/Containerfile"],
    ["/kaniko/executor --context $CI_PROJECT_DIR/app --dockerfile $CI_PROJECT_DIR/app/Dockerfile -d x", "/app", "app/Dockerfile"],
    ["/kaniko/executor --context dir://app -d x", "/app", "app/Dockerfile"],
    ['/kaniko/executor --context "dir://$CI_PROJECT_DIR" -d x', "/", "Dockerfile"],
    ["/kaniko/executor --context dir://$CI_PROJECT_DIR/app -d x", "/app", "app/Dockerfile"],
    ["FOLDER=app\n/kaniko/executor --context dir://$FOLDER -d x", "/app", "app/Dockerfile"],
    ["/kaniko/executor --context git://github.com/a/b -d x", "git://github.com/a/b", "?"],
    ["docker build $ARGS -t x .", "?", "?"],
  ];
  for (const [script, expectedContext, expectedDockerfile] of table) {
    it(script, () => assert.deepEqual(build(script, (found) => [context(found), dockerfile(found)]), [expectedContext, expectedDockerfile]));
  }

  it("says why the context is not known", () => {
    const reasons: readonly (readonly [script: string, because: string])[] = [
      ["/kaniko/executor -d x", "no context is given"],
      ["/kaniko/executor -d x $ARGS", "the words of the command are not all known"],
      ["for D in a b; do /kaniko/executor --context $D -d x; done", "the context differs between variants of the job"],
      ["for D in a b; do docker build $D; done", "the context differs between variants of the job"],
      ["docker build $ARGS .", "the words of the command are not all known"],
      ["docker build --brand-new x .", "the words of the command are not all known"],
      ["docker build . extra", "more than one context is given"],
      ["docker build", "no context is given"],
    ];
    const because = ({ context: found }: Build): string => (found.known ? "known" : found.because);
    for (const [script, expected] of reasons) assert.equal(build(script, because), expected, script);
  });

  it("takes the lower-case name where only that is there, as BuildKit does", () => {
    assert.equal(build("docker build app", dockerfile, "", { "app/dockerfile": "FROM a\n" }), "app/dockerfile");
    assert.equal(build("docker build -f app/Dockerfile .", dockerfile, "", { "app/dockerfile": "FROM a\n" }), "app/dockerfile");
    assert.equal(build("docker build app", dockerfile, "", { "app/DockerFile": "FROM a\n" }), "app/Dockerfile");
  });

  it("looks up kaniko's and buildah's Dockerfile in the context too", () => {
    const files = { "app/ci/Dockerfile": "FROM a\n" };
    assert.equal(build("buildah bud -f ci/Dockerfile app", dockerfile, "", files), "app/ci/Dockerfile");
    assert.equal(build("docker build -f ci/Dockerfile app", dockerfile, "", files), "ci/Dockerfile");
    assert.equal(build("buildah bud app", dockerfile, "", { "app/Dockerfile": "FROM a\n" }), "app/Dockerfile");
  });

  it("is undefined for commands that build nothing", () => {
    for (const script of ["docker push x", "docker buildx bake", "docker compose build", "buildctl build"]) {
      askCommand(script, (ctx, command) => assert.equal(buildOf(ctx, command), undefined, script));
    }
  });
});

describe("build: values", () => {
  it("reads tags, target and build arguments with their places", () => {
    const rest = "variables:\n  IMAGE: $CI_REGISTRY_IMAGE/app\n  TARGET: prod";
    build(
      'docker build -t $IMAGE:1 --tag "$IMAGE:$CI_COMMIT_SHA" --target $TARGET --build-arg A=x$IMAGE --build-arg B .',
      (found) => {
        assert.deepEqual(
          found.tags.map(({ references }) => references.map(({ text }) => showText(text))),
          [["$CI_REGISTRY_IMAGE/app:1"], ["$CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHA"]],
        );
        assert.equal(written(found.tags[1]?.value.at.at), '"$IMAGE:$CI_COMMIT_SHA"');
        assert.deepEqual(found.target?.variants.map(showText), ["prod"]);
        assert.equal(written(found.target.at.at), "$TARGET");
        assert.deepEqual(
          found.arguments.map(({ name, value }) => [name, value?.map(showText)]),
          [
            ["A", ["x$CI_REGISTRY_IMAGE/app"]],
            ["B", undefined],
          ],
        );
      },
      rest,
    );
  });

  it("reads caches", () => {
    build(
      "docker buildx build --cache-from $CI_REGISTRY_IMAGE:cache --cache-from type=gha --cache-to type=registry,ref=$CI_REGISTRY_IMAGE:c-$CI_COMMIT_REF_SLUG,mode=max .",
      ({ cacheFrom, cacheTo }) => {
        assert.deepEqual(
          cacheFrom.map(({ type, references }) => [type, references.map(({ text }) => showText(text))]),
          [
            ["registry", ["$CI_REGISTRY_IMAGE:cache"]],
            ["gha", []],
          ],
        );
        assert.deepEqual(
          cacheTo.map(({ type, references }) => [type, references.map(({ text }) => showText(text))]),
          [["registry", ["$CI_REGISTRY_IMAGE:c-$CI_COMMIT_REF_SLUG"]]],
        );
        assert.deepEqual(cacheTo[0]?.attributes.get("mode")?.map(showText), ["max"]);
      },
    );
  });

  const results: readonly (readonly [script: string, pushes: boolean, loads: boolean])[] = [
    ["docker build .", false, true],
    ["docker build --push .", true, true],
    ["docker buildx build .", false, false],
    ["docker buildx build --push .", true, false],
    ["docker buildx build --load .", false, true],
    ["docker buildx build --output type=registry .", true, false],
    ["docker buildx build -o type=image,push=true .", true, true],
    ["docker buildx build -o out .", false, false],
    ["buildah bud .", false, true],
    ["/kaniko/executor -d x", true, false],
    ["/kaniko/executor --no-push", false, false],
  ];
  for (const [script, pushes, loads] of results) {
    it(`${script}: ${pushes ? "pushes" : "does not push"}`, () => assert.deepEqual(build(script, (found) => [found.pushes, found.loads]), [pushes, loads]));
  }

  it("gives every variant of a branch", () => {
    askCommands("if t; then T=a; else T=b; fi\ndocker build -t x:$T .", (ctx, [command]) => {
      const found = command && buildOf(ctx, command);
      assert.deepEqual(found?.tags[0]?.references.map(({ text }) => showText(text)), ["x:a", "x:b", "x:$T"]);
    });
  });
});
