// Answers for a place in a document count only while the document is the one that was asked about, and somebody waits for them.
import type { CancellationToken } from "vscode-languageserver";
import type { Folders, Placed } from "./folders";

/**
 * Answers a question about an open document. Empty where it is unknown, was edited before its folder was read, or where the
 * client no longer waits: a position of one text means nothing in another.
 */
export async function answerFresh<R>(
  folders: Pick<Folders, "document" | "placed"> | undefined,
  uri: string,
  token: CancellationToken,
  empty: R,
  answer: (placed: Placed) => R,
): Promise<R> {
  const asked = folders?.document(uri);
  if (folders === undefined || asked === undefined) return empty;
  const placed = await folders.placed(uri);
  if (placed === undefined || token.isCancellationRequested || folders.document(uri) !== asked) return empty;
  return answer(placed);
}

/** The same for what editors ask at each edit or move of the cursor: what has arrived behind the question may take it back. */
export async function answerFreshLater<R>(...parameters: Parameters<typeof answerFresh<R>>): Promise<R> {
  const [folders, uri, , empty] = parameters;
  const asked = folders?.document(uri);
  await new Promise((resume) => setImmediate(resume));
  return folders?.document(uri) === asked ? answerFresh<R>(...parameters) : empty;
}
