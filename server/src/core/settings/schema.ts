// The JSON schema of `.gitlab-ci-docker.yml`, so that editors complete and check it.
import type { JsonSchema } from "./decoder";
import { settingsDecoder } from "./table";

/** Makes the schema for the rules that exist; plain JSON, always in the same order. */
export function settingsSchema(ruleIds: readonly string[]): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "gitlab-ci-docker",
    ...settingsDecoder(ruleIds).schema,
  };
}
