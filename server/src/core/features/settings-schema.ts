// Small questions about the schema of the project's configuration: what may stand at a path.
import type { JsonSchema } from "../settings/decoder";

/** The schema of a path; undefined where nothing is described there. */
export function schemaAt(schema: JsonSchema, path: readonly (string | number)[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((held, key) => held && below(held, key), schema);
}

function below(schema: JsonSchema, key: string | number): JsonSchema | undefined {
  if (typeof key === "number") return schemaIn(schema["items"]);
  const own = schemaIn(propertiesOf(schema)[key]) ?? schemaIn(schema["additionalProperties"]);
  return (
    own ??
    alternativesOf(schema)
      .map((each) => below(each, key))
      .find((each) => each !== undefined)
  );
}

/** Keys that an object may have. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const properties = schemaIn(schema["properties"]);
  if (properties !== undefined) return properties;
  return Object.assign({}, ...alternativesOf(schema).map(propertiesOf)) as Readonly<Record<string, unknown>>;
}

/** Values that are listed for a scalar. */
export function choicesOf(schema: JsonSchema): readonly string[] {
  const own = schema["enum"];
  const listed = Array.isArray(own) ? own.map(String) : schema["type"] === "boolean" ? ["true", "false"] : [];
  return [...new Set([...listed, ...alternativesOf(schema).flatMap(choicesOf)])];
}

const alternativesOf = (schema: JsonSchema): readonly JsonSchema[] => {
  const alternatives: unknown = schema["oneOf"];
  if (!Array.isArray(alternatives)) return [];
  return alternatives.map(schemaIn).filter((each) => each !== undefined);
};

export const schemaIn = (value: unknown): JsonSchema | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonSchema) : undefined;
