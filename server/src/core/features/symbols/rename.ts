// Renaming: edits at every place that says a name, or the reason why there are none. A name is left alone where a place can't be
// reached or where the new name would mean something else; half a renaming is worse than none.
import { psychValue } from "../../syntax/yaml-values";
import { keySource } from "../../syntax/yaml-emit";
import { textAt, type Origin } from "../../text/located";
import { isOutside } from "../../text/paths";
import type { QueryContext } from "../../query/query";
import { anchorRules, inputRules, serviceRules } from "./rename-others";
import { buildArgRules, buildStageRules } from "./rename-build-names";
import { jobRules, stageRules } from "./rename-pipeline-names";
import { variableRules } from "./rename-variable";
import { placeText, type Refusal, type RenameRules } from "./rename-rules";
import type { Mention, SymbolKind } from "./symbol";
import { allMentions } from "./symbol-at";

interface RenameEdit {
  readonly at: Origin;
  readonly newText: string;
}

const RULES: Readonly<Record<SymbolKind, RenameRules | string>> = {
  job: jobRules,
  stage: stageRules,
  variable: variableRules,
  anchor: anchorRules,
  input: inputRules,
  "build-stage": buildStageRules,
  "build-arg": buildArgRules,
  service: serviceRules,
  image:
    "An image reference is put together from a registry, a path and a tag; change it where it is written",
  file: "A file is renamed in the file explorer, not where it is named",
};

/** The mention at a place, if what it means can be renamed. */
export function renameTarget(ctx: QueryContext, here: readonly Mention[]): Mention | Refusal | undefined {
  const [mention] = here;
  if (mention === undefined) return undefined;
  const refused = blocked(ctx, here, mention);
  return refused === undefined ? mention : { refused };
}

/** The edits that rename what stands at a place. */
export function renamed(
  ctx: QueryContext,
  here: readonly Mention[],
  name: string,
): readonly RenameEdit[] | Refusal | undefined {
  const [mention] = here;
  if (mention === undefined) return undefined;
  if (name === mention.name) return [];
  const all = allMentions(ctx, here);
  const rules = RULES[mention.kind];
  const refused =
    blocked(ctx, here, mention) ??
    (typeof rules === "string" ? rules : firstOf(here, (each) => rules.refuses(ctx, each, name, all)));
  if (refused !== undefined) return { refused };
  const edits: RenameEdit[] = [];
  for (const each of all) {
    if (each.isFixed === true) continue;
    const newText = written(each, name);
    if (newText === undefined)
      return { refused: `\`${name}\` needs quotes at ${placeText(ctx, each.at)}; write them first` };
    edits.push({ at: each.at, newText });
  }
  return edits;
}

function blocked(ctx: QueryContext, here: readonly Mention[], mention: Mention): string | undefined {
  const rules = RULES[mention.kind];
  if (typeof rules === "string") return rules;
  const all = allMentions(ctx, here);
  return firstOf(here, (each) => rules.blocked(ctx, each, all)) ?? unreachable(ctx, all);
}

/** What a place itself says against it. */
function unreachable(ctx: QueryContext, all: readonly Mention[]): string | undefined {
  for (const { at, name, obstacle, isFixed } of all) {
    const place = placeText(ctx, at);
    if (obstacle !== undefined) return `\`${name}\` can't be renamed: ${obstacle} (${place})`;
    if (isFixed === true) continue;
    if (isOutside(at.chunk.file)) return `\`${name}\` is also written in another project: ${place}`;
    if (textAt(at).toLowerCase() !== name.toLowerCase())
      return `\`${name}\` is put together from parts at ${place}, so it can't be renamed there`;
  }
  return undefined;
}

const firstOf = (
  mentions: readonly Mention[],
  reason: (mention: Mention) => string | undefined,
): string | undefined => {
  for (const mention of mentions) {
    const found = reason(mention);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** A new name as it is written at a place; undefined where that place has no room for quotes. */
function written({ style, isPart, kind }: Mention, name: string): string | undefined {
  if (kind !== "job" && kind !== "stage") return name;
  switch (style) {
    case "single":
      return name.replaceAll("'", "''");
    case "double":
      return JSON.stringify(name).slice(1, -1);
    case "plain": {
      // In flow style, these end a plain scalar; elsewhere quotes do no harm.
      const source = /[[\]{},]/.test(name) ? JSON.stringify(name) : keySource(name);
      const isPlain = source === name && psychValue(name) === name;
      return isPlain ? name : isPart === true ? undefined : source;
    }
    default:
      return /^[\w./:-]+$/.test(name) ? name : undefined;
  }
}
