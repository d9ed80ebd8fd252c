// Takes what looks secret out of texts that somebody is going to show to others. Reads no language: excerpts are parts of files,
// in four languages at once, and a value is hidden rather than shown where it is not clear.
import { isSecretName } from "../../data/secret-names";

/** What stands instead of a secret: a plain word in YAML, TOML, Dockerfiles and shell alike, so that excerpts still work. */
export const MASK = "MASKED";

export interface Masked {
  readonly texts: readonly string[];
  /** Number of different values that were taken out. */
  readonly count: number;
}

/** Returns what a value is to be replaced by, and remembers it. */
type Hide = (value: string) => string;
type Step = (text: string, hide: Hide) => string;

/** Masks texts together: a value that is secret in one is taken out of all of them. */
export function maskSecrets(texts: readonly string[]): Masked {
  const hidden = new Set<string>();
  const hide: Hide = (value) => {
    if (isOpen(value)) return value;
    hidden.add(value);
    return MASK;
  };
  const once = texts.map((text) => STEPS.reduce((before, step) => step(before, hide), text));
  const everywhere = [...hidden]
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return {
    texts: once.map((text) => everywhere.reduce((before, value) => before.replaceAll(value, MASK), text)),
    count: hidden.size,
  };
}

/** A shorter value is a word of the language too often to be taken out wherever it stands. */
const SHORTEST = 6;

/** What gives nothing away: no value, a switch, a command, or nothing but references to variables and inputs. */
const isOpen = (value: string): boolean =>
  isProse(value) ||
  /^(?:|true|false|null|~|MASKED|\*[\w.-]+|!\w.*|\$\(.*|`.*|(?:\$\w+|\$\{\w+\}|\$\[\[[^\]]*\]\]|[/:@.,-])+)$/i.test(
    value.trim(),
  );

/** "Using --password via the CLI is insecure": what docker says of such a flag, which messages quote. */
const isProse = (value: string): boolean => /^(?:via|and|or|with)$/.test(value.trim());

/** `authToken` and `AccessKey` are names of several words, too. */
const isSecret = (name: string): boolean =>
  /^auth$/i.test(name) || isSecretName(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(".", "_"));

const pem: Step = (text, hide) =>
  text.replace(/-----BEGIN [A-Z0-9 ]+-----[^]*?(?:-----END [A-Z0-9 ]+-----|$)/g, hide);

/** `NAME: value` and `NAME = value` on a line of its own, with what belongs to the value below it. */
const ENTRY = /^(\s*(?:- +)?)(["']?)([A-Za-z_][\w.-]*)\2(\s*:(?=\s|$)\s*|\s+=\s*)(.*)$/;

/** What lies deeper than a secret's key: all of it is the secret, or only what a mapping has under `value`. */
interface Below {
  readonly indent: number;
  readonly holds: "value" | "entries";
}

const entries: Step = (text, hide) => {
  let below: Below | undefined;
  const lines = text.split("\n").map((line) => {
    if (line.trim() === "") return line;
    const indent = line.length - line.trimStart().length;
    if (below !== undefined && indent <= below.indent) below = undefined;
    if (below?.holds === "value") return line.slice(0, indent) + hide(line.trim());
    const entry = entryOf(line);
    if (entry === undefined || !holdsSecret(entry, below)) return line;
    below = belowOf(entry) ?? below;
    return `${entry.head}${maskValue(entry.value, hide)}`;
  });
  return lines.join("\n");
};

interface Entry {
  /** What stands in front of the value. */
  readonly head: string;
  /** Where the key begins. */
  readonly indent: number;
  readonly name: string;
  readonly isYaml: boolean;
  readonly value: string;
}

function entryOf(line: string): Entry | undefined {
  const found = ENTRY.exec(line);
  if (found === null) return undefined;
  const [, margin = "", , name = "", separator = "", value = ""] = found;
  const head = line.slice(0, line.length - value.length);
  return { head, indent: margin.length, name, isYaml: separator.includes(":"), value };
}

const holdsSecret = ({ name }: Entry, below: Below | undefined): boolean =>
  below?.holds === "entries" ? /^(?:value|default)$/.test(name) : isSecret(name);

/** A scalar in YAML goes on in deeper lines; a mapping that describes a variable stands in them. */
function belowOf({ indent, isYaml, value }: Entry): Below | undefined {
  if (!isYaml || /^[#*]/.test(value)) return undefined;
  return { indent, holds: value === "" ? "entries" : "value" };
}

const BLOCK_HEADER = /^(?:[&!]\S+ +)*[|>][-+0-9]*\s*(?:#.*)?$/;

/** The value of a line, without the comment behind it. */
function maskValue(rest: string, hide: Hide): string {
  if (BLOCK_HEADER.test(rest) || rest.startsWith("#")) return rest;
  const [, open = "", quoted = "", behind = ""] =
    /^(["'])((?:\\.|(?!\1)[^\\])*)\1(\s*(?:[,}\]].*|#.*)?)$/.exec(rest) ?? [];
  if (open !== "") return `${open}${hide(quoted)}${open}${behind}`;
  if (/^\{.*\bvalue:/.test(rest))
    return rest.replace(/(\bvalue:\s*)("[^"]*"|'[^']*'|[^,}]+)/, (_, key: string, value: string) => {
      return key + maskQuoted(value, hide);
    });
  const comment = /\s+#.*$/.exec(rest)?.[0] ?? "";
  return hide(rest.slice(0, rest.length - comment.length)) + comment;
}

/** A word with its quotes left as they are. */
function maskQuoted(word: string, hide: Hide): string {
  const quote = /^["']/.exec(word)?.[0] ?? "";
  const isQuoted = quote !== "" && word.length > 1 && word.endsWith(quote);
  return isQuoted ? quote + hide(word.slice(1, -1)) + quote : hide(word);
}

/** `NAME: value` inside of a flow mapping, and in JSON. */
const flowEntries: Step = (text, hide) =>
  text.replace(
    /([{,]\s*(["']?)([A-Za-z_][\w.-]*)\2\s*:\s*)("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s"',}{[][^,}\n]*)/g,
    (whole, head: string, _, name: string, value: string) =>
      isSecret(name) ? head + maskQuoted(value.trimEnd(), hide) + (/\s*$/.exec(value)?.[0] ?? "") : whole,
  );

/** `NAME=value` wherever it stands: assignments, `--build-arg`, `--password=`, `?private_token=`. */
const assignments: Step = (text, hide) =>
  bareAssignments(
    text.replace(
      /(["'])([A-Za-z_][\w-]*)=((?:\\.|(?!\1)[^\\\n])*)\1/g,
      (whole, quote: string, name: string, value: string) =>
        isSecret(name) ? `${quote}${name}=${hide(value)}${quote}` : whole,
    ),
    hide,
  );

/** Name by name: the value of one may hold another, as in `--build-arg=NAME=value`. */
function bareAssignments(text: string, hide: Hide): string {
  const value = /"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s"'&;,)]+/y;
  const parts: string[] = [];
  let done = 0;
  for (const { 0: head, 1: name = "", index } of text.matchAll(/([A-Za-z_][\w-]*)=/g)) {
    if (index < done || !isSecret(name)) continue;
    value.lastIndex = index + head.length;
    const [found] = value.exec(text) ?? [];
    if (found === undefined) continue;
    parts.push(text.slice(done, index), head, maskQuoted(found, hide));
    done = index + head.length + found.length;
  }
  return [...parts, text.slice(done)].join("");
}

/** `ENV NAME value`, the old form. */
const oldEnv: Step = (text, hide) =>
  text.replace(
    /^(\s*ENV\s+)(\w+)(\s+)([^=\n]+)$/gim,
    (whole, env: string, name: string, gap: string, value: string) =>
      isSecret(name) ? `${env}${name}${gap}${maskQuoted(value, hide)}` : whole,
  );

const WORD = `"(?:\\\\.|[^"\\\\\\n])*"|'[^'\\n]*'|[^\\s"';|&]+`;

/** A step that hides what the second group of a pattern finds. */
const following =
  (pattern: RegExp): Step =>
  (text, hide) =>
    text.replace(pattern, (_, before: string, value: string) => before + maskQuoted(value, hide));

/** `--password x`, `--registration-token x`. */
const longFlags = following(
  new RegExp(`(--(?:[a-z]+-)*(?:password|passwd|token|secret|secret-key|access-key)[ \\t]+)(${WORD})`, "g"),
);

/** `docker login -p x`. Elsewhere `-p` is a port or a folder. */
const loginFlag = following(new RegExp(`(\\blogin\\b[^\\n|;&]*?\\s-p(?:[ \\t]+|=)?)(${WORD})`, "g"));

/** `curl -u name:x`, `skopeo --creds name:x`; numbers are the user and group of a container. */
const userFlags = following(
  /((?:-u|--user|--(?:src-|dest-)?creds)(?:[ \t]+|=)["']?[^\s"':]+:)(?!\d+\b)([^\s"']+)/g,
);

/** `echo x | docker login --password-stdin`. */
const echoed = following(
  new RegExp(`((?:echo|printf)[ \\t]+(?:-[a-zA-Z]+[ \\t]+)*)(${WORD})(?=[^\\n]*--password-stdin)`, "g"),
);

const addresses = following(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)([^\s/@"']+)(?=@)/gi);
/** `https://<token>@host` */
const addressTokens = following(/([a-z][a-z0-9+.-]*:\/\/)([^\s/:@"'$]{16,})(?=@)/gi);

const headers = following(
  /((?:PRIVATE-TOKEN|JOB-TOKEN|DEPLOY-TOKEN|X-[A-Z-]*TOKEN|Authorization)["']?\s*:\s*(?:(?:Bearer|Basic|token)\s+)?)([^\s"']+)/gi,
);

/** `"auth": "…"` of Docker's configuration, also where it is text inside of text. */
const dockerAuth = following(/(\bauth\\*["']\s*:\s*\\*["'])([^"'\\\s]+)/gi);

/**
 * Tokens that are known by how they begin. https://docs.gitlab.com/security/tokens/#token-prefixes ,
 * https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats ,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
const known: Step = (text, hide) =>
  text.replace(
    /\b(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w.-]{8,}|GR1348941[\w-]{8,}|gh[oprsu]_\w{16,}|github_pat_\w{16,}|dckr_[a-z]+_[\w-]{8,}|npm_\w{20,}|pypi-[\w-]{16,}|xox[abeoprs]-[\w-]{8,}|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{20,}|sk_live_\w{8,}|hv[bs]\.[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g,
    hide,
  );

/** A long word of mixed letters and digits that no person wrote. Digests and commits, in hexadecimal, are no secret. */
const random: Step = (text, hide) =>
  text.replace(/(?<![\w$+/=-])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w-])/g, (word) =>
    looksRandom(word) ? hide(word) : word,
  );

const looksRandom = (word: string): boolean =>
  /[a-z]/.test(word) && /[A-Z]/.test(word) && (word.match(/[A-Za-z]\d|\d[A-Za-z]/g) ?? []).length >= 5;

const STEPS: readonly Step[] = [
  pem,
  entries,
  flowEntries,
  assignments,
  oldEnv,
  longFlags,
  loginFlag,
  userFlags,
  echoed,
  addresses,
  addressTokens,
  headers,
  dockerAuth,
  known,
  random,
];
