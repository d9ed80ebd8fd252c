// What is asked about names, answered as plain data: where a name is defined, everywhere it stands, and what renaming it edits.
import type { QueryContext } from "../../query/query";
import type { TextEdit } from "../../text/edit";
import type { Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { answerTo } from "../ask";
import { renamed, renameTarget } from "./rename";
import type { Refusal } from "./rename-rules";
import type { Mention, Role, SymbolKind } from "./symbol";
import { allMentions, definitionMentions, mentionsAt } from "./symbol-at";

export interface Occurrence {
  readonly at: Place;
  readonly role: Role;
}

/** A name that can be renamed. */
export interface RenameTarget {
  readonly kind: SymbolKind;
  readonly name: string;
  readonly at: Place;
}

/** Questions about names. A place is a file and an offset into its text. */
export interface Symbols {
  /** Where what stands at a place is defined, the definition that holds first; for the name of a file, its beginning. */
  definitions(file: FilePath, offset: number): readonly Place[];
  /** Every place that says the same name, in order of files and places. */
  occurrences(file: FilePath, offset: number): readonly Occurrence[];
  /** What could be renamed at a place; undefined where no name stands. */
  renameTarget(file: FilePath, offset: number): RenameTarget | Refusal | undefined;
  /** The edits of a renaming, or why it is not done. */
  rename(file: FilePath, offset: number, name: string): readonly TextEdit[] | Refusal | undefined;
}

type PlaceOf = (origin: Origin) => Place | undefined;

export function createSymbols(ask: Pick<QueryContext, "get">, placer: () => PlaceOf): Symbols {
  const about = <T>(
    file: FilePath,
    offset: number,
    answer: (ctx: QueryContext, here: readonly Mention[]) => T,
  ): T => answerTo(ask, (ctx) => answer(ctx, mentionsAt(ctx, { file, offset })));
  return {
    definitions: (file, offset) =>
      placesOf(
        about(file, offset, (ctx, here) => (here[0]?.kind === "file" ? here : definitionMentions(ctx, here))),
        placer(),
      ),
    occurrences: (file, offset) => placed(about(file, offset, allMentions), placer()),
    renameTarget(file, offset) {
      const found = about(file, offset, renameTarget);
      if (found === undefined || "refused" in found) return found;
      const at = placer()(found.at);
      return at && { kind: found.kind, name: found.name, at };
    },
    rename(file, offset, name) {
      const found = about(file, offset, (ctx, here) => renamed(ctx, here, name));
      if (found === undefined || "refused" in found) return found;
      const placeOf = placer();
      return found.flatMap(({ at, newText }) => {
        const place = placeOf(at);
        return place === undefined ? [] : [{ ...place, newText }];
      });
    },
  };
}

const placesOf = (mentions: readonly Mention[], placeOf: PlaceOf): readonly Place[] =>
  mentions.flatMap(({ kind, name, at }) =>
    kind === "file" ? { file: name, start: 0, end: 0 } : (placeOf(at) ?? []),
  );

function placed(mentions: readonly Mention[], placeOf: PlaceOf): readonly Occurrence[] {
  const found = mentions.flatMap(({ role, at }) => {
    const place = placeOf(at);
    return place === undefined ? [] : [{ at: place, role }];
  });
  return found.sort((a, b) =>
    a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start,
  );
}
