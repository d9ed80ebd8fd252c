// The editor's settings: pulled from the client where it allows that, otherwise what it sent.
import { DEFAULT_SETTINGS, RULE_IDS, mergeSettings, settingsFromJson, type Settings } from "../../core/index";

export const SECTION = "gitlabCiDocker";

/** Settings of the analysis, and what the editor shows beside the text: that is no matter of the repository. */
export interface EditorSettings extends Settings {
  readonly codeLens?: boolean;
  readonly inlayHints?: boolean;
}

export interface ConfigurationSource {
  /** Asks the client for the section, for a folder; undefined where the client can't be asked. */
  readonly pull: ((folder: string | undefined) => Promise<unknown>) | undefined;
  /** What the client sent last. */
  readonly pushed: () => unknown;
  /** Tells the user what is wrong with the settings. */
  readonly complain: (message: string) => void;
}

/** Settings for a folder. Wrong ones are complained about and left out; a client that fails to answer has none. */
export async function settingsFor(
  source: ConfigurationSource,
  folder: string | undefined,
): Promise<EditorSettings> {
  const { shown, rest } = withoutShown(await given(source, folder), source.complain);
  const { settings, messages } = settingsFromJson(rest, SECTION, RULE_IDS);
  messages.forEach(source.complain);
  return { ...mergeSettings(DEFAULT_SETTINGS, settings), ...shown };
}

type Shown = Pick<EditorSettings, "codeLens" | "inlayHints">;

/** Takes out what only the editor is told. */
function withoutShown(
  value: unknown,
  complain: ConfigurationSource["complain"],
): { readonly shown: Shown; readonly rest: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { shown: {}, rest: value };
  const entries = new Map<string, unknown>(Object.entries(value));
  const take = (name: keyof Shown): Shown => {
    const given = entries.get(name);
    entries.delete(name);
    if (typeof given === "boolean") return { [name]: given };
    if (given !== undefined) complain(`${SECTION}.${name}: This must be \`true\` or \`false\``);
    return {};
  };
  const shown = { ...take("codeLens"), ...take("inlayHints") };
  return { shown, rest: Object.fromEntries(entries) };
}

async function given({ pull, pushed }: ConfigurationSource, folder: string | undefined): Promise<unknown> {
  if (pull === undefined) return ownSettings(pushed());
  try {
    return ownSettings(await pull(folder));
  } catch {
    return undefined;
  }
}

/** Settings that belong to the client, not to the analysis: `trace.server`. And empty ones, which editors send as defaults. */
function ownSettings(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const isOwn = ([name, each]: [string, unknown]): boolean =>
    name !== "trace" && each !== null && each !== "";
  return Object.fromEntries(Object.entries(value).filter(isOwn));
}

/** The section out of what `workspace/didChangeConfiguration` brings: `{ gitlabCiDocker: {…} }`. */
export function sectionOf(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null) return undefined;
  return SECTION in settings ? (settings as Readonly<Record<string, unknown>>)[SECTION] : undefined;
}
