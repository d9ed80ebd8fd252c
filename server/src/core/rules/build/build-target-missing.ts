// `--target` must be the name of a stage. frontend/dockerfile/dockerfile2llb/convert.go of moby/buildkit
import { buildOf, type BuildValue } from "../../model/docker/build";
import type { JobCommand } from "../../model/docker/command";
import { madeBefore } from "../../model/docker/created-paths";
import { dockerfileOf, stageNamed, type Dockerfile } from "../../model/docker/dockerfile";
import { commandsOf, jobCommandsOf } from "../../model/docker/find-commands";
import { literalText } from "../../model/docker/symbolic";
import { nearestName } from "../../settings/nearest";
import type { FilePath } from "../../text/source-file";
import { textAt } from "../../text/located";
import { isTemplate } from "../dockerfile-template";
import { insertAfter, replaceText } from "../edits";
import { removeFlag } from "../flag-fix";
import { defineRule, type FixDraft, type Report } from "../rule";

export const buildTargetMissing = defineRule({
  id: "build-target-missing",
  title: "`--target` names no stage of the Dockerfile",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports `--target` of a build whose Dockerfile has no stage of that name.",
    why: `Stages are found by the name behind \`AS\`, in any letter case; without it the build ends with "target stage
\\"production\\" could not be found".`,
    fix: "Name the stage in the Dockerfile, or correct the name in the job.",
    example: {
      bad: `
build:
  script:
    - docker build --target production -t app .
`,
      good: `
build:
  script:
    - docker build --target builder -t app .
`,
      with: {
        Dockerfile: `FROM golang:1.25 AS builder
RUN go build -o /app .

FROM scratch
COPY --from=builder /app /app
`,
      },
    },
    references: [
      "https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage",
      "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      const build = buildOf(ctx, command);
      if (build?.target === undefined || !build.dockerfile.known) continue;
      const path = build.dockerfile.value;
      const dockerfile = dockerfileOf(ctx, path);
      if (
        dockerfile === undefined ||
        dockerfile.foreignFrontend !== undefined ||
        isTemplate(dockerfile.tree) ||
        dockerfile.stages.length === 0
      )
        continue;
      if (jobCommandsOf(ctx, job).some((other) => other.order < command.order && mayWrite(other, path)))
        continue;
      if (madeBefore(ctx, command, path) === "yes") continue;
      const missing = targetsOf(build.target).find(
        (target) => target !== "" && stageNamed(dockerfile, target) === undefined,
      );
      if (missing !== undefined) yield report(build.target, path, dockerfile, missing);
    }
  },
});

/** The targets that are known as text; with `parallel:matrix` there may be several. */
const targetsOf = (target: BuildValue): readonly string[] =>
  target.variants.flatMap((variant) => literalText(variant) ?? []);

const WRITERS =
  /^(cp|mv|ln|sed|tee|envsubst|curl|wget|git|tar|unzip|python3?|jinja2|j2|gomplate|dockerize|cmake|make)$/;

/** The job makes the Dockerfile itself, or changes it. */
function mayWrite({ argv, use }: JobCommand, path: FilePath): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (
    use.command.redirects.some(
      ({ operator, target }) => operator.includes(">") && target?.text.endsWith(name) === true,
    )
  )
    return true;
  const [program, ...words] = argv.map(({ text }) => text);
  return (
    program !== undefined &&
    WRITERS.test(program) &&
    (program === "git" ? words[0] === "checkout" : words.some((word) => word.includes(name)))
  );
}

function report(target: BuildValue, path: FilePath, dockerfile: Dockerfile, missing: string): Report {
  const names = dockerfile.stages.flatMap(({ name }) => (name === undefined ? [] : [name.value]));
  const stages =
    names.length === 0
      ? "none of its stages has a name"
      : `stages: ${names.map((name) => `\`${name}\``).join(", ")}`;
  const last = dockerfile.stages.at(-1);
  const todo = isStageName(missing)
    ? `name the stage with \`FROM … AS ${missing}\``
    : "name one of its stages";
  return {
    at: target.at,
    message: `\`${path}\` has no stage \`${missing}\` (${stages}), so the build fails with "target stage ${JSON.stringify(missing)} could not be found"; ${todo}`,
    related: last === undefined ? [] : [{ at: last.written.at, message: "the last stage" }],
    fixes: [
      ...nameStage(dockerfile, path, missing),
      ...correctTarget(target, names, missing),
      ...removeTarget(dockerfile, target),
    ],
  };
}

/** https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go : parseBuildStageName */
const isStageName = (name: string): boolean => /^[a-z][\w.-]*$/i.test(name);

function nameStage({ stages }: Dockerfile, path: FilePath, missing: string): readonly FixDraft[] {
  const unnamed = stages.filter(({ name }) => name === undefined).at(-1);
  if (unnamed === undefined || !isStageName(missing)) return [];
  const title = `Name the last stage without a name in \`${path}\`: \`AS ${missing}\``;
  return [{ title, safety: "suggested", edits: [insertAfter(unnamed.written.at, ` AS ${missing}`)] }];
}

/** A last stage without a name is what is built where no target is given: it can't have been meant by any name. */
function removeTarget({ stages }: Dockerfile, { flag }: BuildValue): readonly FixDraft[] {
  const edit = stages.at(-1)?.name === undefined ? removeFlag(flag) : undefined;
  if (edit === undefined) return [];
  return [
    { title: `Remove \`${flag.written}\`, which builds the last stage`, safety: "suggested", edits: [edit] },
  ];
}

function correctTarget(
  { argument }: BuildValue,
  names: readonly string[],
  missing: string,
): readonly FixDraft[] {
  const nearest = nearestName(missing, names);
  if (nearest === undefined || textAt(argument.at) !== missing) return [];
  return [
    {
      title: `Change the target to \`${nearest}\``,
      safety: "suggested",
      edits: [replaceText(argument.at, nearest)],
    },
  ];
}
