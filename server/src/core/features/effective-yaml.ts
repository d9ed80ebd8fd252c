// Effective jobs as YAML that is itself a pipeline, with a comment at each value: where it is written, and how it came.
import { keySource, scalarLines } from "../syntax/yaml-emit";
import type { Hop, Place } from "../text/located";
import type { FilePath, SourceFile } from "../text/source-file";
import { placeJob, type EffectiveJob, type PlaceableJob } from "./effective-job";
import type { EffectiveOrigin, EffectiveValue } from "./effective-value";

export interface EffectiveYaml {
  readonly text: string;
  /** In order: ranges of the text that name a place, and the place. */
  readonly links: readonly PlaceLink[];
}

export interface PlaceLink {
  /** UTF-16 offsets into the text, half-open. */
  readonly start: number;
  readonly end: number;
  readonly to: Place;
}

/** What the writer must know about files: their lines, and how they are called. */
export type FileOf = (path: FilePath) => SourceFile | undefined;

type Value = EffectiveValue<Place>;

/** A part of a comment; `to` is the place that it names. */
interface Segment {
  readonly text: string;
  readonly to?: Place;
}

interface Line {
  readonly text: string;
  readonly comment: readonly Segment[];
}

/** Writes jobs, a blank line between two. What is not known stands there as a comment. */
export function effectiveYaml(
  jobs: readonly (PlaceableJob & { readonly label?: string })[],
  file: FileOf,
): EffectiveYaml {
  const links: PlaceLink[] = [];
  let text = "";
  for (const each of jobs) {
    const job = placeJob(each);
    if (job === undefined) continue;
    if (text !== "") text += "\n";
    const lines = jobLines(job, each.label ?? each.name, file);
    const column = commentColumn(lines);
    for (const line of lines) {
      text += line.text;
      if (line.comment.length > 0) text += `${gapBehind(line, column)}# `;
      for (const segment of line.comment) {
        const start = text.length;
        text += oneLine(segment.text);
        if (segment.to !== undefined) links.push({ start, end: text.length, to: segment.to });
      }
      text += "\n";
    }
  }
  return { text, links };
}

/** A comment that has its line for itself stands right there. */
const gapBehind = ({ text }: Line, column: number): string =>
  text.trim() === "" ? "" : " ".repeat(Math.max(2, column - text.length));

/** Comments stand in one column, behind all lines but the long ones. */
const WIDEST = 60;

function commentColumn(lines: readonly Line[]): number {
  const widths = lines
    .filter(({ text, comment }) => comment.length > 0 && text.trim() !== "")
    .map(({ text }) => text.length);
  return Math.max(0, ...widths.filter((width) => width <= WIDEST)) + 2;
}

function jobLines(job: EffectiveJob<Place>, label: string, file: FileOf): readonly Line[] {
  const head: Line = { text: `${keySource(label)}:`, comment: [placeSegment(job.nameAt, file)] };
  return [
    head,
    ...[...job.keywords].flatMap(([key, value]) => entryLines(key, shortened(key, value), 2, file)),
  ];
}

/** An image that is nothing but a name is written as one. */
function shortened(key: string, value: Value): Value {
  if (key === "image") return nameOnly(value);
  return key === "services" && value.kind === "list" ? { ...value, items: value.items.map(nameOnly) } : value;
}

function nameOnly(image: Value): Value {
  const name = image.kind === "map" && image.entries.size === 1 ? image.entries.get("name") : undefined;
  return name?.kind === "scalar" ? name : image;
}

function entryLines(key: string, value: Value, indent: number, file: FileOf): readonly Line[] {
  const head = `${" ".repeat(indent)}${keySource(key)}:`;
  if (isNested(value)) return [{ text: head, comment: [] }, ...nestedLines(value, indent + 2, file)];
  return leafLines(`${head} `, value, indent, file);
}

/** Whether a value takes lines of its own. */
const isNested = (value: Value): boolean =>
  (value.kind === "map" && value.entries.size > 0) ||
  (value.kind === "list" && value.items.some(({ kind }) => kind !== "unknown"));

function nestedLines(value: Value, indent: number, file: FileOf): readonly Line[] {
  if (value.kind === "map") {
    return [...value.entries].flatMap(([key, entry]) => entryLines(key, entry, indent, file));
  }
  return value.kind === "list" ? value.items.flatMap((item) => itemLines(item, indent, file)) : [];
}

function itemLines(item: Value, indent: number, file: FileOf): readonly Line[] {
  const blanks = " ".repeat(indent);
  if (item.kind === "unknown") return [{ text: blanks, comment: unknownComment(item, file) }];
  if (!isNested(item)) return leafLines(`${blanks}- `, item, indent, file);
  const [first, ...rest] = nestedLines(item, indent + 2, file);
  return first === undefined
    ? []
    : [{ ...first, text: `${blanks}- ${first.text.slice(indent + 2)}` }, ...rest];
}

/** A value that stands behind its key or dash. */
function leafLines(head: string, value: Value, indent: number, file: FileOf): readonly Line[] {
  const comment = value.kind === "unknown" ? unknownComment(value, file) : originComment(value.origin, file);
  if (value.kind !== "scalar") return [{ text: `${head}${EMPTY[value.kind]}`, comment }];
  const [first, ...rest] = scalarLines(value.value);
  const below = rest.map((line) => ({ text: line === "" ? "" : " ".repeat(indent) + line, comment: [] }));
  return [{ text: head + first, comment }, ...below];
}

const EMPTY = { list: "[]", map: "{}", unknown: "null" } as const;

function unknownComment(
  { because, origin }: Value & { readonly kind: "unknown" },
  file: FileOf,
): readonly Segment[] {
  return [{ text: `not known: ${because}; ` }, ...originComment(origin, file)];
}

function originComment(origin: EffectiveOrigin<Place> | undefined, file: FileOf): readonly Segment[] {
  if (origin === undefined) return [{ text: "GitLab's default" }];
  const hops = origin.via.flatMap((hop, index): readonly Segment[] => [
    { text: index === 0 ? " via " : ", " },
    { text: hopText(hop), to: hop.at },
  ]);
  return [placeSegment(origin.at, file), ...hops];
}

/** `ci/docker.yml:2`, the line counted from 1. */
function placeSegment(place: Place, file: FileOf): Segment {
  const line = file(place.file)?.lines.positionAt(place.start).line ?? 0;
  return { text: `${place.file}:${line + 1}`, to: place };
}

function hopText({ kind, name }: Pick<Hop, "kind" | "name">): string {
  switch (kind) {
    case "alias":
      return `*${name}`;
    case "merge":
      return `<<: *${name}`;
    case "reference":
      return `!reference ${name}`;
    case "default":
      return "default";
    default:
      return `${kind} ${name}`;
  }
}

/** Names of jobs and files may hold anything: a comment ends with its line, and hides nothing. */
const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\ufeff]/gu, "\ufffd");
