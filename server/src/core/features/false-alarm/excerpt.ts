// The lines of a file that a finding is about: the job, the stage of a Dockerfile, the runner. Never more than a screen or two.
import type { Place } from "../../text/located";
import type { FilePath, SourceFile } from "../../text/source-file";

export interface Excerpt {
  readonly file: FilePath;
  /** Zero-based lines: the first, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** What a fenced block calls the language. */
  readonly language: string;
  readonly text: string;
}

/** Half-open range of lines. */
type Lines = readonly [from: number, to: number];

/** Excerpts around places, one file after the other in the order of the places, each line once. */
export function excerptsOf(
  places: readonly Place[],
  file: (path: FilePath) => SourceFile | undefined,
): readonly Excerpt[] {
  const paths = [...new Set(places.map((place) => place.file))];
  return paths.flatMap((path) => {
    const source = file(path);
    if (source === undefined) return [];
    const lines = linesOf(source);
    const at = places
      .filter((place) => place.file === path)
      .map(({ start }) => source.lines.positionAt(start).line);
    const units = merged(at.map((line) => unitAround(source, lines, line)));
    // Which stages there are decides what a Dockerfile's names mean.
    if (source.kind === "dockerfile") return [excerpt(source, lines, [0, lines.length], { units, at })];
    return units.map((unit) => excerpt(source, lines, unit, { units, at }));
  });
}

/** A last line break opens no line. */
const linesOf = ({ text }: SourceFile): readonly string[] => text.replace(/\n+$/, "").split("\n");

function merged(ranges: readonly Lines[]): readonly Lines[] {
  const result: Lines[] = [];
  for (const range of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last === undefined || range[0] > last[1]) result.push(range);
    else result[result.length - 1] = [last[0], Math.max(last[1], range[1])];
  }
  return result;
}

/** The unit of the language that a line belongs to. */
function unitAround({ kind }: SourceFile, lines: readonly string[], line: number): Lines {
  const opener = OPENERS.get(kind);
  if (opener === undefined) return [Math.max(0, line - CONTEXT), Math.min(lines.length, line + CONTEXT + 1)];
  let from = Math.min(line, lines.length - 1);
  while (from > 0 && !opener.test(lines[from] ?? "")) from -= 1;
  let to = from + 1;
  while (to < lines.length && !opener.test(lines[to] ?? "")) to += 1;
  // What stands above the next unit belongs to that one.
  while (to > line + 1 && /^\s*(?:#|$)/.test(lines[to - 1] ?? "")) to -= 1;
  return [from, to];
}

/** How a unit begins: an entry of the root, a stage, a runner. A list may stand below its key without indentation. */
const OPENERS: ReadonlyMap<SourceFile["kind"], RegExp> = new Map<SourceFile["kind"], RegExp>([
  ["gitlab-ci", /^[^\s#-]/],
  ["configuration", /^[^\s#-]/],
  ["dockerfile", /^\s*FROM\s/i],
  ["runner-config", /^\s*\[\[\s*runners\s*\]\]|^[^\s#-].*:/],
]);

const CONTEXT = 6;

/** A longer unit is shown by its beginning and what is around the places. */
const LONGEST = 50;
const WIDEST = 400;

interface Wanted {
  readonly units: readonly Lines[];
  /** Lines of the places. */
  readonly at: readonly number[];
}

function excerpt(
  { path, kind }: SourceFile,
  lines: readonly string[],
  [from, to]: Lines,
  wanted: Wanted,
): Excerpt {
  const shown: string[] = [];
  let left = 0;
  const flush = (): void => {
    if (left > 0) shown.push(`# … ${left} ${left === 1 ? "line" : "lines"} left out`);
    left = 0;
  };
  for (let line = from; line < to; line += 1) {
    const text = lines[line] ?? "";
    if (isShown(line, wanted) || (kind === "dockerfile" && /^\s*FROM\s/i.test(text))) {
      flush();
      shown.push(text.length > WIDEST ? `${text.slice(0, WIDEST)} …` : text);
    } else left += 1;
  }
  flush();
  return { file: path, from, to, language: languageOf(path, kind), text: shown.join("\n") };
}

function isShown(line: number, { units, at }: Wanted): boolean {
  const unit = units.find(([from, to]) => from <= line && line < to);
  if (unit === undefined) return false;
  const [from, to] = unit;
  return to - from <= LONGEST || line === from || at.some((place) => Math.abs(place - line) <= CONTEXT);
}

function languageOf(path: FilePath, kind: SourceFile["kind"]): string {
  if (kind === "dockerfile") return "dockerfile";
  if (kind === "shell") return "sh";
  if (path.endsWith(".toml")) return "toml";
  return /\.ya?ml$/.test(path) ? "yaml" : "text";
}
