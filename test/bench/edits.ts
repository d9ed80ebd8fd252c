// An edit while typing: from the new text to findings with positions, against one full parse of that file by `yaml`.
import { parseAllDocuments } from "yaml";
import {
  createAnalysis,
  createSourceFile,
  DEFAULT_SETTINGS,
  type Analysis,
  type FilePath,
  type Workspace,
} from "../../server/src/core/index";
import { interleaved, print } from "./measure";
import { largePipeline } from "./pipeline";

const PATH = ".gitlab-ci.yml";
const DOCKERFILE = "FROM node:22-alpine\nARG VERSION\nWORKDIR /app\nCOPY . .\n";

export function measureEdits(): void {
  const text = largePipeline(240);
  const lines = text.split("\n").length;
  const oneJob = editor(text, text.indexOf("# job 120") + 9);
  const anchor = editor(text, text.indexOf("$CI_DEFAULT_BRANCH") + "$CI_DEFAULT_BRANCH".length);
  const global = editor(text, text.indexOf("$CI_REGISTRY_IMAGE/app") + "$CI_REGISTRY_IMAGE/app".length);
  const template = editor(text, text.indexOf("docker:29.6.2-cli") + "docker:29.6.2-cli".length);
  print(
    `One character typed in a pipeline of ${lines} lines, to findings with positions`,
    interleaved(60, {
      "yaml alone, whole file": () => parseAllDocuments(text),
      "in one job": oneJob,
      "in an anchor that all jobs use": anchor,
      "in a global variable": global,
      "in a template that all jobs extend": template,
    }),
    {
      "in one job": 0.3,
      "in an anchor that all jobs use": 1.5,
      "in a global variable": 1.5,
      "in a template that all jobs extend": 1.5,
    },
  );
}

/** An editor in which one character is typed and deleted again, round by round. */
function editor(text: string, offset: number): (round: number) => void {
  const paths = new Set<FilePath>([PATH, "Dockerfile"]);
  const dockerfile = createSourceFile("Dockerfile", "dockerfile", DOCKERFILE);
  const workspace = (typed: string): Workspace => ({
    files: new Map([
      [PATH, createSourceFile(PATH, "gitlab-ci", text.slice(0, offset) + typed + text.slice(offset))],
      ["Dockerfile", dockerfile],
    ]),
    paths,
    settings: DEFAULT_SETTINGS,
  });
  const analysis = createAnalysis(workspace(""));
  let current = workspace("");
  publish(analysis, current);
  return (round) => {
    current = workspace(round % 2 === 0 ? "x" : "");
    analysis.update(current);
    publish(analysis, current);
  };
}

/** What the server does with a report: every finding gets lines and characters. */
function publish(analysis: Analysis, workspace: Workspace): number {
  return analysis
    .report()
    .findings.reduce(
      (sum, { at }) => sum + (workspace.files.get(at.file)?.lines.positionAt(at.start).line ?? 0),
      0,
    );
}
