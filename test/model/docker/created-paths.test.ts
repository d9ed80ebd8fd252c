import assert from "node:assert/strict";
import { madeBefore, type Made } from "../../../server/src/core/model/docker/created-paths";
import { commandsOf } from "../../../server/src/core/model/docker/find-commands";
import { jobOf } from "../../../server/src/core/model/pipeline/resolve";
import { rootKey } from "../../../server/src/core/model/pipeline/root-table";
import { jobWith, withFiles, type Files } from "./ask";

/** Whether a path may have been made before the last container command of the job `build`. */
const made = (pipeline: string, path: string, files: Files = {}): Made =>
  withFiles({ ...files, ".gitlab-ci.yml": pipeline }, (ctx) => {
    const job = ctx.get(jobOf, rootKey(".gitlab-ci.yml", "build"));
    const command = job && commandsOf(ctx, job).at(-1);
    assert.ok(command !== undefined, pipeline);
    return madeBefore(ctx, command, path);
  });

describe("created paths: what a job's commands make", () => {
  const table: readonly (readonly [script: string, path: string, made: Made])[] = [
    ["true", "Dockerfile", "no"],
    ["echo FROM a > Dockerfile", "Dockerfile", "yes"],
    ["echo FROM a > Dockerfile", "Dockerfile.prod", "no"],
    ["echo FROM a > other", "Dockerfile", "no"],
    ["echo FROM a >> app/Dockerfile 2>/dev/null", "app/Dockerfile", "yes"],
    ["echo FROM a > $CI_PROJECT_DIR/app/Dockerfile", "app", "yes"],
    ["echo FROM a > $FILE", "Dockerfile", "maybe"],
    ["echo FROM a > /tmp/Dockerfile.x", "Dockerfile", "no"],
    ["cd app; echo FROM a > Dockerfile; cd ..", "app/Dockerfile", "yes"],
    ["cat <<X | tee Dockerfile\nFROM a\nX", "Dockerfile", "yes"],
    ["{ echo FROM a; echo RUN b; } > Dockerfile", "Dockerfile", "yes"],
    ["envsubst < Dockerfile.in > Dockerfile", "Dockerfile", "yes"],
    ["mkdir -p build/image", "build", "yes"],
    ["mkdir -p build/image", "build/image/Dockerfile", "yes"],
    ["mkdir -p build/image", "builder", "no"],
    ["cp ci/Dockerfile .", "Dockerfile", "yes"],
    ["cp ci/Dockerfile .", "other", "no"],
    ["cp -r ci/. .", "Dockerfile", "yes"],
    ["cp ci/Dockerfile app/Dockerfile", "app/Dockerfile", "yes"],
    ["cp ci/* app", "app/x", "yes"],
    ["mv a b c", "c/b", "yes"],
    ["mv a b c", "c/d", "no"],
    ["sed -i s/a/b/ Dockerfile", "Dockerfile", "yes"],
    ["sed s/a/b/ Dockerfile", "Dockerfile", "no"],
    ["git clone https://example.com/a/tools.git", "tools/Dockerfile", "yes"],
    ["git clone https://example.com/a/tools.git x", "tools/Dockerfile", "no"],
    ["git submodule update --init", "Dockerfile", "maybe"],
    ["git describe --tags", "Dockerfile", "no"],
    ["curl -sSL https://example.com/Dockerfile -o Dockerfile", "Dockerfile", "yes"],
    ["curl -sSL https://example.com/ready", "Dockerfile", "no"],
    ["curl -O https://example.com/x", "Dockerfile", "maybe"],
    ["wget -qO- https://example.com/x", "Dockerfile", "no"],
    ["wget https://example.com/x", "x", "maybe"],
    ["tar xzf context.tar.gz", "Dockerfile", "maybe"],
    ["unzip x.zip", "Dockerfile", "maybe"],
    ["make image", "Dockerfile", "maybe"],
    ["npm run build", "dist", "maybe"],
    ["./missing.sh", "Dockerfile", "maybe"],
    ["$TOOL", "Dockerfile", "maybe"],
    ["apk add --no-cache git && docker info && sleep 5", "Dockerfile", "no"],
    ["pip install awscli && aws ecr get-login-password", "Dockerfile", "no"],
    ["pip install --target vendor x", "vendor", "maybe"],
    ["sh -c 'echo FROM a > Dockerfile'", "Dockerfile", "yes"],
    ["sh -c 'echo hello'", "Dockerfile", "no"],
    ["greet() { echo hello; }; greet", "Dockerfile", "no"],
    ["write() { echo FROM a > $1; }; write Dockerfile", "Dockerfile", "maybe"],
    ["docker run --rm x", "dist", "no"],
    ["docker run --rm -v $PWD:/src x", "dist", "maybe"],
    ["docker cp x:/dist dist", "dist", "yes"],
    ["docker cp dist x:/dist", "dist", "no"],
    ["docker build -o dist .", "dist", "yes"],
    ["docker build --iidfile id .", "dist", "no"],
    ["docker save -o image.tar x", "image.tar", "yes"],
  ];
  for (const [script, path, expected] of table)
    it(`${path} after ${script}: ${expected}`, () => assert.equal(made(jobWith(`${script}\ndocker build .`), path), expected));

  it("counts commands behind it only where its body may run again", () => {
    assert.equal(made(jobWith("docker build .\necho FROM a > $OTHER"), "Dockerfile"), "no");
    assert.equal(made(jobWith("for x in a b; do docker build .; echo FROM a > $x; done"), "x"), "maybe");
  });

  it("reads scripts that the job calls", () => {
    const pipeline = jobWith("./ci/prepare.sh\ndocker build .");
    assert.equal(made(pipeline, "Dockerfile", { "ci/prepare.sh": "#!/bin/sh\necho FROM a > Dockerfile\n" }), "yes");
    assert.equal(made(pipeline, "Dockerfile", { "ci/prepare.sh": "#!/bin/sh\necho hello\n" }), "no");
    assert.equal(made(pipeline, "Dockerfile", { "ci/prepare.sh": "#!/bin/sh\n./other.sh\n" }), "maybe");
  });
});

describe("created paths: what comes from elsewhere", () => {
  const build = "build:\n  stage: build\n  script: docker build .\n";
  const stages = "stages: [prepare, build]\n";
  const prepare = (artifacts: string): string => `prepare:\n  stage: prepare\n  script: make\n  artifacts: ${artifacts}\n`;
  const table: readonly (readonly [artifacts: string, path: string, made: Made])[] = [
    ["{ paths: [dist] }", "dist", "yes"],
    ["{ paths: [dist/] }", "dist/app.js", "yes"],
    ["{ paths: [dist/app.js] }", "dist", "yes"],
    ["{ paths: ['target/*.jar'] }", "target/app.jar", "yes"],
    ["{ paths: ['target/*.jar'] }", "target", "yes"],
    ["{ paths: ['build/*/x.jar'] }", "build/libs", "yes"],
    ["{ paths: ['**/x.jar'] }", "build/libs/x.jar", "yes"],
    ["{ paths: ['$CI_PROJECT_DIR/dist'] }", "dist", "yes"],
    ["{ paths: ['$FOLDER/dist'] }", "web/dist", "yes"],
    ["{ paths: [dist] }", "src", "no"],
    ["{ paths: [dist] }", "dist2", "no"],
    ["{ untracked: true }", "src", "maybe"],
    ["{ reports: { junit: x.xml } }", "src", "no"],
  ];
  for (const [artifacts, path, expected] of table)
    it(`${path} with ${artifacts}: ${expected}`, () => assert.equal(made(stages + prepare(artifacts) + build, path), expected));

  it("asks only the jobs whose artifacts come", () => {
    const prepared = stages + prepare("{ paths: [dist] }");
    assert.equal(made(`${prepared}${build}  needs: []\n`, "dist"), "no");
    assert.equal(made(`${prepared}${build}  dependencies: []\n`, "dist"), "no");
    assert.equal(made(`${prepared}${build}  needs: [prepare]\n`, "dist"), "yes");
    assert.equal(made(`${prepared}${build}  needs: [{ project: a/b, job: c, ref: main, artifacts: true }]\n`, "dist"), "maybe");
  });

  it("takes caches, hooks and strategies into account", () => {
    assert.equal(made(`${build}  cache: { paths: [dist] }\n`, "dist"), "yes");
    assert.equal(made(`${build}  cache: [{ key: a, paths: [vendor] }, { key: b, paths: [dist] }]\n`, "dist"), "yes");
    assert.equal(made(`${build}  cache: { key: a, paths: [vendor] }\n`, "dist"), "no");
    assert.equal(made(`${build}  hooks: { pre_get_sources_script: [make] }\n`, "dist"), "maybe");
    assert.equal(made(`${build}  variables: { GIT_STRATEGY: none }\n`, "dist"), "maybe");
    assert.equal(made(`${build}  variables: { GIT_STRATEGY: clone }\n`, "dist"), "no");
    assert.equal(made(`include: { remote: "https://example.com/x.yml" }\n${build}`, "dist"), "maybe");
  });
});
