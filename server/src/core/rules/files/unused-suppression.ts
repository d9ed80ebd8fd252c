// Suppression comments without effect. The engine finds them, because only it knows what was suppressed
// (`rules/suppress.ts`); this file gives them a name, a severity and a page.
import { defineRule } from "../rule";

export const unusedSuppression = defineRule({
  id: "unused-suppression",
  title: "Suppression comment without effect",
  severity: "hint",
  since: "0.1.0",
  inspects: "ci-file",

  docs: {
    what: "Reports `gitlab-ci-docker-disable-…` comments that silence nothing, name no rule, or name a rule that does not exist.",
    why: "A comment that is left behind after the fault was repaired hides the next fault of the same kind on that line, and nobody will notice.",
    fix: "Delete the comment, or the one rule id that has no effect; the fix does either.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  script:
    # gitlab-ci-docker-disable-next-line login-password-flag -- the runner is our own
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
`,
      good: `
build:
  image: docker:29.6.2-cli
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
`,
    },
    references: ["https://eslint.org/docs/latest/use/configure/rules#report-unused-eslint-disable-comments"],
  },

  check: () => [],
});
