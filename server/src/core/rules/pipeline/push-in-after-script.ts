// What is wrong, in a sentence or two, and where the fact comes from.
import { defineRule } from "../rule";

export const pushInAfterScript = defineRule({
  id: "push-in-after-script",
  title: "",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

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
