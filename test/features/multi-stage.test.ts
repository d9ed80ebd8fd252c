// What the refactoring "multi-stage" promises beyond its page: the image that comes out is set up as before. Of each file in front of
// and behind it the last stage is compared: what it runs, as whom, where, with which ports, labels, volumes and variables.
import { strict as assert } from "node:assert";
import path from "node:path";
import { DOTNET_SOURCES, GO_SOURCES, JAVA_SOURCES, NODE_SOURCES, RUST_SOURCES } from "../../server/src/core/data/context-files";
import { stagesOf } from "../../server/src/core/model/docker/dockerfile";
import { parseDockerfile } from "../../server/src/core/syntax/dockerfile";
import type { DockerfileInstruction } from "../../server/src/core/syntax/dockerfile-nodes";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { readFixturePage } from "../support/fixture";

const BUILD_ONLY = [DOTNET_SOURCES, GO_SOURCES, JAVA_SOURCES, NODE_SOURCES, RUST_SOURCES].map(
  ({ variables }) => variables,
);

const LAST_COUNTS = ["CMD", "ENTRYPOINT", "STOPSIGNAL", "USER"];

function setUp(text: string): Readonly<Record<string, unknown>> {
  const tree = parseDockerfile(createSourceFile("Dockerfile", "dockerfile", text), undefined);
  const stage = stagesOf(tree).stages.at(-1);
  const all = (keyword: string): readonly DockerfileInstruction[] =>
    stage?.instructions.filter((each) => each.keyword === keyword) ?? [];
  const variables = all("ENV").flatMap(({ assignments }) => assignments.map(({ name, value }) => [name, value] as const));
  return {
    ...Object.fromEntries(LAST_COUNTS.map((keyword) => [keyword, all(keyword).at(-1)?.rest.text])),
    directory: all("WORKDIR").at(-1)?.rest.text,
    ports: all("EXPOSE").map(({ rest }) => rest.text),
    labels: all("LABEL").map(({ rest }) => rest.text),
    volumes: all("VOLUME").map(({ rest }) => rest.text),
    variables: variables.filter(([name]) => !BUILD_ONLY.some((only) => only.test(name))),
  };
}

describe("features: multi-stage keeps how the image is set up", () => {
  const page = readFixturePage(path.join(__dirname, "refactorings/multi-stage.md"));
  for (const { title, files, after } of page.cases)
    for (const block of after)
      it(title, () => {
        const before = files.find((file) => file.path === block.path)?.text.replaceAll("<|>", "") ?? "";
        const expected = setUp(before);
        const actual = setUp(block.text);
        // The base of the build may set a directory, which then has to be written.
        assert.deepEqual({ ...actual, directory: undefined }, { ...expected, directory: undefined });
        if (expected["directory"] !== undefined) assert.equal(actual["directory"], expected["directory"]);
        assert.notEqual(actual["CMD"] ?? actual["ENTRYPOINT"], undefined);
        assert.equal(stagesOf(parseDockerfile(createSourceFile("Dockerfile", "dockerfile", block.text), undefined)).stages.length, 2);
      });
});
