// Tells the client to ask again when an answer that it shows is no longer right because another file was edited, or a setting
// changed. An edited document needs no telling: the client asks for it anyway.
import type { OpenDocument } from "./document";
import { errorText, type Log } from "./guard";

export interface RefreshOptions {
  /** An open document as it stands now. */
  readonly document: (uri: string) => OpenDocument | undefined;
  /** Asks the client to ask again. */
  readonly send: () => Promise<void>;
  readonly log: Log;
  /** Milliseconds without a report before the answers are looked at. */
  readonly delay: number;
}

export interface Refresher {
  /** Remembers what the client was told about a document, and how to work it out again. */
  answered(uri: string, answer: unknown, again: () => unknown): void;
  /** To be called after each report: an answer may have changed. */
  reported(): void;
}

interface Answered {
  readonly document: OpenDocument;
  readonly again: () => unknown;
  text: string;
}

export function createRefresher({ document, send, log, delay }: RefreshOptions): Refresher {
  const answers = new Map<string, Answered>();
  let timer: NodeJS.Timeout | undefined;
  const isStale = (uri: string, answered: Answered): boolean => {
    if (document(uri) !== answered.document) {
      answers.delete(uri);
      return false;
    }
    const text = JSON.stringify(answered.again());
    if (text === answered.text) return false;
    // Said once: whether the client does ask is its own affair.
    answered.text = text;
    return true;
  };
  const look = (): void => {
    try {
      const stale = [...answers].filter(([uri, answered]) => isStale(uri, answered));
      if (stale.length > 0) send().catch((error: unknown) => log(`refresh failed: ${errorText(error)}`));
    } catch (error) {
      log(`refresh failed: ${errorText(error)}`);
    }
  };
  return {
    answered(uri, answer, again) {
      const asked = document(uri);
      if (asked !== undefined) answers.set(uri, { document: asked, again, text: JSON.stringify(answer) });
    },
    reported() {
      clearTimeout(timer);
      if (answers.size > 0) timer = setTimeout(look, delay).unref();
    },
  };
}
