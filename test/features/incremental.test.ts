// An edit in one job works out that job's answers again, and no other's.
import { strict as assert } from "node:assert";
import {
  createAnalysis,
  createSourceFile,
  DEFAULT_SETTINGS,
  type Workspace,
} from "../../server/src/core/index";

const workspaceOf = (text: string): Workspace => ({
  files: new Map([[".gitlab-ci.yml", createSourceFile(".gitlab-ci.yml", "gitlab-ci", text)]]),
  paths: new Set([".gitlab-ci.yml"]),
  settings: DEFAULT_SETTINGS,
});

const job = (number: number, image: string): string =>
  `job-${number}:\n  image: ${image}\n  script:\n    - docker build .\n`;

const pipeline = (image: string): string =>
  Array.from({ length: 50 }, (_, index) => job(index, index === 20 ? image : "docker:29")).join("");

describe("answers about jobs", () => {
  const queries = ["effectiveJobOf", "foundCommandsOf"] as const;

  it("are worked out again for the edited job alone", () => {
    const analysis = createAnalysis(workspaceOf(pipeline("docker:29")));
    const ask = (): readonly number[] => {
      analysis.resolve();
      analysis.commands();
      return queries.map((query) => analysis.computed().get(query) ?? 0);
    };
    assert.deepEqual(ask(), [50, 50]);
    analysis.update(workspaceOf(pipeline("docker:30-cli")));
    assert.deepEqual(ask(), [51, 51]);
  });

  it("have places that move with the text", () => {
    const analysis = createAnalysis(workspaceOf(pipeline("docker:29")));
    const placeOfLast = (): number | undefined => analysis.commands(["job-49"]).jobs[0]?.commands[0]?.at.start;
    const before = placeOfLast();
    analysis.update(workspaceOf(pipeline("docker:29-long")));
    assert.equal(placeOfLast(), (before ?? Number.NaN) + "-long".length);
  });
});
