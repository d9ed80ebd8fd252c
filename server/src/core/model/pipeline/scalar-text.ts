// A scalar as GitLab writes it into a text.
import type { YamlScalar } from "../../syntax/yaml-nodes";

/**
 * A scalar as GitLab passes it on: Ruby's `to_s` of what Psych read, so `yes` is "true", `0777` "511" and `1.10` "1.1".
 * Absent is the empty text.
 */
export function scalarText(scalar: YamlScalar): string {
  const { value } = scalar;
  if (value === null) return "";
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "number") return scalar.text;
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    return scalar.text;
  // Ruby keeps a float a float: 1.0 is "1.0".
  return Number.isInteger(value) && scalar.text.includes(".") ? `${value}.0` : String(value);
}
