// The scalar node: value and mapped text are computed when they are first asked for, since most never are.
import type { Origin } from "../text/located";
import type { MappedText } from "../text/mapped-text";
import type { ScalarStyle, YamlScalar } from "./yaml-nodes";
import { mapScalar } from "./yaml-scalar";
import type { WrittenScalar } from "./yaml-written-scalar";
import { psychValue, taggedValue } from "./yaml-values";

export class ScalarNode implements YamlScalar {
  readonly kind = "scalar";
  readonly at: Origin;
  readonly style: ScalarStyle;
  readonly text: string;
  readonly tag: string | undefined;
  readonly anchor: string | undefined;
  readonly #written: Pick<WrittenScalar, "end" | "parentIndent"> | undefined;
  #value: YamlScalar["value"] | undefined;
  #mapped: MappedText | undefined;

  /** `written` is needed for block scalars only, whose source goes on behind `at`. */
  constructor(
    at: Origin,
    style: ScalarStyle,
    text: string,
    tag: string | undefined,
    anchor: string | undefined,
    written?: Pick<WrittenScalar, "end" | "parentIndent">,
  ) {
    this.at = at;
    this.style = style;
    this.text = text;
    this.tag = tag;
    this.anchor = anchor;
    this.#written = written;
    Object.freeze(this);
  }

  get value(): YamlScalar["value"] {
    if (this.#value === undefined) this.#value = this.readValue();
    return this.#value;
  }

  get mapped(): MappedText {
    const { chunk, start, end } = this.at;
    const written = this.#written ?? { end, parentIndent: 0 };
    return (this.#mapped ??= mapScalar({ chunk, start, style: this.style, ...written }, this.text));
  }

  private readValue(): YamlScalar["value"] {
    if (this.tag !== undefined) return taggedValue(this.text, this.tag);
    return this.style === "plain" || this.style === "empty" ? psychValue(this.text) : this.text;
  }
}
