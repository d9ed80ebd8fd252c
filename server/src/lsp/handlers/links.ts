// Links of a document, with addresses: files as the client knows them, rules by their page.
import type { ClientCapabilities, DocumentLink } from "vscode-languageserver";
import { rangeOf } from "../convert";
import type { Placed } from "../folders";
import { ownAbilities, type OwnAbilities } from "../own-abilities";

export interface LinkAbilities extends Pick<OwnAbilities, "rulePages"> {
  readonly tooltip: boolean;
}

export const linkAbilities = (client: ClientCapabilities): LinkAbilities => ({
  tooltip: client.textDocument?.documentLink?.tooltipSupport === true,
  rulePages: ownAbilities(client).rulePages,
});

/** A link to a rule says which in `data`, for clients that have the pages. */
export function documentLinks(
  { session, path }: Placed,
  { tooltip, rulePages }: LinkAbilities,
): DocumentLink[] {
  const { speech } = session;
  return session
    .ask(({ structure }) => structure.links(path))
    .flatMap(({ at, target }): DocumentLink[] => {
      const range = rangeOf(at, speech);
      const said = (text: string) => (tooltip ? { tooltip: text } : {});
      switch (target.kind) {
        case "file":
          return [{ range, target: speech.uriOf(target.path), ...said(`Open ${target.path}`) }];
        case "page":
          return [{ range, target: target.url, ...said(`Open ${target.url}`) }];
        case "rule": {
          const url = speech.ruleUrl(target.id);
          const page = /^https?:/.test(url) ? { target: url } : {};
          // Without a client that knows the page, only an address leads there.
          if (!rulePages && page.target === undefined) return [];
          return [{ range, ...page, data: { rule: target.id }, ...said("Open the page of this rule") }];
        }
      }
    });
}
