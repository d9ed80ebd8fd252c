import assert from "node:assert/strict";
import { expandArgument, expandText, MAX_VARIANTS } from "../../../server/src/core/model/docker/expand";
import { commandsOf } from "../../../server/src/core/model/docker/find-commands";
import { showText, variablesIn, type SymbolicText, type VariablePart } from "../../../server/src/core/model/docker/symbolic";
import { askCommands, askJob, jobWith, written } from "./ask";

/** The variants of the first operand of the last container command. */
function operand(script: string, rest = ""): readonly SymbolicText[] {
  return askCommands(
    script,
    (ctx, commands) => {
      const command = commands.at(-1);
      const argument = command?.operands[0];
      assert.ok(command !== undefined && argument !== undefined, script);
      return expandArgument(ctx, command, argument);
    },
    rest,
  );
}

const shown = (script: string, rest = ""): readonly string[] => operand(script, rest).map(showText);

describe("expand: YAML texts", () => {
  const variables = [
    "variables:",
    "  TAG: v1",
    "  IMAGE: $CI_REGISTRY_IMAGE:$TAG",
    "  DEEP: ${IMAGE}-x",
    "  MONEY: a$$b",
    "  RAW: {value: $TAG, expand: false}",
    "  LOOP: a$POOL",
    "  POOL: b$LOOP",
  ].join("\n");
  const table: readonly (readonly [text: string, expanded: string])[] = [
    ["plain", "plain"],
    ["$TAG", "v1"],
    ["${TAG}x", "v1x"],
    ["%TAG%", "v1"],
    ["$IMAGE", "$CI_REGISTRY_IMAGE:v1"],
    ["$DEEP", "$CI_REGISTRY_IMAGE:v1-x"],
    ["$MONEY", "a$b"],
    ["$$TAG", "$TAG"],
    ["$RAW", "$TAG"],
    ["$LOOP", "ab$LOOP"],
    ["$NOBODY", "$NOBODY"],
    ["$[[ inputs.tag ]]", "$[[ inputs.tag ]]"],
    ["", ""],
  ];
  for (const [text, expanded] of table) {
    it(text, () => askJob(jobWith("true", variables), (ctx, job) => assert.deepEqual(expandText(ctx, job, text).map(showText), [expanded])));
  }

  it("gives one variant per matrix value, and keeps a variable the same within one", () => {
    const pipeline = "build:\n  parallel:\n    matrix:\n      - ARCH: [amd64, arm64]\n  image: r/$ARCH:$ARCH\n  script: [docker ps]\n";
    askJob(pipeline, (ctx, job) => assert.deepEqual(expandText(ctx, job, "r/$ARCH:$ARCH").map(showText), ["r/amd64:amd64", "r/arm64:arm64"]));
  });

  it("caps the number of variants", () => {
    const values = Array.from({ length: 12 }, (_, index) => `v${index}`).join(", ");
    const pipeline = `build:\n  parallel:\n    matrix:\n      - A: [${values}]\n        B: [${values}]\n  script: [docker ps]\n`;
    askJob(pipeline, (ctx, job) => {
      const { length } = expandText(ctx, job, "$A-$B");
      assert.ok(length > 1 && length <= MAX_VARIANTS, String(length));
    });
  });

  it("bounds what doubles with each step", () => {
    const doubling = Array.from({ length: 25 }, (_, index) => `  V${index}: $V${index + 1}$V${index + 1}`).join("\n");
    askJob(jobWith("true", `variables:\n${doubling}`), (ctx, job) => {
      const [text] = expandText(ctx, job, "$V0");
      assert.ok(text !== undefined && text.parts.length < 5_000);
    });
  });

  it("gives the reason of each unknown part", () => {
    const reasons = (text: string): readonly string[] =>
      askJob(
        jobWith("true", variables),
        (ctx, job) => expandText(ctx, job, text).flatMap(variablesIn).map(({ name, reason }) => `${name} ${reason}`),
        {},
        { variables: { known: ["MINE"], protected: [] } },
      );
    assert.deepEqual(reasons("$CI_COMMIT_SHA $MINE $NOBODY $LOOP"), ["CI_COMMIT_SHA predefined", "MINE external", "NOBODY unknown", "LOOP cycle"]);
  });
});

describe("expand: words of the shell", () => {
  const table: readonly (readonly [script: string, variants: readonly string[]])[] = [
    ["docker push a:$CI_COMMIT_SHA", ["a:$CI_COMMIT_SHA"]],
    ["docker push 'a:$X'", ["a:$X"]],
    ["X=1\ndocker push a:$X", ["a:1"]],
    ["export X=1\ndocker push a:$X", ["a:1"]],
    ["X=1; X=2\ndocker push a:$X", ["a:2"]],
    ["X=1\nY=v$X\nX=2\ndocker push a:$Y", ["a:v1"]],
    ["X=1 docker push a:$X", ["a:$X"]],
    ["(X=1)\ndocker push a:$X", ["a:$X"]],
    ["X=$(git describe)\ndocker push a:$X", ["a:$X"]],
    ["docker push a:$(git describe)", ["a:$(…)"]],
    ["read X\ndocker push a:$X", ["a:$X"]],
    ["if t; then X=1; else X=2; fi\ndocker push a:$X", ["a:1", "a:2", "a:$X"]],
    ["X=0\nif t; then X=1; fi\ndocker push a:$X", ["a:0", "a:1"]],
    ["if t; then X=1; docker push a:$X; fi", ["a:1"]],
    ["if t; then X=1; else X=2; docker push a:$X; fi", ["a:2"]],
    ["for X in 1 2; do docker push a:$X; done", ["a:1", "a:2"]],
    ["for X in $(ls); do docker push a:$X; done", ["a:$X"]],
    ["LIST='1 2'\nfor X in $LIST 3; do docker push a:$X; done", ["a:3", "a:1", "a:2"]],
    ["LIST='1 2'\nfor X in \"$LIST\"; do docker push \"a:$X\"; done", ["a:1 2"]],
    ["LIST='1 2'\nfor X in r/$LIST; do docker push $X:$X; done", ["r/1:r/1", "2:2"]],
    ["LIST=1,2\nfor X in ${LIST//,/ }; do docker push a:$X; done", ["a:1", "a:2"]],
    ["LIST=1,2; IFS=,\nfor X in $LIST; do docker push a:$X; done", ["a:$X"]],
    ["LIST='1 *'\nfor X in $LIST; do docker push a:$X; done", ["a:$X"]],
    ["LIST=\nfor X in $LIST; do docker push a:$X; done", ["a:$X"]],
    ["for X in $LIST; do docker push a:$X; done", ["a:$X"]],
    ["for X in $LIST 3; do docker push a:$X; done", ["a:$X", "a:3"]],
    ["for X in \"$LIST\"; do docker push a:$X; done", ["a:$LIST"]],
    ["for X in $HOST/1 $HOST/2; do docker push $X; done", ["$HOST/1", "$HOST/2"]],
    ["for X in latest $CI_COMMIT_SHA; do docker push a:$X; done", ["a:latest", "a:$CI_COMMIT_SHA"]],
    ["for X in latest $CI_COMMIT_TAG; do docker push a:$X; done", ["a:latest", "a:$X"]],
    ["for X in ${LIST:-1 2}; do docker push a:$X; done", ["a:$X", "a:1", "a:2"]],
    ["X=$X:b\ndocker push a$X", ["a$X:b"]],
    ["X=a; X=$X-b; X=$X-c\ndocker push r:$X", ["r:a-b-c"]],
    ["docker push a:${X:-d}", ["a:$X", "a:d"]],
    ["X=1\ndocker push a:${X:-d}", ["a:1"]],
    ["X=\ndocker push a:${X:-d}", ["a:d"]],
    ["docker push a:${CI_COMMIT_SHA:-d}", ["a:$CI_COMMIT_SHA"]],
    ["docker push a:${CI_COMMIT_TAG:-latest}", ["a:$CI_COMMIT_TAG", "a:latest"]],
    ["docker push a${X:+-x}", ["a-x", "a"]],
    ["X=v1.2\ndocker push a:${X#v}", ["a:1.2"]],
    ["X=v1.2\ndocker push a:${X%.2}", ["a:v1"]],
    ["X=a/b/c\ndocker push a:${X//\\//-}", ["a:a-b-c"]],
    ["X=a/b/c\ndocker push a:${X/\\//-}", ["a:a-b/c"]],
    ["X=ABC\ndocker push a:${X,,}", ["a:abc"]],
    ["X=abcdef\ndocker push a:${X:0:3}", ["a:abc"]],
    ["docker push a:${CI_COMMIT_REF_NAME//\\//-}", ["a:${CI_COMMIT_REF_NAME//\\//-}"]],
    ["unset X\ndocker push a:$X", ["a:"]],
    ["X=1\nX+=2\ndocker push a:$X", ["a:$X"]],
    ["f() { docker push a:$1; }", ["a:$1"]],
  ];
  for (const [script, variants] of table) it(script.replaceAll("\n", "⏎"), () => assert.deepEqual(shown(script), variants));

  it("sees the job's variables, which the shell's own hide", () => {
    const rest = "variables:\n  X: yaml";
    assert.deepEqual(shown("docker push a:$X", rest), ["a:yaml"]);
    assert.deepEqual(shown("X=shell\ndocker push a:$X", rest), ["a:shell"]);
    assert.deepEqual(shown("if t; then X=shell; fi\ndocker push a:$X", rest), ["a:shell", "a:yaml"]);
  });

  it("splits the list of a loop as the shell does, and knows where each word of it is written", () => {
    const rest = "variables:\n  LIST: operator api-server";
    const variants = operand("for C in $LIST; do docker push a/$C:1; done", rest);
    assert.deepEqual(variants.map(showText), ["a/operator:1", "a/api-server:1"]);
    assert.deepEqual(variants.map(({ parts }) => written(parts[1]?.at)), ["operator", "api-server"]);
  });

  it("takes the words of each value of a matrix, and none where it is not split at blanks", () => {
    const matrix = "parallel:\n    matrix:\n      - LIST: [a b, c]";
    const pipeline = (variables: string): string =>
      `build:\n  ${matrix}\n${variables}  script:\n    - for C in $LIST; do docker push x/$C; done\n`;
    const pushed = (text: string): readonly string[] =>
      askJob(text, (ctx, job) => {
        const [command] = commandsOf(ctx, job);
        const [argument] = command?.operands ?? [];
        assert.ok(command !== undefined && argument !== undefined);
        return expandArgument(ctx, command, argument).map(showText);
      });
    assert.deepEqual([...pushed(pipeline(""))].sort(), ["x/a", "x/b", "x/c"]);
    assert.deepEqual(pushed(pipeline('  variables: { IFS: "," }\n')), ["x/$C"]);
  });

  it("does not carry variables into after_script", () => {
    askJob("build:\n  script: [X=1]\n  after_script: ['docker push a:$X']\n", (ctx, job) => {
      const [command] = commandsOf(ctx, job);
      const [argument] = command?.operands ?? [];
      assert.ok(command !== undefined && argument !== undefined);
      assert.deepEqual(expandArgument(ctx, command, argument).map(showText), ["a:$X"]);
    });
  });
});

describe("expand: what is known of a variable part", () => {
  const part = (script: string): VariablePart => {
    const [found] = operand(script).flatMap(variablesIn);
    assert.ok(found !== undefined, script);
    return found;
  };

  it("keeps the properties of predefined variables", () => {
    const { properties, isSanitised } = part("docker push a:$CI_COMMIT_REF_NAME");
    assert.deepEqual([properties.maySlash, properties.mayUpper, properties.replacement, isSanitised], [true, true, "CI_COMMIT_REF_SLUG", false]);
  });

  it("follows assignments and variables to them", () => {
    assert.equal(part('BRANCH="$CI_COMMIT_BRANCH"\nTAG=x-$BRANCH\ndocker push a:$TAG').name, "CI_COMMIT_BRANCH");
  });

  it("takes a replacement of all occurrences for sanitised, of the first one not", () => {
    const all = part("docker push a:${CI_COMMIT_REF_NAME//\\//-}");
    assert.deepEqual([all.isSanitised, all.properties.maySlash, all.properties.mayUpper], [true, false, true]);
    const first = part("docker push a:${CI_COMMIT_REF_NAME/\\//-}");
    assert.deepEqual([first.isSanitised, first.properties.maySlash], [false, true]);
  });

  it("drops capitals behind `,,` and slashes behind `##*/`", () => {
    assert.equal(part("docker push a:${CI_PROJECT_PATH,,}").properties.mayUpper, false);
    assert.equal(part("docker push a:${CI_COMMIT_REF_NAME##*/}").properties.maySlash, false);
  });

  it("claims nothing of command output", () => {
    const { reason, properties } = part("TAG=$(echo $CI_COMMIT_REF_NAME | tr / -)\ndocker push a:$TAG");
    assert.deepEqual([reason, properties.maySlash], ["runtime", false]);
  });
});

describe("expand: places", () => {
  it("knows where a part is written and how it came", () => {
    const rest = "variables:\n  TAG: x-$CI_COMMIT_REF_NAME\n  IMAGE: $CI_REGISTRY_IMAGE:$TAG";
    const [text] = operand("docker push $IMAGE", rest);
    const last = text?.parts.at(-1);
    assert.equal(written(last?.at), "$CI_COMMIT_REF_NAME");
    assert.deepEqual(
      last?.via.map(({ kind, name, at }) => `${kind} ${name} at ${written(at)}`),
      ["variable IMAGE at $IMAGE", "variable TAG at $TAG"],
    );
  });

  it("knows the place in a shell assignment", () => {
    const [text] = operand('TAG="v-$CI_COMMIT_BRANCH"\ndocker push a:$TAG');
    const last = text?.parts.at(-1);
    assert.equal(written(last?.at), "$CI_COMMIT_BRANCH");
    assert.deepEqual(last?.via.map(({ kind, at }) => `${kind} ${written(at)}`), ["script $TAG"]);
  });
});
