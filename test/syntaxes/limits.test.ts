// What is broken in one place stays there, and no file and no line makes the tokenizer slow.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { INITIAL, type IGrammar, type StateStack } from "vscode-textmate";
import { hasVscode, TEXTMATE, VSCODE } from "./grammars";
import { loadYamlGrammar, registryOf, type GrammarFiles } from "./scopes";

/** Texts that a person leaves behind while typing. */
const BROKEN = [
  '"docker build --tag "$CI_REGISTRY_IMAGE',
  '"docker build',
  "'docker run",
  'docker build --label "a',
  "docker build 'a",
  "docker build $(docker ps",
  "docker build $((1 + ",
  "docker build ${IMAGE:-",
  '"${IMAGE',
  "docker build $[[ inputs.x",
  "docker build `docker ps",
  "docker push \\",
  "cat <<EOF",
  "!reference [.a,",
  "[docker ps, 'docker",
  "if true; then case $X in",
  '|\n        docker build --label "a',
  "|\n        cat <<EOF\n        docker ps",
  "|\n        docker build $(docker ps \\",
  ">-\n        docker build 'a",
];

const AFTER = ["    - echo after", "  image: docker:29.6.2-cli", "next:", "  script:", "    - docker ps"];

/** The scopes of every token of these lines, behind a text or at the beginning. */
function scopesBehind(
  grammar: IGrammar,
  before: readonly string[],
  lines: readonly string[],
): readonly string[] {
  let state: StateStack = INITIAL;
  const behind: string[] = [];
  for (const [index, line] of [...before, ...lines].entries()) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    if (index < before.length) continue;
    for (const { startIndex, endIndex, scopes } of result.tokens)
      behind.push(`${line.slice(startIndex, endIndex)}: ${scopes.join(" ")}`);
  }
  return behind;
}

const GRAMMARS: readonly (readonly [string, GrammarFiles, boolean])[] = [
  ["the TextMate grammar", TEXTMATE, true],
  ["VS Code's grammar", VSCODE, hasVscode],
];

const LONG_LINES: readonly (readonly [string, string])[] = [
  ["one word", "aaaaaaaa"],
  ["words", "word and "],
  ["variables", "$IMAGE: "],
  ["commands", "docker ps && ls; "],
  ["assignments", "A=b "],
  ["paths", "/usr/bin"],
  ["keywords", "then "],
  ["dashes", "- "],
];

for (const [name, files, isThere] of GRAMMARS) {
  describe(`injection grammars over ${name}`, () => {
    let grammar: IGrammar;

    before(async function () {
      if (!isThere) this.skip();
      grammar = await loadYamlGrammar(files);
    });

    for (const text of BROKEN) {
      it(`what is open in ${JSON.stringify(text)} ends with its entry`, () => {
        const head = ["job:", "  script:"];
        const broken = [...head, ...`    - ${text}`.split("\n")];
        const whole = [...head, "    - echo before"];
        assert.deepEqual(scopesBehind(grammar, broken, AFTER), scopesBehind(grammar, whole, AFTER));
      });
    }

    it("take a small multiple of what YAML's own grammar takes, on 5,000 lines of scripts", async () => {
      const alone = await (await registryOf(files, [])).loadGrammar("source.yaml");
      assert.ok(alone);
      const texts = await Promise.all(
        ["shell", "script", "edges"].map((part) =>
          readFile(join(__dirname, `${part}.gitlab-ci.yml`), "utf8"),
        ),
      );
      const once = texts.join("").split("\n");
      const lines = Array.from({ length: 5_000 }, (_, index) => once[index % once.length] ?? "");
      const ratio =
        fastest(() => scopesBehind(grammar, lines, [])) / fastest(() => scopesBehind(alone, lines, []));
      assert.ok(ratio < 6, `${ratio.toFixed(1)} times`);
    });

    for (const [what, long] of LONG_LINES) {
      it(`take no more than linear time on a line of ${what}`, () => {
        const timeOf = (size: number): number =>
          fastest(() =>
            scopesBehind(grammar, ["job:", "  script:"], [`    - ${long.repeat(size / long.length)}`]),
          );
        // Four times the text: sixteen times the time would be quadratic.
        const [short, four] = [timeOf(4_000), timeOf(16_000)];
        assert.ok(four < 10 * Math.max(short, 5), `${short.toFixed(1)} ms, then ${four.toFixed(1)} ms`);
      });
    }
  });
}

/** Milliseconds of the fastest of three runs; the first of all compiles the expressions. */
function fastest(run: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}
