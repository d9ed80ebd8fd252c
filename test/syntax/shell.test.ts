// Shell text: words, commands and what surrounds them; broken text and PowerShell are survived.
import assert from "node:assert/strict";
import fc from "fast-check";
import { commandsOf, parseShell, parseShellItems, placeInItems } from "../../server/src/core/syntax/shell";
import type {
  CommandUse,
  ShellNode,
  ShellScript,
  Word,
  WordPart,
} from "../../server/src/core/syntax/shell-nodes";

const usesOf = (text: string): readonly CommandUse[] => commandsOf(parseShell(text));
const argv = (use: CommandUse): readonly string[] => use.command.words.map((word) => word.text);
const argvs = (text: string): readonly (readonly string[])[] => usesOf(text).map(argv);

/** `name flag flag <writer`: what surrounds each command, in order of the text. */
function surroundings(text: string): readonly string[] {
  return usesOf(text).map((use) => {
    const flags = (["conditional", "tolerated", "subshell", "inSubstitution"] as const).filter(
      (flag) => use[flag],
    );
    const writer = use.pipedFrom === undefined ? [] : [`<${use.pipedFrom.words[0]?.text ?? ""}`];
    const owner = use.inFunction === undefined ? [] : [`in ${use.inFunction}`];
    return [use.command.words[0]?.text ?? "=", ...flags, ...writer, ...owner].join(" ");
  });
}

function onlyWord(text: string): Word {
  const [use] = usesOf(`x ${text}`);
  const words = use?.command.words ?? [];
  assert.equal(words.length, 2, `one word in ${text}`);
  const word = words[1];
  assert.ok(word !== undefined);
  return word;
}

const show = (part: WordPart): string => {
  switch (part.kind) {
    case "literal":
      return part.quoted ? `'${part.text}'` : part.text;
    case "variable":
      return `$${part.name}${part.operator === undefined ? "" : ` ${part.operator} ${part.argument ?? "-"}`}`;
    case "command":
      return `(${commandsOf(part.script)
        .map((use) => argv(use).join(" "))
        .join("; ")})`;
    default:
      return `${part.kind} ${part.text}`;
  }
};

describe("words of the shell", () => {
  const cases: readonly (readonly [string, string, readonly string[], boolean])[] = [
    ["plain", "plain", ["plain"], true],
    ["a\\ b", "a b", ["'a b'"], true],
    ["'a $X'", "a $X", ["'a $X'"], true],
    ['"a \\"b\\" \\n"', 'a "b" \\n', ["'a \"b\" \\n'"], true],
    ["$'a\\tb'", "a\tb", ["'a\tb'"], true],
    ['$"hi $X"', "hi $X", ["'hi '", "$X"], false],
    ['""', "", ["''"], true],
    ["a\\\nb", "ab", ["ab"], true],
    ["pre$X/y", "pre$X/y", ["pre", "$X", "/y"], false],
    ['"${X:-a b}"c', "${X:-a b}c", ["$X :- a b", "c"], false],
    ["${X##*/}", "${X##*/}", ["$X ## */"], false],
    ["${X//a/b}", "${X//a/b}", ["$X // a/b"], false],
    ["${#X}", "${#X}", ["$X # -"], false],
    ["${!X}", "${!X}", ["$X ! -"], false],
    ["${X[0]}", "${X[0]}", ["$X [ 0"], false],
    ["$@", "$@", ["$@"], false],
    ["$1", "$1", ["$1"], false],
    ['"$(date +%s)"', "$(date +%s)", ["(date +%s)"], false],
    ["`date \\`id\\``", "`date \\`id\\``", ["(date \\`id\\`; id)"], false],
    ["<(sort f)", "<(sort f)", ["(sort f)"], false],
    ["$((1 + 2))", "$((1 + 2))", ["arithmetic 1 + 2"], false],
    ["*.txt", "*.txt", ["glob *", ".txt"], false],
    ["{a,b}", "{a,b}", ["glob {a,b}"], false],
    ["{{.Names}}", "{{.Names}}", ["{{.Names}}"], true],
    ["~/x", "~/x", ["$HOME", "/x"], false],
    ['"~/x"', "~/x", ["'~/x'"], true],
    ["~bob/x", "~bob/x", ["~bob/x"], false],
    ["a:$[[ inputs.tag ]]", "a:$[[ inputs.tag ]]", ["a:", "$[[ inputs.tag ]]"], false],
    ["'a:$[[ inputs.tag ]]'", "a:$[[ inputs.tag ]]", ["'a:'", "$[[ inputs.tag ]]"], false],
  ];
  for (const [source, text, parts, isStatic] of cases) {
    it(JSON.stringify(source), () => {
      const word = onlyWord(source);
      assert.equal(word.source, source);
      assert.equal(word.text, text);
      assert.deepEqual(word.parts.map(show), parts);
      assert.equal(word.isStatic, isStatic);
    });
  }

  it("knows assignments, arrays and redirections", () => {
    const [use, inner] = usesOf("A=1 B+='x y' C= D=(1 $(id)) docker run 2>&1 >out <<< \"a $B\"");
    assert.ok(use !== undefined && inner !== undefined);
    assert.deepEqual([argv(use), argv(inner)], [["id"], ["docker", "run"]]);
    const { assignments, redirects } = inner.command;
    assert.deepEqual(
      assignments.map(({ name, append, value }) => [name, append, value?.text]),
      [
        ["A", false, "1"],
        ["B", true, "x y"],
        ["C", false, ""],
        ["D", false, undefined],
      ],
    );
    assert.deepEqual(
      assignments[3]?.elements?.map((word) => word.text),
      ["1", "$(id)"],
    );
    assert.deepEqual(
      redirects.map(({ descriptor, operator, target, body }) => [
        descriptor,
        operator,
        target?.text,
        body?.text,
      ]),
      [
        ["2", ">&", "1", undefined],
        [undefined, ">", "out", undefined],
        [undefined, "<<<", "a $B", "a $B"],
      ],
    );
  });

  it("does not take the value of an assignment for a pattern", () => {
    const [use] = usesOf("X=*.txt");
    assert.equal(use?.command.assignments[0]?.value?.isStatic, true);
  });

  it("keeps `export X=1` an ordinary command", () => {
    assert.deepEqual(argvs("export X=$Y local"), [["export", "X=$Y", "local"]]);
  });

  it("reads here-documents, their expansions and what follows them", () => {
    const text =
      "cat <<EOF | docker login --password-stdin\n$X $(docker ps)\nEOF\ncat <<-'E'\n\t$(no)\n\tE\nlast";
    assert.deepEqual(argvs(text), [
      ["cat"],
      ["docker", "login", "--password-stdin"],
      ["docker", "ps"],
      ["cat"],
      ["last"],
    ]);
    const bodies = usesOf(text).flatMap((use) =>
      use.command.redirects.map((redirect) => redirect.body?.text),
    );
    assert.deepEqual(bodies, ["$X $(docker ps)\n", "\t$(no)\n"]);
  });
});

describe("commands and what surrounds them", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["a; b\nc", ["a", "b", "c"]],
    ["# a\necho 'docker build'", ["echo"]],
    ["a && b || c", ["a tolerated", "b conditional tolerated", "c conditional"]],
    ["a || true && b", ["a tolerated", "true conditional", "b conditional"]],
    ["a || exit 1", ["a", "exit conditional"]],
    ["a || exit 0", ["a tolerated", "exit conditional"]],
    ["a || { echo x && exit 1; }", ["a", "echo conditional", "exit conditional"]],
    ["a || (echo x; exit 2)", ["a", "echo conditional subshell", "exit conditional subshell"]],
    ["die() { exit 1; }; a || die x", ["exit in die", "a", "die conditional"]],
    ["a || false || true", ["a", "false conditional tolerated", "true conditional"]],
    [
      "if a; then b; elif c; then d; else e; fi",
      ["a tolerated", "b conditional", "c conditional tolerated", "d conditional", "e conditional"],
    ],
    ["while a; do b; done", ["a tolerated", "b conditional"]],
    ["until a; do b; done", ["a tolerated", "b conditional"]],
    ["for i in x $(a); do b; done", ["a tolerated subshell inSubstitution", "b conditional"]],
    ["for ((i = $(a); i < 3; i++)); do b; done", ["a tolerated subshell inSubstitution", "b conditional"]],
    ["select i in x; do b; done", ["b conditional"]],
    [
      "case $(a) in x) b ;; *) c ;; esac",
      ["a tolerated subshell inSubstitution", "b conditional", "c conditional"],
    ],
    ["[[ -n $(a) && -f x ]] && b", ["a tolerated subshell inSubstitution", "b conditional"]],
    ["(( x = $(a) ))", ["a tolerated subshell inSubstitution"]],
    ["(a; b)", ["a subshell", "b subshell"]],
    ["{ a; b; } || c", ["a tolerated", "b tolerated", "c conditional"]],
    ["a | b |& c", ["a tolerated subshell", "b tolerated subshell <a", "c subshell <b"]],
    ["(x; a) | b", ["x tolerated subshell", "a tolerated subshell", "b subshell <a"]],
    ["a | { b; }", ["a tolerated subshell", "b subshell <a"]],
    ["! a", ["a tolerated"]],
    ["time a", ["a"]],
    ["a & b", ["a tolerated subshell", "b"]],
    ["X=$(a)", ["=", "a subshell inSubstitution"]],
    ["export X=$(a)", ["export", "a tolerated subshell inSubstitution"]],
    ["X=`a`", ["=", "a subshell inSubstitution"]],
    ["x ${Y:-$(a)}", ["x", "a conditional tolerated subshell inSubstitution"]],
    ["x $((1 + $(a)))", ["x", "a tolerated subshell inSubstitution"]],
    ["f() (a); function g { b; }", ["a subshell in f", "b in g"]],
    ["X=$(a) b", ["a tolerated subshell inSubstitution", "b"]],
    ["a; set +e; b; set -e; c", ["a", "set", "b tolerated", "set tolerated", "c"]],
    ["set +o errexit; b; set -euo pipefail; c", ["set", "b tolerated", "set tolerated", "c"]],
    ["set +x -e; b; set -- +e; c; set +u; d", ["set", "b", "set", "c", "set", "d"]],
    ["(set +e; a); b", ["set subshell", "a tolerated subshell", "b"]],
    ["f() { set +e; a; }; b", ["set in f", "a tolerated in f", "b"]],
    ["set +e | x; b", ["set tolerated subshell", "x subshell <set", "b"]],
    ["if a; then set +e; fi; b", ["a tolerated", "set conditional", "b tolerated"]],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      assert.deepEqual(surroundings(text), expected);
      assert.deepEqual(parseShell(text).problems, []);
    });
  }
});

describe("commands left of `&&`", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["a && b", ["a"]],
    ["a && b && c; d", ["a", "b"]],
    ["a || b", []],
    ["a || b && c", ["b"]],
    ["{ a; b; } && c", ["a", "b"]],
    ["X=$(a) && b", ["=", "a"]],
    ["f() { a; } && b", []],
  ];
  for (const [text, expected] of cases) {
    it(text, () => {
      const found = usesOf(text).filter((use) => use.beforeAnd);
      assert.deepEqual(
        found.map((use) => use.command.words[0]?.text ?? "="),
        expected,
      );
    });
  }
});

describe("broken shell text", () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ["docker ps\nif a; then b", "expected `fi` to close `if`", "b", ["docker", "a", "b"]],
    ['docker run "x\n', "unterminated double quote", '"x', ["docker"]],
    ["docker build 'x", "unterminated single quote", "'x", ["docker"]],
    ["a $(docker ps", "unterminated command substitution", "$(docker ps", ["a", "docker"]],
    ["for i in a; do docker ps", "expected `done` to close `for`", "s", ["docker"]],
    ["a &&", "expected command after `&&`", "&", ["a"]],
    ["f() f() f() ".repeat(20_000), "nested too deeply to be read", "", []],
  ];
  for (const [text, message, place, names] of cases) {
    it(JSON.stringify(text.slice(0, 40)), () => {
      const script = parseShell(text);
      const [problem, ...others] = script.problems;
      assert.equal(problem?.message, message);
      assert.deepEqual(others, []);
      if (place !== "") assert.equal(text.slice(problem.start, problem.end), place);
      assert.deepEqual(
        usesOf(text).map((use) => use.command.words[0]?.text),
        names,
      );
    });
  }

  it("gives up on text that no person writes", () => {
    for (const text of [
      '"$('.repeat(3000),
      "$((".repeat(20_000),
      "{ ".repeat(50_000),
      "x".repeat(2_000_001),
    ]) {
      const script = parseShell(text);
      assert.equal(script.problems.length, 1);
    }
  });

  it("reads a line of a megabyte", () => {
    assert.equal(argvs(`docker build ${"x ".repeat(500_000)}`)[0]?.length, 500_002);
  });
});

describe("PowerShell", () => {
  const script = [
    '$env:IMAGE = "registry/app"',
    "Write-Host 'it''s'",
    'docker build `\n  -t "$env:IMAGE:$(git rev-parse HEAD)" . | Out-Null',
    "if ($LASTEXITCODE -ne 0) { docker push x; exit 1 }",
    "$id = docker ps -q",
    '& "C:\\docker.exe" ps > $null',
  ].join("\n");

  it("is recognised, and its simple commands are read", () => {
    const parsed = parseShell(script);
    assert.equal(parsed.dialect, "powershell");
    assert.deepEqual(parsed.problems, []);
    assert.deepEqual(argvs(script), [
      [],
      ["Write-Host", "it's"],
      ["docker", "build", "-t", "$env:IMAGE:$(git rev-parse HEAD)", "."],
      ["git", "rev-parse", "HEAD"],
      ["Out-Null"],
      ["docker", "push", "x"],
      ["exit", "1"],
      ["docker", "ps", "-q"],
      ["C:\\docker.exe", "ps"],
    ]);
  });

  it("names environment variables as the job does", () => {
    const tag = usesOf(script)[2]?.command.words[3];
    assert.deepEqual(tag?.parts.map(show), ["$IMAGE", "':'", "(git rev-parse HEAD)"]);
  });

  for (const text of [
    "$x = 1",
    'cd "$Env:GOPATH"',
    "Get-ChildItem out",
    "a `\n -b `\n -c",
    'If ($x -ne "0") { throw "y" }',
    "[Environment]::Exit(1)",
  ]) {
    it(`recognises ${JSON.stringify(text)}`, () => {
      assert.equal(parseShell(text).dialect, "powershell");
      assert.deepEqual(parseShell(text).problems, []);
    });
  }
  for (const text of [
    "echo image-$env:latest",
    "pwsh -c 'Write-Host $env:X'",
    "X=`a`\nb",
    "[ $x = 1 ] && b",
    "cat <<E\n$env:X = 1\nE",
    "apt-get update",
    "echo '$env:X'",
  ]) {
    it(`takes ${JSON.stringify(text)} for a shell script`, () => {
      assert.equal(parseShell(text).dialect, "posix");
    });
  }
});

describe("script items", () => {
  it("joins a compound command that is spread over items, and maps back", () => {
    const items = ["a", "if b; then", "  docker ps", "fi", "c"];
    const groups = parseShellItems(items);
    assert.deepEqual(
      groups.map(({ first, last }) => [first, last]),
      [
        [0, 0],
        [1, 3],
        [4, 4],
      ],
    );
    const group = groups[1];
    assert.ok(group !== undefined);
    const docker = commandsOf(group.script)[1]?.command;
    assert.ok(docker !== undefined);
    const place = placeInItems(group, docker);
    assert.deepEqual(place, { item: 2, start: 2, end: 11 });
    assert.deepEqual(placeInItems(group, { start: 0, end: group.text.length }), {
      item: 1,
      start: 0,
      end: 10,
    });
  });

  it("joins a here-document, and leaves alone what nothing completes", () => {
    const firsts = (items: readonly string[]): readonly number[] =>
      parseShellItems(items).map(({ first }) => first);
    assert.deepEqual(firsts(["cat <<E", "x", "E", "y"]), [0, 3]);
    assert.deepEqual(firsts(["if a; then", "b"]), [0, 1]);
    assert.deepEqual(firsts(["echo don't", "docker ps", "echo it's"]), [0, 1, 2]);
    assert.deepEqual(firsts([]), []);
  });
});

/** Every node and word of a tree. */
function check(text: string, script: ShellScript): void {
  const inside = (range: { start: number; end: number }): void => {
    assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length);
  };
  const word = (given: Word): void => {
    inside(given);
    assert.equal(given.source, text.slice(given.start, given.end));
    for (const part of given.parts) {
      inside(part);
      if (part.kind === "command") part.script.nodes.forEach(node);
    }
  };
  const node = (given: ShellNode): void => {
    inside(given);
    if (given.kind === "pipeline") given.commands.forEach(node);
    else if (given.kind === "and-or") given.items.forEach(node);
    else if (given.kind === "function") given.body.forEach(node);
    else if (given.kind === "command") {
      given.words.forEach(word);
      for (const { value } of given.assignments) if (value !== undefined) word(value);
    } else {
      given.words.forEach(word);
      [...given.conditions, ...given.bodies.flat()].forEach(node);
    }
  };
  script.nodes.forEach(node);
  script.problems.forEach(inside);
  assert.ok(script.problems.length <= 1);
  for (const use of commandsOf(script)) use.command.words.forEach(word);
}

describe("any shell text", () => {
  const token = fc.constantFrom(
    ..."a docker $X ${X:-b} \" ' ` \\ $( ) ( { } ; & && | || \n <<E E\n <<< > 2>&1 if then else fi for in do done".split(
      " ",
    ),
    ..."case esac [[ ]] (( )) $(( $[[ ]] * [ ] ~ = X=1 # ! time \\` $env:ABC function f() \u{1f433}".split(
      " ",
    ),
    " ",
  );

  it("never throws, and every range slices to its source", () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), fc.boolean(), (tokens, spaced) => {
        const text = tokens.join(spaced ? " " : "");
        check(text, parseShell(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps every item of any list once and in order", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(token, { maxLength: 4 }).map((tokens) => tokens.join(" ")),
          { maxLength: 8 },
        ),
        (items) => {
          const groups = parseShellItems(items);
          assert.deepEqual(
            groups.flatMap(({ first, last }) => items.slice(first, last + 1)),
            items,
          );
          for (const group of groups) {
            for (const { command } of commandsOf(group.script)) {
              const { item, start, end } = placeInItems(group, command);
              assert.ok(
                item >= group.first &&
                  item <= group.last &&
                  start <= end &&
                  end <= (items[item]?.length ?? -1),
              );
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
