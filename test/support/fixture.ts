// Reads a Markdown page of cases: `## heading` opens a case, a fenced block with a path is a file of its workspace,
// `after "title"` behind the path is that file once the fix of that title was applied, `json settings` are settings.
import { readFileSync } from "node:fs";
import { takeMarks, type Mark } from "./marks";

export interface FixtureFile {
  readonly path: string;
  readonly text: string;
  readonly marks: readonly Mark[];
}

export interface AfterBlock {
  readonly path: string;
  readonly fixTitle: string;
  readonly text: string;
  /** Zero-based lines of the page that hold the text: first, and the one behind the last. */
  readonly pageLines: readonly [number, number];
}

export interface FixtureCase {
  readonly title: string;
  readonly files: readonly FixtureFile[];
  readonly after: readonly AfterBlock[];
  /** Undefined where the case has no settings block. */
  readonly settings: Record<string, unknown> | undefined;
}

export interface FixturePage {
  readonly path: string;
  /** The text of `# heading`. */
  readonly title: string;
  readonly cases: readonly FixtureCase[];
  /** Lines of the page as they are on disk: for updates. */
  readonly lines: readonly string[];
}

interface Fence {
  readonly info: string;
  readonly lines: readonly string[];
  /** Zero-based page line of the first line inside. */
  readonly first: number;
}

/** Reads a page. Throws where the page is not in the format, naming file and line. */
export function readFixturePage(path: string): FixturePage {
  const lines = readFileSync(path, "utf8").replace(/\r\n/g, "\n").split("\n");
  const cases: { title: string; fences: Fence[] }[] = [];
  let title = "";
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const open = /^(`{3,})(.+)$/.exec(line);
    if (open !== null) {
      const end = lines.indexOf(open[1] ?? "", index + 1);
      if (end === -1) throw new Error(`${path}:${index + 1}: this block is never closed`);
      const current = cases.at(-1);
      if (current === undefined)
        throw new Error(`${path}:${index + 1}: a block before the first "## " heading`);
      current.fences.push({
        info: (open[2] ?? "").trim(),
        lines: lines.slice(index + 1, end),
        first: index + 1,
      });
      index = end;
    } else if (line.startsWith("## ")) cases.push({ title: line.slice(3).trim(), fences: [] });
    else if (line.startsWith("# ") && title === "") title = line.slice(2).trim();
  }
  return { path, title, cases: cases.map((each) => toCase(path, each.title, each.fences)), lines };
}

function toCase(page: string, title: string, fences: readonly Fence[]): FixtureCase {
  const files: FixtureFile[] = [];
  const after: AfterBlock[] = [];
  let settings: Record<string, unknown> | undefined;
  for (const fence of fences) {
    const where = `${page}:${fence.first}`;
    const [, language = "", path = "", fixTitle] =
      /^(\S+)(?:\s+(\S+))?(?:\s+after\s+"(.*)")?$/.exec(fence.info) ?? [];
    if (path === "") throw new Error(`${where}: a block needs a language and a path`);
    if (language === "json" && path === "settings")
      settings = JSON.parse(fence.lines.join("\n")) as Record<string, unknown>;
    else if (fixTitle === undefined) files.push({ path, ...takeMarks(fence.lines, fence.first) });
    else {
      const pageLines = [fence.first, fence.first + fence.lines.length] as const;
      after.push({ path, fixTitle, text: fence.lines.map((line) => `${line}\n`).join(""), pageLines });
    }
  }
  if (files.length === 0) throw new Error(`${page}: the case "${title}" has no file`);
  return { title, files, after, settings };
}
