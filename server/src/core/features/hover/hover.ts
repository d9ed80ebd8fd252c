// Hover: what is said about a place of a file, as Markdown. One entry for all kinds of files.
import { SAMPLE_PROJECT } from "../../data/sample-pipelines";
import type { QueryContext } from "../../query/query";
import { findSuppressions } from "../../syntax/comments";
import type { Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { spotAt, type Spot } from "../position/spot";
import { sampleProjectOf } from "../samples";
import { configurationHover } from "./configuration";
import { dockerfileHover } from "./dockerfile";
import type { HoverText } from "./hover-text";
import { code, paragraphs } from "./markdown";
import { pipelineHover } from "./pipeline";
import { registerHover } from "./register";
import { ruleText } from "./rule";
import { runnerHover } from "./runner";

export interface Hover {
  /** Markdown. */
  readonly text: string;
  /** What it speaks of. */
  readonly at: Place;
}

/** What is to say at an offset of a file; undefined where there is nothing. */
export function hoverAt(ctx: QueryContext, path: FilePath, offset: number): Hover | undefined {
  const suppressed = suppressionHover(ctx, path, offset);
  if (suppressed !== undefined) return suppressed;
  const registered = registerHover(ctx, path, offset);
  if (registered !== undefined) return registered;
  const spot = spotAt(ctx, path, offset);
  const found = spot && hoverOfKind(ctx, spot);
  if (spot === undefined || found === undefined) return undefined;
  const start = spot.offset - spot.at;
  // What a called script says has no place in this file.
  const isHere = found.at.chunk === spot.chunk;
  const at = isHere ? found.at : { start: spot.at, end: spot.at };
  return { text: found.markdown, at: { file: path, start: start + at.start, end: start + at.end } };
}

function hoverOfKind(ctx: QueryContext, spot: Spot): HoverText | undefined {
  switch (spot.kind) {
    case "gitlab-ci":
      return withNote(ctx, spot, pipelineHover(ctx, spot));
    case "dockerfile":
      return dockerfileHover(ctx, spot);
    case "runner-config":
      return runnerHover(ctx, spot);
    case "configuration":
      return configurationHover(ctx, spot);
    default:
      return undefined;
  }
}

const EXAMPLE = `registry.example.com/${SAMPLE_PROJECT.path}`;

/** Says where the name of the project comes from, where nothing in the checkout tells the real one. */
function withNote(ctx: QueryContext, spot: Spot, found: HoverText | undefined): HoverText | undefined {
  const isExample = sampleProjectOf(ctx) === SAMPLE_PROJECT && !spot.file.text.includes(EXAMPLE);
  if (found?.markdown.includes(EXAMPLE) !== true || !isExample) return found;
  return { ...found, markdown: paragraphs(found.markdown, `*${code(EXAMPLE)} stands for your project.*`) };
}

/** The rule that a suppression comment names. */
function suppressionHover(ctx: QueryContext, path: FilePath, offset: number): Hover | undefined {
  const file = ctx.file(path);
  const named = findSuppressions(file?.text ?? "").find(
    ({ rule, start, end }) => rule !== undefined && start <= offset && offset <= end,
  );
  const text = named?.rule === undefined ? undefined : ruleText(named.rule);
  return named === undefined || text === undefined
    ? undefined
    : { text, at: { file: path, start: named.start, end: named.end } };
}
