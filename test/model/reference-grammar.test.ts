// The grammar of image references: what distribution/reference takes and refuses, and what variables leave open.
// https://github.com/distribution/reference/blob/main/reference_test.go
import assert from "node:assert/strict";
import { UNKNOWN_PROPERTIES } from "../../server/src/core/data/predefined-variables";
import { breaksWithout, grammarProblem } from "../../server/src/core/model/docker/reference-grammar";
import type { SymbolicPart, SymbolicText } from "../../server/src/core/model/docker/symbolic";

/** A text as it would be in a file; `$NAME` stands for a variable of which nothing is known. */
function symbolic(text: string): SymbolicText {
  const chunk = { file: "x", text };
  const parts = [...text.matchAll(/\$(\w+)|[^$]+/g)].map((match): SymbolicPart => {
    const at = { chunk, start: match.index, end: match.index + match[0].length };
    if (match[1] === undefined) return { kind: "literal", text: match[0], at, via: [] };
    return {
      kind: "variable",
      name: match[1],
      reason: "unknown",
      properties: UNKNOWN_PROPERTIES,
      change: undefined,
      isSanitised: false,
      at,
      via: [],
    };
  });
  return { parts };
}

const HEX = "0123456789abcdef".repeat(4);

const RIGHT = [
  "app",
  "test.com/repo:tag",
  "test.com:5000/repo@sha256:" + HEX,
  "test:5000/repo:tag@sha256:" + HEX,
  "localhost/a__b/c--d.e:_x.Y-1",
  "MyHost.example.com/a:1",
  "a/b/c/d/e/f",
  `app:${"x".repeat(128)}`,
  "$HOST/app:$TAG",
  "$A$B:1",
  "$HOST:5000/app:1",
  "app:$TAG-alpine",
  "app$SUFFIX",
];

const WRONG: readonly (readonly [text: string, fault: string])[] = [
  ["https://test.com/repo", "scheme"],
  ["a b", "blank"],
  ["app:<tag>", "character"],
  ["app:1.0+x", "character"],
  ["a//b", "empty-component"],
  ["/app", "empty-component"],
  ["app:", "no-tag"],
  ["$HOST/app:", "no-tag"],
  ["app/", "no-name"],
  [":tag", "no-name"],
  ["a:b:c", "two-colons"],
  ["app:.1", "tag-start"],
  ["app:-1", "tag-start"],
  [`app:${"x".repeat(129)}`, "tag-length"],
  ["a/b_/c", "component"],
  ["a/b..c", "component"],
  ["a/b___c", "component"],
  [`${"a/".repeat(128)}a`, "name-length"],
  [HEX, "hexadecimal"],
  ["app@sha256:abc", "digest"],
];

describe("the grammar of references", () => {
  for (const text of RIGHT)
    it(`takes ${text.slice(0, 40)}`, () => assert.equal(grammarProblem(symbolic(text)), undefined));
  for (const [text, fault] of WRONG)
    it(`refuses ${text.slice(0, 40)}: ${fault}`, () => assert.equal(grammarProblem(symbolic(text))?.fault, fault));

  it("knows which variables a reference can't be without", () => {
    const breaks = (text: string): boolean => breaksWithout(symbolic(text), "X");
    for (const text of ["$X", "app:$X", "$X/app", "app/$X", "app:$X-alpine", "a/$X/b", "$X:1"]) assert.ok(breaks(text), text);
    for (const text of ["app$X", "app:1$X", "$X$HOST/app", "app:$TAG$X", "$A/b"]) assert.ok(!breaks(text), text);
  });
});
