// Findings appear where they belong, with what an editor can show of them.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import {
  fileUri,
  findingsIn,
  readFromDisk,
  revertAll,
  setText,
  show,
  summaryOf,
  untilFound,
} from "./workspace";

const EXPECTED = [
  "2 ci-stages-not-list: build release",
  "16 dind-plain-port-with-tls: tcp://docker:2375",
  "19 build-context-missing: docker build",
];

describe("diagnostics", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("shows each fault of the pipeline file at its place, and nothing else", async () => {
    const document = await show(pipeline);
    const isThere = (): boolean => findingsIn(pipeline).length === EXPECTED.length;
    await until("the findings", isThere, () => summaryOf(document));
    assert.deepStrictEqual(summaryOf(document), EXPECTED);
  });

  it("links each finding to the rule's page that ships with the extension", async () => {
    await show(pipeline);
    const { code } = await untilFound(pipeline, "build-context-missing");
    assert.ok(typeof code === "object", "the code is a link");
    assert.match(code.target.path, /\/docs\/rules\/build-context-missing\.md$/);
    assert.match(await readFromDisk(code.target), /build-context-missing/);
  });

  it("follows the text while it is typed", async () => {
    const document = await show(pipeline);
    await untilFound(pipeline, "build-context-missing");
    const text = document.getText();
    await setText(document, `# one line more\n${text}`);
    await until("the finding one line below", () =>
      summaryOf(document).some((line) => line.startsWith("20 ")),
    );
    await setText(
      document,
      text.replace('_SHORT_SHA"\n    - docker push', '_SHORT_SHA" .\n    - docker push'),
    );
    await until("one finding less", () => findingsIn(pipeline).length === EXPECTED.length - 1);
  });

  it("still checks the other jobs while one is half typed", async () => {
    const document = await show(pipeline);
    await untilFound(pipeline, "build-context-missing");
    await setText(document, document.getText().replace("release-image:\n", 'release-image: {"\n'));
    await until("a finding at the half-typed job", () =>
      summaryOf(document).some((line) => /^2[2-9] /.test(line)),
    );
    await untilFound(pipeline, "build-context-missing");
  });

  it("says nothing about YAML that no pipeline uses", async () => {
    const other = await show(fileUri("shop", "deploy/kubernetes.yaml"));
    await show(pipeline);
    await untilFound(pipeline, "build-context-missing");
    assert.deepStrictEqual(vscode.languages.getDiagnostics(other.uri), []);
  });
});
