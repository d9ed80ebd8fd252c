// What is wrong, in a sentence or two, and where the fact comes from.
import { defineRule } from "../rule";

export const cacheUsedAsArtifact = defineRule({
  id: "cache-used-as-artifact",
  title: "",
  severity: "warning",
  since: "0.1.0",
  inspects: "pipeline",

  docs: {
    what: "",
    why: "",
    example: {
      bad: `
`,
      good: `
`,
    },
    references: [],
  },

  check: () => [],
});
