// Answers for a place in a document: only while the document is the one that was asked about, and somebody waits for them.
import { strict as assert } from "node:assert";
import { CancellationTokenSource } from "vscode-languageserver/node";
import type { OpenDocument } from "../../server/src/lsp/document";
import type { Placed } from "../../server/src/lsp/folders";
import { answerFresh } from "../../server/src/lsp/fresh";

const document = (version: number): OpenDocument => ({
  uri: "file:///x",
  languageId: "yaml",
  version,
  text: "",
});
// Nothing of the session is asked here.
const PLACED = {} as Placed;

/** A question whose folder is ready when the test says so. */
function asked() {
  let open: OpenDocument | undefined = document(1);
  let finish: (placed: Placed | undefined) => void = () => undefined;
  const ready = new Promise<Placed | undefined>((resolve) => (finish = resolve));
  const cancellation = new CancellationTokenSource();
  const answer = answerFresh(
    { document: () => open, placed: () => ready },
    "file:///x",
    cancellation.token,
    "empty",
    () => "answer",
  );
  return { answer, cancellation, finish, edit: (next: OpenDocument | undefined) => (open = next) };
}

describe("answers about open documents", () => {
  it("are given for the text that was asked about", async () => {
    const { answer, finish } = asked();
    finish(PLACED);
    assert.equal(await answer, "answer");
  });

  it("are empty where the text was edited in the meantime", async () => {
    const { answer, finish, edit } = asked();
    edit(document(2));
    finish(PLACED);
    assert.equal(await answer, "empty");
  });

  it("are empty where the document was closed, or lies nowhere", async () => {
    const closed = asked();
    closed.edit(undefined);
    closed.finish(PLACED);
    assert.equal(await closed.answer, "empty");
    const lost = asked();
    lost.finish(undefined);
    assert.equal(await lost.answer, "empty");
  });

  it("are empty where the client no longer waits", async () => {
    const { answer, finish, cancellation } = asked();
    cancellation.cancel();
    finish(PLACED);
    assert.equal(await answer, "empty");
  });
});
