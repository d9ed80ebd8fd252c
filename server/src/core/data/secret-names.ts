// Which names of variables say that the value is a secret.
//
// The words are those of Docker's own check (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/,
// frontend/dockerfile/dockerfile2llb/convert.go of moby/buildkit, read in August 2026) with PASS and PWD; what is left out
// again are words that name something beside a secret: where it is, how long it lives, who it belongs to.

/** Parts of a name, as between its underscores. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  "APIKEY AUTH CREDENTIAL CREDENTIALS KEY PASSWORD PWORD PASSWD SECRET TOKEN".split(" "),
);

/** They say so at the end of a name only: `DB_PASS`, not `PASS_THROUGH`. */
const LAST_WORDS: ReadonlySet<string> = new Set(["PASS", "PWD"]);

const HARMLESS_WORDS: ReadonlySet<string> = new Set(
  `ALGORITHM ARN AUDIENCE BACKEND CACHE CLASS COUNT DIR DIRECTORY DOMAIN EMAIL ENABLE ENABLED ENDPOINT EXPIRATION EXPIRES
  EXPIRY FILE FILENAME FILES FINGERPRINT FORMAT HEADER HOST HOSTNAME ID IDS ISSUER LENGTH LIFETIME METHOD MODE NAME
  NAMESPACE PATH PORT PREFIX PROVIDER PUBLIC PUBLISHABLE REALM REGION REQUIRED SCOPE SERVER SERVICE SIZE STORE STRATEGY
  SUFFIX TIMEOUT TTL TYPE URI URL USER USERNAME VERSION`.split(/\s+/),
);

/** Frameworks put variables of these names into what browsers get: they are no secret, whatever they are called. */
const PUBLISHED =
  /^(?:REACT_APP|VITE|VUE_APP|NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|NG_APP|PUBLIC|STORYBOOK)_/;

/** The working directory, and the shell's last one. */
const NEVER: ReadonlySet<string> = new Set(["PWD", "OLDPWD", "AUTH", "KEY"]);

/** Whether a variable of this name holds a password, a token or a key. */
export function isSecretName(name: string): boolean {
  const upper = name.toUpperCase();
  const words = upper.split(/[_-]+/);
  if (NEVER.has(upper) || PUBLISHED.test(upper) || words.some((word) => HARMLESS_WORDS.has(word)))
    return false;
  return words.some((word) => SECRET_WORDS.has(word)) || LAST_WORDS.has(words.at(-1) ?? "");
}

/** Values that can't be anybody's secret: switches, numbers, addresses without a password, nothing at all. */
export const isHarmlessValue = (value: string): boolean =>
  /^(?:|true|false|yes|no|on|off|none|null|enabled|disabled|\d{1,6}|[a-z][a-z0-9+.-]*:\/\/[^@]*|\/[\w./-]*)$/i.test(
    value.trim(),
  );

/** What examples and development defaults stand in with. */
export const isPlaceholderValue = (value: string): boolean =>
  /^(?:x+|\*+|<[^>]*>|\.{3}|(?:my|your|some|the|a)?[-_ ]?(?:change[-_ ]?(?:me|it|this)|dummy|example|fake|foo|bar|guest|placeholder|postgres|mysql|root|admin|user|test|testing|dev|local|secret|password|passwd|pass|token|key|default|todo|tbd|unset|empty|replace[-_ ]?me|api[-_]?key)[-_\d]*)$/i.test(
    value.trim(),
  );
