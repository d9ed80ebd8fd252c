// Small decoders for settings, put together to a table: each reads one value, says what is wrong with it and at which
// place, and knows its own JSON schema. They read YAML and JSON alike, through `Given`.
import { didYouMean } from "./nearest";

/** A value as a user gave it. `At` is a place: an origin in a YAML file, a dotted path in JSON. */
export type Given<At> =
  | { readonly kind: "mapping"; readonly at: At; readonly entries: readonly GivenEntry<At>[] }
  | { readonly kind: "list"; readonly at: At; readonly items: readonly Given<At>[] }
  | {
      readonly kind: "scalar";
      readonly at: At;
      readonly value: string | number | boolean | null;
      /** As written: `off` in YAML is the boolean false, and still "off" here. */
      readonly text: string;
    }
  /** Something that is not read in settings: a YAML alias. */
  | { readonly kind: "other"; readonly at: At; readonly what: string };

export interface GivenEntry<At> {
  readonly key: string;
  readonly at: At;
  readonly value: Given<At>;
}

export type Complain<At> = (at: At, message: string) => void;

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export interface Decoder<T> {
  readonly schema: JsonSchema;
  /** The value; undefined where it can't be used, which has then been complained about. */
  read<At>(given: Given<At>, complain: Complain<At>): T | undefined;
}

/** What a value is, for messages: "a list". */
function kindName(given: Given<unknown>): string {
  if (given.kind === "other") return given.what;
  if (given.kind !== "scalar") return given.kind === "list" ? "a list" : "a mapping";
  if (given.value === null) return "empty";
  if (typeof given.value === "number") return `the number ${given.text}`;
  return typeof given.value === "boolean" ? `the boolean ${given.text}` : `the text ${quoted(given.text)}`;
}

const quoted = (text: string): string => `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

export interface TextOptions {
  /** Follows "expects": "a version such as `29.6.2`". */
  readonly expects: string;
  readonly description: string;
  readonly pattern?: RegExp;
}

/** Text; numbers and booleans count as they are written. */
export function text({ expects, description, pattern }: TextOptions): Decoder<string> {
  return {
    schema: { description, type: "string", ...(pattern === undefined ? {} : { pattern: pattern.source }) },
    read(given, complain) {
      const fits = given.kind === "scalar" && given.value !== null && (pattern?.test(given.text) ?? true);
      if (fits) return given.text;
      complain(given.at, `This must be ${expects}, but it is ${kindName(given)}`);
      return undefined;
    },
  };
}

export function flag(description: string): Decoder<boolean> {
  return {
    schema: { description, type: "boolean" },
    read(given, complain) {
      if (given.kind === "scalar" && typeof given.value === "boolean") return given.value;
      complain(given.at, `This must be \`true\` or \`false\`, but it is ${kindName(given)}`);
      return undefined;
    },
  };
}

/** One of a few words. */
export function choice<T extends string>(what: string, words: readonly T[], description: string): Decoder<T> {
  return {
    schema: { description, type: "string", enum: words },
    read(given, complain) {
      if (given.kind !== "scalar" || given.value === null) {
        complain(given.at, `This must be ${what} (${listed(words)}), but it is ${kindName(given)}`);
        return undefined;
      }
      const word = words.find((candidate) => candidate === given.text);
      if (word !== undefined) return word;
      const near = didYouMean(given.text, words);
      complain(
        given.at,
        `${quoted(given.text)} is not ${what}${near === "" ? `; known are ${listed(words)}` : near}`,
      );
      return undefined;
    },
  };
}

/** A list; items that can't be used are left out. An empty value is an empty list. */
export function list<T>(items: Decoder<T>, description: string): Decoder<readonly T[]> {
  return {
    schema: { description, type: "array", items: items.schema },
    read(given, complain) {
      if (isEmpty(given)) return [];
      if (given.kind !== "list") {
        complain(given.at, `This must be a list, but it is ${kindName(given)}`);
        return undefined;
      }
      return given.items.map((item) => items.read(item, complain)).filter((item) => item !== undefined);
    },
  };
}

/** A mapping whose keys the user chooses. */
export function mapping<T>(
  values: Decoder<T>,
  description: string,
  names?: KnownNames,
): Decoder<ReadonlyMap<string, T>> {
  const open = { additionalProperties: values.schema };
  const closed = (known: readonly string[]): JsonSchema => ({
    properties: Object.fromEntries(known.map((name) => [name, values.schema])),
    additionalProperties: false,
  });
  return {
    schema: { description, type: "object", ...(names === undefined ? open : closed(names.known)) },
    read(given, complain) {
      const result = new Map<string, T>();
      for (const entry of entriesOf(given, complain) ?? []) {
        if (names !== undefined && !names.known.includes(entry.key)) {
          complain(
            entry.at,
            `There is no ${names.what} ${quoted(entry.key)}${didYouMean(entry.key, names.known)}`,
          );
          continue;
        }
        const value = values.read(entry.value, complain);
        if (value !== undefined) result.set(entry.key, value);
      }
      return result;
    },
  };
}

export interface KnownNames {
  /** For messages: "rule". */
  readonly what: string;
  readonly known: readonly string[];
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;
export type Decoded<F extends Fields> = {
  readonly [Key in keyof F]?: F[Key] extends Decoder<infer T> ? T : never;
};

/** A mapping with known keys. Undefined only where it is no mapping, or one of `required` is missing. */
export function record<F extends Fields>(
  description: string,
  fields: F,
  required: readonly (keyof F & string)[] = [],
): Decoder<Decoded<F>> {
  const known = Object.keys(fields);
  return {
    schema: {
      description,
      type: "object",
      properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.schema])),
      additionalProperties: false,
      ...(required.length > 0 ? { required } : {}),
    },
    read(given, complain) {
      const entries = entriesOf(given, complain);
      if (entries === undefined) return undefined;
      const result: Record<string, unknown> = {};
      for (const entry of entries) {
        const field = Object.hasOwn(fields, entry.key) ? fields[entry.key] : undefined;
        if (field === undefined) {
          const near = didYouMean(entry.key, known);
          complain(
            entry.at,
            `${quoted(entry.key)} is not known here${near === "" ? `; known are ${listed(known)}` : near}`,
          );
          continue;
        }
        const value = field.read(entry.value, complain);
        if (value !== undefined) result[entry.key] = value;
      }
      for (const name of required) {
        if (entries.some((entry) => entry.key === name)) continue;
        complain(given.at, `\`${name}\` is missing here`);
      }
      if (required.some((name) => !Object.hasOwn(result, name))) return undefined;
      // Each value was made by the decoder of the field it stands under, which is what `Decoded` says.
      return result as Decoded<F>;
    },
  };
}

const isEmpty = (given: Given<unknown>): boolean => given.kind === "scalar" && given.value === null;

/** Entries of a mapping, each key once; an empty value has none. Undefined where it is no mapping. */
function entriesOf<At>(given: Given<At>, complain: Complain<At>): readonly GivenEntry<At>[] | undefined {
  if (isEmpty(given)) return [];
  if (given.kind !== "mapping") {
    complain(given.at, `This must be a mapping, but it is ${kindName(given)}`);
    return undefined;
  }
  const seen = new Set<string>();
  return given.entries.filter((entry) => {
    if (seen.has(entry.key))
      complain(entry.at, `${quoted(entry.key)} is written twice; the first one counts`);
    return !seen.has(entry.key) && seen.add(entry.key);
  });
}

/** Any value, as plain JSON: the options of a rule. */
export const anything: Decoder<unknown> = {
  schema: {},
  read: (given, complain) => plainOf(given, complain),
};

function plainOf<At>(given: Given<At>, complain: Complain<At>): unknown {
  switch (given.kind) {
    case "scalar":
      return given.value;
    case "list":
      return given.items.map((item) => plainOf(item, complain));
    case "mapping":
      return Object.fromEntries(
        (entriesOf(given, complain) ?? []).map(({ key, value }) => [key, plainOf(value, complain)]),
      );
    case "other":
      complain(given.at, `${given.what} is not read here; write the value itself`);
      return undefined;
  }
}
