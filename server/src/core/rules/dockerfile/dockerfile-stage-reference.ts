// A stage can take files only from stages in front of it, by a name or number that is written out.
// frontend/dockerfile/dockerfile2llb/convert.go of moby/buildkit
import { dockerfileOf, type Dockerfile } from "../../model/docker/dockerfile";
import { buildsOfDockerfile } from "../../model/docker/dockerfile-uses";
import { namedContexts } from "../../model/docker/named-contexts";
import { finalStage, reachableFrom } from "../../model/docker/stage-reachability";
import {
  duplicateNames,
  faultyReferences,
  RESERVED_STAGE_NAMES,
  type FaultyReference,
} from "../../model/docker/stage-references";
import type { DockerfileTree } from "../../syntax/dockerfile-nodes";
import type { Severity } from "../../settings/settings";
import { textAt } from "../../text/located";
import { isTemplate } from "../dockerfile-template";
import { replaceText } from "../edits";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";
import { stageForImage } from "../stage-for-image";

export const dockerfileStageReference = defineRule({
  id: "dockerfile-stage-reference",
  title: "Reference to a stage that cannot be used",
  severity: "error",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports `COPY --from`, `RUN --mount=…,from=` and `FROM` with a stage that comes later or is the current one, with a number that no stage has, with a variable, or with a name that is neither a stage nor an image; and stages with the same or a reserved name.",
    why: `Stages are made in order, and \`--from\` is not expanded. The build ends with "cannot copy from stage \\"x\\", it needs to be
defined before current stage", "circular dependency detected on stage", "invalid stage index", or "variable expansion is not
supported for --from, define a new stage with FROM using ARG from global scope as a workaround". A mistyped name is taken for an
image, and ends with "pull access denied, repository does not exist or may require authorization".`,
    fix: "Move the stage up, correct the name, or give an image with a variable a stage of its own.",
    example: {
      file: "Dockerfile",
      bad: `
FROM golang:1.27 AS builder
RUN go build -o /app .

FROM scratch
COPY --from=bulider /app /app
`,
      good: `
FROM golang:1.27 AS builder
RUN go build -o /app .

FROM scratch
COPY --from=builder /app /app
`,
    },
    references: [
      "https://docs.docker.com/reference/dockerfile/#copy---from",
      "https://docs.docker.com/reference/build-checks/duplicate-stage-name/",
      "https://docs.docker.com/reference/build-checks/reserved-stage-name/",
      "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go",
    ],
  },

  *check(tree, ctx) {
    const dockerfile = dockerfileOf(ctx, tree.path);
    if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined || isTemplate(tree)) return;
    yield* names(dockerfile);
    const faulty = faultyReferences(dockerfile);
    if (faulty.length === 0) return;
    const contexts = namedContexts(ctx, tree.path);
    if (contexts === undefined) return;
    const seen = new Map<string, Report>();
    for (const reference of faulty.filter(({ from }) => !contexts.has(from.value.toLowerCase()))) {
      const report = judge(ctx, tree, dockerfile, reference);
      // The same fault on several lines has one cause.
      if (report !== undefined && !seen.has(report.message)) seen.set(report.message, report);
    }
    yield* seen.values();
  },
});

function* names(dockerfile: Dockerfile): Iterable<Report> {
  for (const { name, first } of duplicateNames(dockerfile)) {
    yield {
      at: name,
      severity: "warning",
      message: `There already is a stage \`${name.value}\`, so whoever names it gets another one than is meant; give this one a name of its own`,
      related: first.name === undefined ? [] : [{ at: first.name.at, message: "the first one" }],
    };
  }
  for (const { name } of dockerfile.stages) {
    if (name === undefined || !RESERVED_STAGE_NAMES.has(name.value.toLowerCase())) continue;
    yield {
      at: name,
      severity: "warning",
      message: `\`${name.value}\` is reserved, and means something else in \`FROM\` and \`--from\`; give the stage another name`,
    };
  }
}

function judge(
  ctx: RuleContext,
  tree: DockerfileTree,
  dockerfile: Dockerfile,
  reference: FaultyReference,
): Report | undefined {
  const { from, fault } = reference;
  // These tools fill in the variable. https://github.com/GoogleContainerTools/kaniko (pkg/commands/copy.go), openshift/imagebuilder
  if (fault.kind === "variable" && builtByOthers(ctx, tree)) return undefined;
  return {
    at: from,
    severity: severityOf(dockerfile, reference),
    message: messageFor(reference),
    related:
      fault.kind === "later"
        ? [{ at: (fault.target.name ?? fault.target.written).at, message: "the stage" }]
        : [],
    fixes: fixesFor(tree, dockerfile, reference),
  };
}

const builtByOthers = (ctx: RuleContext, { path }: DockerfileTree): boolean =>
  buildsOfDockerfile(ctx, path).some(({ command: { tool } }) => tool !== "docker" && tool !== "nerdctl");

/** A stage that no build makes does not fail; a name may be an image that only its author knows. */
function severityOf(dockerfile: Dockerfile, { stage, fault }: FaultyReference): Severity {
  if (fault.kind === "unknown") return "warning";
  const last = finalStage(dockerfile);
  return fault.kind !== "later" || last === undefined || reachableFrom([last]).has(stage)
    ? "error"
    : "warning";
}

function messageFor({ stage, by, from, fault }: FaultyReference): string {
  const name = from.value;
  const own = stage.name?.value ?? `stage-${stage.index}`;
  switch (fault.kind) {
    case "variable":
      return by === "RUN"
        ? `\`from=${name}\` holds a variable, which is not filled in here ("'from' doesn't support variable expansion, define alias stage instead"); give the image a stage of its own and name that`
        : `\`--from=${name}\` holds a variable, which is not filled in here ("variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround"); give the image a stage of its own and name that`;
    case "circular":
      return fault.target === stage
        ? `\`${name}\` is this stage itself, so the build fails with "circular dependency detected on stage: ${own}"; name another stage`
        : `\`${name}\` itself needs this stage, so the build fails with "circular dependency detected on stage: ${own}"; take one of the two apart`;
    case "later":
      return by === "FROM"
        ? `The stage \`${name}\` comes later, so Docker looks for an image \`docker.io/library/${name}\` ("pull access denied, repository does not exist or may require authorization"); move the stage up`
        : `The stage \`${name}\` comes later, so the build fails with "cannot copy from stage ${JSON.stringify(name)}, it needs to be defined before current stage ${JSON.stringify(own)}"; move the stage up`;
    case "index":
      return `No stage has the number ${name} (they count from 0), so the build fails with "invalid stage index ${name}"; name the stage`;
    case "unknown":
      return `\`${name}\` is no stage of this file, so it is pulled as \`docker.io/library/${name}\` ("pull access denied, repository does not exist or may require authorization"); did you mean \`${fault.nearest}\`?`;
  }
}

function fixesFor(
  tree: DockerfileTree,
  dockerfile: Dockerfile,
  { stage, from, fault }: FaultyReference,
): readonly FixDraft[] {
  if (fault.kind === "variable") return stageForImage(tree, dockerfile, stage, from.value);
  if (fault.kind !== "unknown" || textAt(from.at) !== from.value) return [];
  const title = `Change the name to \`${fault.nearest}\``;
  return [{ title, safety: "suggested", edits: [replaceText(from.at, fault.nearest)] }];
}
