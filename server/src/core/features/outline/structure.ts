// What an editor asks about the shape of a file, answered as plain data: links, outline, folds, selections, and names by search.
import type { QueryContext } from "../../query/query";
import type { Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { answerTo } from "../ask";
import type { Fold } from "../folding/fold";
import { foldsOf } from "../folding/folds";
import { selectionsAt } from "../folding/selections";
import type { DocumentLink } from "../links/link";
import { linksIn } from "../links/links";
import { outlineOf } from "./outline";
import type { OutlineItem } from "./outline-item";
import { search, type FoundName } from "./search";

export interface Structure {
  /** Places of a file that lead somewhere, in order. */
  links(file: FilePath): readonly DocumentLink[];
  /** The names of a file as a tree; undefined where we have nothing to say of it. */
  outline(file: FilePath): readonly OutlineItem[] | undefined;
  /** Names of the whole workspace that fit what somebody types, the nearest first. */
  search(query: string): readonly FoundName[];
  /** Ranges of lines; undefined where the editor's own folds shall hold. */
  folds(file: FilePath): readonly Fold[] | undefined;
  /** What holds an offset, from the word to the whole file; undefined where the file is none of ours. */
  selections(file: FilePath, offset: number): readonly Place[] | undefined;
}

type PlaceOf = (origin: Origin) => Place | undefined;

export const createStructure = (ask: Pick<QueryContext, "get">, placer: () => PlaceOf): Structure => ({
  links: (file) => answerTo(ask, (ctx) => linksIn(ctx, file, placer())),
  outline: (file) => answerTo(ask, (ctx) => outlineOf(ctx, file, placer())),
  search: (query) => answerTo(ask, (ctx) => search(ctx, query, placer())),
  folds: (file) => answerTo(ask, (ctx) => foldsOf(ctx, file)),
  selections: (file, offset) => answerTo(ask, (ctx) => selectionsAt(ctx, file, offset)),
});
