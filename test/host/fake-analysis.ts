// An analysis that stands in for the real one: words in the files are its findings, so that a test of the hosts says
// itself what is found. `BAD` is an error with a safe fix, `UGLY` a warning with a suggested one, `NOTE` a hint; a line
// `want: PATH` asks for a file; `CRASH` throws; `FAULT` is an error inside a rule.
import {
  createAnalysis,
  type Analysis,
  type Finding,
  type Fix,
  type Place,
  type Report,
  type SourceFile,
  type Workspace,
} from "../../server/src/core/index";

export function fakeAnalysis(first: Workspace): Analysis {
  let workspace = first;
  const wanted = new Set<string>();
  return {
    // What only the commands for people ask for (the effective jobs) is no matter of the hosts.
    ...createAnalysis(first),
    update: (next) => void (workspace = next),
    needed: () => new Set(),
    wanted: () => wanted,
    computed: () => new Map(),
    report: () => {
      wanted.clear();
      const files = [...workspace.files.values()].filter(({ kind }) => kind !== "other");
      if (files.some(({ text }) => text.includes("CRASH"))) throw new Error("the analysis crashed");
      for (const file of files) {
        for (const [, path] of file.text.matchAll(/^want: (.+)$/gm)) {
          if (path !== undefined && !workspace.files.has(path)) wanted.add(path);
        }
      }
      return reportOf(files, workspace);
    },
  };
}

function reportOf(files: readonly SourceFile[], workspace: Workspace): Report {
  const off = new Set(
    [...workspace.settings.rules].filter(([, { severity }]) => severity === "off").map(([id]) => id),
  );
  return {
    findings: files.flatMap(findingsOf).filter(({ rule }) => !off.has(rule)),
    problems: files
      .filter(({ text }) => text.includes("BROKEN"))
      .map(({ path, text }) => ({ message: "broken", at: placeOf(path, text, "BROKEN"), severity: "error" })),
    faults: files
      .filter(({ text }) => text.includes("FAULT"))
      .map(({ path }) => ({ rule: "tag-unsafe-ref", subject: path, error: "Error: fault" })),
    files: files.map(({ path }) => path).sort(),
    jobs: 1,
    suppressed: 0,
  };
}

const placeOf = (file: string, text: string, word: string): Place => {
  const start = text.indexOf(word);
  return { file, start, end: start + word.length };
};

function findingsOf(file: SourceFile): readonly Finding[] {
  return [...file.text.matchAll(/BAD|UGLY|NOTE/g)].map((match, index): Finding => {
    const at = { file: file.path, start: match.index, end: match.index + match[0].length };
    const fix = (safety: Fix["safety"], newText: string): Fix => ({
      title: `Write ${newText.trim()}`,
      safety,
      edits: [{ ...at, newText }],
      creates: [],
    });
    const words: Readonly<Record<string, Pick<Finding, "rule" | "severity" | "fixes">>> = {
      BAD: { rule: "build-context-missing", severity: "error", fixes: [fix("safe", "good\nbetter")] },
      UGLY: { rule: "tag-unsafe-ref", severity: "warning", fixes: [fix("suggested", "pretty")] },
      NOTE: { rule: "unused-suppression", severity: "hint", fixes: [] },
    };
    const word = words[match[0]] ?? { rule: "", severity: "hint", fixes: [] };
    return {
      ...word,
      confidence: "certain",
      message: `${match[0]} is written here`,
      at,
      jobs: ["build"],
      related: [{ at: { file: file.path, start: 0, end: 1 }, message: "begins here" }],
      fingerprint: `${file.path}-${match[0]}-${index}`,
    };
  });
}
