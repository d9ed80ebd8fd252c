// A YAML value after aliases, merge keys, includes, `extends` and `!reference`: like a node, but it knows how it came.
import type { Hop, Origin } from "../../text/located";
import type { YamlMap, YamlScalar, YamlSeq } from "../../syntax/yaml-nodes";

interface ValueBase {
  /** Where the value is written. */
  readonly at: Origin;
  /** How it came from there to the job, use site first. */
  readonly via: readonly Hop[];
}

export interface ScalarValue extends ValueBase {
  readonly kind: "scalar";
  readonly node: YamlScalar;
}

export interface ListValue extends ValueBase {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly node: YamlSeq;
}

export interface MapValue extends ValueBase {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  /** The mapping that wins a merge: where a key can be added. */
  readonly node: YamlMap;
}

/** A value that could not be worked out: a `!reference` into a file that can't be read, a cycle, an unknown input. */
export interface UnknownValue extends ValueBase {
  readonly kind: "unknown";
  readonly because: string;
  /** The path of a `!reference` that is still to be resolved (only before `resolveReferences`). */
  readonly reference?: readonly string[];
  /** True where nothing is wrong with the text: an input that whoever includes the file will set. */
  readonly isOpen?: true;
}

export type Value = ScalarValue | ListValue | MapValue | UnknownValue;

export interface Entry {
  readonly key: string;
  readonly keyAt: Origin;
  readonly value: Value;
}
