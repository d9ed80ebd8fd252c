// The outline of a document, and names of the whole workspace, as the protocol says them.
import { SymbolKind, type DocumentSymbol, type SymbolInformation } from "vscode-languageserver";
import type { FoundName, OutlineItem, OutlineKind } from "../../core/index";
import { locationOf, rangeOf, type Speech } from "../convert";
import type { Placed } from "../folders";
import type { Session } from "../session";

/** What editors draw in front of the names. */
const KINDS: Readonly<Record<OutlineKind, SymbolKind>> = {
  stage: SymbolKind.Namespace,
  job: SymbolKind.Function,
  template: SymbolKind.Interface,
  global: SymbolKind.Property,
  "build-stage": SymbolKind.Class,
  runner: SymbolKind.Object,
};

/** Null where we have no outline: an empty one would stand beside that of another extension. */
export function documentSymbols(
  { session, path }: Placed,
  isHierarchical: boolean,
): DocumentSymbol[] | SymbolInformation[] | null {
  const { speech } = session;
  const items = session.ask(({ structure }) => structure.outline(path));
  if (items === undefined) return null;
  return isHierarchical
    ? items.map((item) => symbolOf(item, speech))
    : items.flatMap((item) => flat(item, undefined, speech));
}

function symbolOf({ kind, name, detail, at, nameAt, children }: OutlineItem, speech: Speech): DocumentSymbol {
  return {
    name,
    kind: KINDS[kind],
    ...(detail === undefined ? {} : { detail }),
    range: rangeOf(at, speech),
    selectionRange: rangeOf(nameAt, speech),
    ...(children.length === 0 ? {} : { children: children.map((child) => symbolOf(child, speech)) }),
  };
}

function flat(
  { kind, name, at, children }: OutlineItem,
  containerName: string | undefined,
  speech: Speech,
): readonly SymbolInformation[] {
  const own: SymbolInformation = {
    name,
    kind: KINDS[kind],
    location: locationOf(at, speech),
    ...(containerName === undefined ? {} : { containerName }),
  };
  return [own, ...children.flatMap((child) => flat(child, name, speech))];
}

/** The names of one folder that fit a query. */
export function workspaceSymbols(session: Session, query: string): readonly SymbolInformation[] {
  const { speech } = session;
  return session
    .ask(({ structure }) => structure.search(query))
    .map(({ kind, name, container, at }: FoundName) => ({
      name,
      kind: KINDS[kind],
      location: locationOf(at, speech),
      containerName: container,
    }));
}
