// What a client can do beside the protocol.
import type { ClientCapabilities } from "vscode-languageserver";

/** What a client says of itself in `experimental.gitlabCiDocker`. */
export interface OwnAbilities {
  /** It shows `gitlabCiDocker/status`, and knows debug lines in the log. */
  readonly status: boolean;
  /** It has the command that opens a report. */
  readonly falseAlarm: boolean;
  /** It has the command that shows an effective job. */
  readonly effectiveJob: boolean;
  /** It has the command that lists places beside a code lens. */
  readonly showReferences: boolean;
  /** It has the pages of the rules, and gives links to them the address itself. */
  readonly rulePages: boolean;
  /** False in a workspace that the user does not trust. */
  readonly isTrusted: boolean;
  /** Nobody else in it says errors of YAML itself. */
  readonly yamlErrors: boolean;
}

export function ownAbilities({ experimental }: ClientCapabilities): OwnAbilities {
  const own = entryOf(experimental, "gitlabCiDocker");
  return {
    status: entryOf(own, "status") === true,
    falseAlarm: entryOf(own, "falseAlarm") === true,
    effectiveJob: entryOf(own, "effectiveJob") === true,
    showReferences: entryOf(own, "showReferences") === true,
    rulePages: entryOf(own, "rulePages") === true,
    isTrusted: entryOf(own, "isTrusted") !== false,
    yamlErrors: entryOf(own, "yamlErrors") === true,
  };
}

const entryOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && key in value
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
