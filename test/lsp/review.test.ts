// Edits that a person is to look at first: said where the client can show them, left out where it can't.
import { strict as assert } from "node:assert";
import { workspaceEdit, type EditAbilities } from "../../server/src/lsp/workspace-edit";
import { createSourceFile } from "../../server/src/core/index";
import type { Speech } from "../../server/src/lsp/convert";

const file = createSourceFile("Dockerfile", "dockerfile", "FROM golang:1.25\n");
const speech = {
  encoding: "utf-16",
  file: () => file,
  uriOf: (path: string) => `file:///${path}`,
} as unknown as Speech; // what an edit needs of it
const change = {
  edits: [{ file: "Dockerfile", start: 16, end: 16, newText: " AS build" }],
  creates: [],
  review: "Cut",
};

const editWith = (changeAnnotations: boolean) => {
  const abilities: EditAbilities = { documentChanges: true, createFiles: true, changeAnnotations };
  return workspaceEdit(change, speech, abilities, () => 1);
};

describe("language server: edits to be confirmed", () => {
  it("carry a note that asks for it", () => {
    const edit = editWith(true);
    assert.deepEqual(edit?.changeAnnotations, { review: { label: "Cut", needsConfirmation: true } });
    const [document] = edit.documentChanges ?? [];
    assert.ok(document !== undefined && "edits" in document);
    assert.deepEqual(
      document.edits.map((each) => "annotationId" in each && each.annotationId),
      ["review"],
    );
  });

  it("are plain edits for a client that knows no notes", () => {
    const edit = editWith(false);
    assert.equal(edit?.changeAnnotations, undefined);
    assert.doesNotMatch(JSON.stringify(edit), /annotationId/);
  });
});
