// The page of the snippets shows what an editor inserts.
import assert from "node:assert/strict";
import { insertedText, snippetOutputs } from "../../server/src/dev/snippet-page";
import { expandSnippet } from "../snippets/expand";
import { ALL } from "../snippets/repository";

describe("the page of the snippets", () => {
  const page = snippetOutputs()[0]?.text ?? "";

  it("shows what is inserted if nobody changes anything", () => {
    assert.equal(insertedText("${1|a,b|}: ${2:x y} \\${HOME} \\\\ $1 ${2}$0"), "a: x y ${HOME} \\ a x y");
    for (const { snippet } of ALL) assert.equal(insertedText(snippet.body), expandSnippet(snippet.body));
  });

  it("has an entry for each, and leads only to what is on it", () => {
    const headings = new Set([...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading));
    assert.deepEqual(
      [...headings],
      ALL.map(({ snippet }) => snippet.prefix),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    assert.ok(links.length > ALL.length);
    for (const target of links) assert.ok(headings.has(target), target);
  });
});
