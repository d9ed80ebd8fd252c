// Outlines and links between the server and VS Code: where another extension gives the outline already, and where rule pages lie.
import { type DocumentLink, extensions } from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import type { RulePages } from "./rule-pages";

/** Extensions whose outline of a Dockerfile lists its instructions, stages among them. */
const DOCKER_EXTENSIONS: readonly string[] = [
  "docker.docker",
  "ms-azuretools.vscode-containers",
  "ms-azuretools.vscode-docker",
];

export function outlineMiddleware(
  pages: () => RulePages,
): Pick<Middleware, "provideDocumentSymbols" | "provideDocumentLinks"> {
  return {
    provideDocumentSymbols: (document, token, next) => {
      const isTheirs = document.languageId === "dockerfile" && DOCKER_EXTENSIONS.some(isInstalled);
      return isTheirs ? undefined : next(document, token);
    },
    provideDocumentLinks: async (document, token, next) =>
      (await next(document, token))?.flatMap((link) => linkToPage(link, pages()) ?? []),
  };
}

/** An extension that is disabled is not found either. */
const isInstalled = (id: string): boolean => extensions.getExtension(id) !== undefined;

/** The server says which rule a link means: its page is the one that came with this version. */
function linkToPage(link: DocumentLink, pages: RulePages): DocumentLink | undefined {
  const data: unknown = "data" in link ? link.data : undefined;
  if (typeof data !== "object" || data === null || !("rule" in data)) return link;
  const page = pages.get(String(data.rule));
  if (page !== undefined) link.target = page;
  return link.target === undefined ? undefined : link;
}
