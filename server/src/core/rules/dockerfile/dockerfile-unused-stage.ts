// A stage that no build makes: BuildKit leaves it out, and what it should have checked is never checked.
// https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit
import { dockerfileOf, type Stage } from "../../model/docker/dockerfile";
import { buildsOfDockerfile } from "../../model/docker/dockerfile-uses";
import { unusedStages } from "../../model/docker/unused-stages";
import { isTemplate } from "../dockerfile-template";
import { defineRule } from "../rule";

export const dockerfileUnusedStage = defineRule({
  id: "dockerfile-unused-stage",
  title: "Stage that no build makes",
  severity: "info",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports stages that neither the last stage nor a `--target` of a known build needs, in Dockerfiles that a pipeline builds. Stages for tests, linters and development are only a hint.",
    why: "BuildKit makes only what the target needs and says nothing of the rest: a test in such a stage never runs, and its failure is never seen.",
    fix: "Copy something from the stage, build it with `--target`, or delete it.",
    example: {
      file: "Dockerfile",
      bad: `
FROM golang:1.27 AS build
COPY . .
RUN go build -o /app .

FROM build AS checked
RUN go vet ./...

FROM scratch
COPY --from=build /app /app
`,
      good: `
FROM golang:1.27 AS build
COPY . .
RUN go build -o /app .

FROM build AS checked
RUN go vet ./... && cp /app /checked

FROM scratch
COPY --from=checked /checked /app
`,
      with: {
        ".gitlab-ci.yml": `
build:
  script:
    - docker build -t app .
`.trimStart(),
      },
    },
    references: [
      "https://docs.docker.com/build/building/multi-stage/#differences-between-legacy-builder-and-buildkit",
      "https://docs.docker.com/reference/cli/docker/buildx/build/#target",
    ],
  },

  *check(tree, ctx) {
    const dockerfile = dockerfileOf(ctx, tree.path);
    if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined || isTemplate(tree)) return;
    for (const stage of unusedStages(ctx, dockerfile)) {
      const [build] = buildsOfDockerfile(ctx, tree.path);
      yield {
        at: stage.name ?? stage.written,
        ...(isForPeople(stage) ? { severity: "hint" } : {}),
        message: messageFor(stage),
        related:
          build === undefined ? [] : [{ at: build.command.at, message: "built here, without this stage" }],
      };
    }
  },
});

/** Stages that somebody builds by hand, or once did. */
const isForPeople = ({ name }: Stage): boolean =>
  /(?:^|[-_.])(?:tests?|testing|lint|linter|dev|devel|development|debug|ci|docs?|export)(?:$|[-_.])/i.test(
    name?.value ?? "",
  );

function messageFor({ name, index }: Stage): string {
  if (name === undefined)
    return `Nothing uses stage ${index}, which has no name: BuildKit leaves it out, so that nothing in it ever runs; copy from it or delete it`;
  return `Nothing uses the stage \`${name.value}\`: BuildKit leaves it out, so that a test in it never runs; copy from it, or build it with \`--target ${name.value}\``;
}
