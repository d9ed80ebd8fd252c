// Capitals in the path of an image: a tag and a host may hold them, a path may not.
// https://github.com/distribution/reference/blob/main/normalize.go (ErrNameNotCanonical, "must be lowercase")
import { dockerfileOf } from "../../model/docker/dockerfile";
import { commandsOf } from "../../model/docker/find-commands";
import {
  capitalsIn,
  hostByCapitals,
  mayHoldCapitals,
  projectPathAsWritten,
} from "../../model/docker/reference-case";
import { plainPlace } from "../../model/docker/reference-grammar";
import { propertiesOf } from "../../model/docker/reference-properties";
import { sureUsesOf, wayTo, type ReferenceUse } from "../../model/docker/reference-uses";
import { showText, type VariablePart } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import type { Severity } from "../../settings/settings";
import { lowerCase, lowerVariable, ownImageAround, slugOf } from "../case-fixes";
import { isTemplate } from "../dockerfile-template";
import { defineRule, type Report, type RuleContext } from "../rule";
import { onePerPlace, otherPlaces, reportFirst, variableUse, type VariableUse } from "../variable-uses";

export const imageReferenceUppercase = defineRule({
  id: "image-reference-uppercase",
  title: "Capitals in the path of an image",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: `Reports capitals in the path of an image, and variables in it whose values can hold some: \`CI_COMMIT_REF_NAME\`,
\`GITLAB_USER_LOGIN\`, \`CI_PROJECT_PATH\` and their like. \`MyOrg/app\` is a warning, because \`MyOrg\` is taken for the host of a registry.`,
    why: `The client refuses such a name: "invalid reference format: repository name (library/MyApp) must be lowercase". Tags and hosts may
hold capitals, and GitLab writes \`CI_REGISTRY_IMAGE\` in lower case. Names of the project are an information, since they stay what
they are; Git's remote tells whether they hold any.`,
    fix: "Use `$CI_REGISTRY_IMAGE`, a slug, or lower case.",
    example: {
      bad: `
build:
  script:
    - docker build -t MyApp:1.0 .
`,
      good: `
build:
  script:
    - docker build -t myapp:1.0 .
`,
    },
    references: [
      "https://github.com/distribution/reference/blob/main/normalize.go",
      "https://docs.gitlab.com/ci/variables/predefined_variables/",
      "https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/project.rb",
    ],
  },

  *check(job, ctx) {
    const images = [...(job.image === undefined ? [] : [job.image]), ...job.services];
    if (!images.some(({ text }) => /[A-Z]/.test(text.text)) && commandsOf(ctx, job).length === 0) return;
    const uses = sureUsesOf(ctx, job);
    yield* literals(uses);
    yield* variables(job, ctx, uses);
  },

  alsoInspects: {
    *dockerfile(tree, ctx) {
      const dockerfile = isTemplate(tree) ? undefined : dockerfileOf(ctx, tree.path);
      if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return;
      for (const { base, written } of dockerfile.stages) {
        // A word alone may be a context that the build names, and what an ARG holds may be replaced.
        if (base.kind !== "image" || !/[/:@]/.test(written.value)) continue;
        const [part] = capitalsIn(base.reference).filter(({ via }) => via.length === 0);
        if (part === undefined) continue;
        const message = literalMessage(showText(base.reference.text));
        yield { at: written, message, fixes: lowerCase([part]) };
      }
    },
  },
});

// ---- Capitals that are written

function* literals(uses: readonly ReferenceUse[]): Iterable<Report> {
  const found = uses.flatMap((use) => {
    const host = hostByCapitals(use.reference);
    const parts = capitalsIn(use.reference);
    return [...(host === undefined ? [] : [host]), ...parts].map((part) => ({
      use,
      part,
      isHost: part === host,
      text: showText(use.reference.text),
      at: plainPlace(part) ?? part.at ?? use.at.at,
      via: wayTo(use, part),
    }));
  });
  const keyOf = ({ part, text }: (typeof found)[number]): string => `${part.text}\0${text}`;
  for (const key of new Set(found.map(keyOf))) {
    const same = found.filter((each) => keyOf(each) === key);
    const places = onePerPlace(same);
    const [first, ...others] = places;
    if (first === undefined) continue;
    yield* reportFirst(same, {
      severity: first.isHost ? "warning" : "error",
      message: first.isHost ? hostMessage(first.part.text, first.text) : literalMessage(first.text),
      related: others.map(({ at }) => ({ at, message: "the same reference" })),
      fixes: lowerCase(places.map(({ part }) => part)),
    });
  }
}

const literalMessage = (text: string): string =>
  `the path of \`${text}\` holds capitals, so it fails with "invalid reference format: repository name must be lowercase"; write it in lower case`;

const hostMessage = (host: string, text: string): string =>
  `\`${host}\` in \`${text}\` is taken for the host of a registry, because it holds capitals, so it ends with "no such host" or "connection refused"; write it in lower case`;

// ---- Variables

const PROJECT_NAME = /^CI_PROJECT_(?:PATH|NAME|NAMESPACE|ROOT_NAMESPACE)$/;

/** Values that hold capitals more rarely: versions, the default branch. */
const SELDOM: ReadonlySet<string> = new Set([
  "CI_COMMIT_TAG",
  "CI_DEFAULT_BRANCH",
  "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
]);

function* variables(job: Job, ctx: RuleContext, uses: readonly ReferenceUse[]): Iterable<Report> {
  // The parts of the project's path are one cause.
  const found = uses.flatMap((use) => {
    const parts = mayHoldCapitals(use.reference);
    const firstName = parts.find(({ name }) => PROJECT_NAME.test(name));
    return parts
      .filter((part) => part === firstName || !PROJECT_NAME.test(part.name))
      .map((part) => variableUse(use, part));
  });
  for (const name of new Set(found.map(({ part }) => part.name))) {
    const own = found.filter(({ part }) => part.name === name);
    const [first] = own;
    const severity = first && severityFor(job, ctx, first.part);
    if (first === undefined || severity === undefined) continue;
    yield* reportFirst(own, {
      severity,
      message: variableMessage(ctx, first),
      related: otherPlaces(own, name),
      fixes: lowerVariable(own, name),
    });
  }
}

function severityFor(job: Job, ctx: RuleContext, part: VariablePart): Severity | undefined {
  const { mayUpper, emptiness } = propertiesOf(ctx, job, part);
  if (mayUpper === "no" || emptiness.kind === "always") return undefined;
  if (PROJECT_NAME.test(part.name)) {
    const path = projectPathAsWritten(ctx);
    if (path === undefined) return "info";
    return /[A-Z]/.test(path) ? "warning" : undefined;
  }
  return SELDOM.has(part.name) || mayUpper === "unknown" ? "info" : "warning";
}

function variableMessage(ctx: RuleContext, { part, at }: VariableUse): string {
  const { name } = part;
  const path = PROJECT_NAME.test(name) ? projectPathAsWritten(ctx) : undefined;
  const holds = path === undefined ? "can hold capitals" : `holds capitals (the project is \`${path}\`)`;
  // Of the namespace alone nothing says what stands behind it.
  const isWhole = name === "CI_PROJECT_PATH" || ownImageAround(at) !== undefined;
  const todo = isWhole
    ? "use `$CI_REGISTRY_IMAGE`, which GitLab writes in lower case"
    : `use ${slugOf(part) === undefined ? "" : `\`$${slugOf(part) ?? ""}\`, or `}lower case`;
  return `\`$${name}\` ${holds}, and a path with capitals fails with "invalid reference format: repository name must be lowercase"; ${todo}`;
}
