// What all sessions say about files, one word for each file: where folders lie in each other, both read the files of the inner one,
// but only its own session knows what is open in the editor. So of a file counts what the innermost folder says.
import type { PublishedDiagnostics } from "./publisher";

export interface Publications<Session extends object> {
  /** What a session has to say about a file; no diagnostics: nothing any more. */
  publish(by: Session, diagnostics: PublishedDiagnostics): void;
  /** To be called when folders came or went: a file may be another session's now. */
  reassign(): void;
}

/** `ownerOf`: whose word counts; undefined for a file that lies in no folder, of which the last word counts. */
export function createPublications<Session extends object>(
  ownerOf: (uri: string) => Session | undefined,
  send: (diagnostics: PublishedDiagnostics) => void,
): Publications<Session> {
  const said = new Map<string, Map<Session, PublishedDiagnostics>>();
  /** Whose diagnostics the client shows. */
  const shown = new Map<string, Session>();
  const note = (by: Session, diagnostics: PublishedDiagnostics): void => {
    const { uri } = diagnostics;
    const ofFile = said.get(uri) ?? new Map<Session, PublishedDiagnostics>();
    if (diagnostics.diagnostics.length === 0) ofFile.delete(by);
    else ofFile.set(by, diagnostics);
    if (ofFile.size === 0) said.delete(uri);
    else said.set(uri, ofFile);
  };
  const show = (by: Session, diagnostics: PublishedDiagnostics): void => {
    if (diagnostics.diagnostics.length === 0) shown.delete(diagnostics.uri);
    else shown.set(diagnostics.uri, by);
    send(diagnostics);
  };
  return {
    publish(by, diagnostics) {
      const { uri } = diagnostics;
      note(by, diagnostics);
      const owner = ownerOf(uri) ?? by;
      if (owner === by) show(by, diagnostics);
      // What it said before it was the owner's to say.
      else if (shown.get(uri) === by) show(owner, said.get(uri)?.get(owner) ?? { uri, diagnostics: [] });
    },
    reassign() {
      for (const uri of new Set([...said.keys(), ...shown.keys()])) {
        const owner = ownerOf(uri);
        if (owner === undefined || shown.get(uri) === owner) continue;
        const own = said.get(uri)?.get(owner);
        if (own !== undefined || shown.has(uri)) show(owner, own ?? { uri, diagnostics: [] });
      }
    },
  };
}
