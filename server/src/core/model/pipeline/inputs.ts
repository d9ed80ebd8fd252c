// The inputs of one use of a file: what whoever includes it gives, checked against what its header declares, and
// defaults for the rest. The words of problems are GitLab's.
// https://docs.gitlab.com/ci/inputs/#set-input-values , lib/gitlab/ci/config/interpolation/inputs.rb
import type { Origin } from "../../text/located";
import type { Input, Inputs } from "./inputs-interpolate";
import type { InputHeader, InputSpec } from "./inputs-spec";
import { readInput } from "./inputs-value";
import type { ModelProblem } from "./problem";
import type { Entry, Value } from "./value";

export interface BoundInputs {
  readonly inputs: Inputs | undefined;
  readonly problems: readonly ModelProblem[];
}

/** What a file gets that nobody includes: its defaults; the rest is for whoever runs or includes it to say. */
export function defaultInputs(header: InputHeader | undefined): Inputs | undefined {
  if (header === undefined) return undefined;
  return new Map([...header.inputs.values()].map((spec) => [spec.name, defaultInput(spec)]));
}

const defaultInput = (spec: InputSpec): Input => ({
  type: spec.type,
  value: spec.default ?? { kind: "unknown" },
  givenAt: undefined,
});

/** One place that gives inputs to a file. */
export interface Giving {
  /** The value of `inputs:`; undefined where it is not written. */
  readonly given: Value | undefined;
  /** Where a missing input is reported if there is no `inputs:`: the included file's name. */
  readonly at: Origin;
  /** The file's name in messages. */
  readonly name: string;
}

type Complain = (at: Origin, message: string) => void;

/** The inputs of an included file, and what is wrong with them, where they are given. */
export function bindInputs(header: InputHeader | undefined, giving: Giving): BoundInputs {
  const { given, name } = giving;
  const entries = given?.kind === "map" ? given.entries : new Map<string, Entry>();
  const problems: ModelProblem[] = [];
  const complain: Complain = (at, message) =>
    void problems.push({ at, message: `\`${name}\`: ${message}`, severity: "error" });
  if (header === undefined) {
    const [first] = entries.values();
    const message = "Given inputs not defined in the `spec` section of the included configuration file";
    if (first !== undefined) complain(first.keyAt, message);
    return { inputs: undefined, problems };
  }
  for (const entry of header.isWhole ? entries.values() : []) {
    if (!header.inputs.has(entry.key)) complain(entry.keyAt, `unknown input arguments: ${entry.key}`);
  }
  if (given?.kind === "unknown") return { inputs: unknownInputs(header), problems };
  const at = given?.at ?? giving.at;
  const bound = [...header.inputs.values()].map((spec) => {
    return [spec.name, boundInput(spec, entries.get(spec.name)?.value, at, complain)] as const;
  });
  return { inputs: new Map(bound), problems };
}

const unknownInputs = (header: InputHeader): Inputs =>
  new Map(
    [...header.inputs.values()].map((spec) => [
      spec.name,
      { ...defaultInput(spec), value: { kind: "unknown" } },
    ]),
  );

function boundInput(spec: InputSpec, value: Value | undefined, at: Origin, complain: Complain): Input {
  // `null` counts as not given.
  if (value === undefined || (value.kind === "scalar" && value.node.value === null)) {
    if (spec.default === undefined)
      complain(at, `\`${spec.name}\` input: required value has not been provided`);
    return defaultInput(spec);
  }
  const { name, type, options, regex } = spec;
  if (type === undefined) return { type, value: { kind: "unknown" }, givenAt: value.at };
  const read = readInput(value, { type, options, regex }, "provided");
  if (read.error !== undefined) complain(value.at, `\`${name}\` input: ${read.error}`);
  return { type, value: read.value, givenAt: value.at };
}

/** Whether two uses of a file get the same: then what was worked out of one holds for the other. */
export function sameInputs(a: Inputs | undefined, b: Inputs | undefined): boolean {
  if (a === b) return true;
  if (a?.size !== b?.size || a === undefined || b === undefined) return false;
  return [...a].every(([name, input]) => {
    const other = b.get(name);
    return other !== undefined && sameInput(input, other);
  });
}

function sameInput(a: Input, b: Input): boolean {
  if (a.type !== b.type || !samePlace(a.givenAt, b.givenAt)) return false;
  switch (a.value.kind) {
    case "scalar":
      return b.value.kind === "scalar" && a.value.text === b.value.text && a.value.value === b.value.value;
    case "list":
      return b.value.kind === "list" && sameValue(a.value.list, b.value.list);
    case "texts":
      return b.value.kind === "texts" && a.value.texts.join("\0") === b.value.texts.join("\0");
    case "unknown":
      return b.value.kind === "unknown";
  }
}

const samePlace = (a: Origin | undefined, b: Origin | undefined): boolean =>
  a === b || (a?.chunk === b?.chunk && a?.start === b?.start && a?.end === b?.end);

/** Lists hold what aliases bring, so places alone do not tell. */
function sameValue(a: Value, b: Value | undefined): boolean {
  if (b === undefined || !samePlace(a.at, b.at)) return false;
  if (a.kind === "scalar")
    return b.kind === "scalar" && a.node.text === b.node.text && a.node.value === b.node.value;
  if (a.kind === "list") return b.kind === "list" && sameItems(a.items, b.items);
  if (a.kind === "map") return b.kind === "map" && sameEntries(a.entries, b.entries);
  return b.kind === "unknown" && a.because === b.because;
}

const sameItems = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((item, index) => sameValue(item, b[index]));

const sameEntries = (a: ReadonlyMap<string, Entry>, b: ReadonlyMap<string, Entry>): boolean =>
  a.size === b.size && [...a].every(([key, entry]) => sameValue(entry.value, b.get(key)?.value));
