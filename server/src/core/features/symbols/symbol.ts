// What has a name in the files of a repository, and the places that say it. A mention is what one place says; which mentions
// mean the same thing is for the provider of their kind to tell.
import type { QueryContext } from "../../query/query";
import type { ScalarStyle } from "../../syntax/yaml-nodes";
import { partOf, textAt, type Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";

export type SymbolKind =
  | "job"
  | "stage"
  | "variable"
  | "anchor"
  | "input"
  /** A stage of a Dockerfile. */
  | "build-stage"
  /** An `ARG` of a Dockerfile. */
  | "build-arg"
  /** An image reference, by what it means. */
  | "image"
  /** The host name of a service. */
  | "service"
  /** A file that is named: an include, a Dockerfile, a script. */
  | "file";

export type Role = "definition" | "reference" | "write";

export interface Mention {
  readonly kind: SymbolKind;
  readonly name: string;
  /** Tells symbols of one name apart: the Dockerfile of a stage, the file of an anchor. Empty where the pipelines decide. */
  readonly owner: string;
  readonly role: Role;
  /** The name as written, without quotes and sigils. */
  readonly at: Origin;
  /** How the YAML scalar is written that holds the name: a new name may need quotes there. */
  readonly style?: ScalarStyle;
  /** The name is a part of its scalar only. */
  readonly isPart?: true;
  /** It means the symbol without its name (`--from=0`): renaming leaves it as it is. */
  readonly isFixed?: true;
  /** Why the symbol can't be renamed as long as this is written, as a clause: "`--env X` hands it on by its name". */
  readonly obstacle?: string;
  /** A key of a mapping with an anchor: a variable where `variables` takes the mapping in. */
  readonly isPossible?: true;
  /** A job of the pipeline that started this one: `needs: { pipeline: $PARENT_PIPELINE_ID, job: x }`. */
  readonly isInParent?: true;
}

/** A place in a file that is asked about. */
export interface Spot {
  readonly file: FilePath;
  readonly offset: number;
}

/** Finds the mentions of some kinds. */
export interface SymbolProvider {
  readonly kinds: readonly SymbolKind[];
  /** Mentions around a place: all that may cover it, and maybe more. */
  readonly around: (ctx: QueryContext, spot: Spot) => readonly Mention[];
  /** Every mention of what a mention means, itself included. */
  readonly all: (ctx: QueryContext, mention: Mention) => readonly Mention[];
}

/** Where a name stands in a place that may hold quotes around it or a value behind it; undefined where it doesn't. */
export function nameWithin(at: Origin, name: string): Origin | undefined {
  const text = textAt(at);
  const start = /^["']*/.exec(text)?.[0].length ?? 0;
  return text.startsWith(name, start) ? partOf(at, start, start + name.length) : undefined;
}

/** Each place once, in order of their first mention. One that stands in the way of renaming wins over one that does not. */
export function uniqueMentions(mentions: readonly Mention[]): readonly Mention[] {
  const places = new Map<Origin["chunk"], Map<string, Mention>>();
  for (const mention of mentions) {
    const { chunk, start, end } = mention.at;
    const byRange = places.get(chunk) ?? new Map<string, Mention>();
    places.set(chunk, byRange);
    const key = `${start}-${end}`;
    const before = byRange.get(key);
    if (before === undefined || (before.obstacle === undefined && mention.obstacle !== undefined))
      byRange.set(key, mention);
  }
  return [...places.values()].flatMap((byRange) => [...byRange.values()]);
}
