// A build argument without an ARG has no effect. https://docs.docker.com/reference/dockerfile/#arg
import { isPredefinedArgument } from "../../data/build-arguments";
import { isSecretName } from "../../data/secret-names";
import { buildOf, type Build, type BuildArgument } from "../../model/docker/build";
import { declaredElsewhere, declares, dockerfilePathsOf } from "../../model/docker/build-dockerfiles";
import { madeBefore } from "../../model/docker/created-paths";
import { dockerfileOf, stageNamed, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { commandsOf } from "../../model/docker/find-commands";
import { readsOf } from "../../model/docker/instruction-reads";
import { finalStage } from "../../model/docker/stage-reachability";
import { literalText } from "../../model/docker/symbolic";
import { nearestName } from "../../settings/nearest";
import { partOf, textAt, type Origin } from "../../text/located";
import { isTemplate } from "../dockerfile-template";
import { insertAfter, insertBefore, replaceText } from "../edits";
import { removeFlag } from "../flag-fix";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const buildArgUndeclared = defineRule({
  id: "build-arg-undeclared",
  title: "A build argument that the Dockerfile does not declare",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports `--build-arg NAME` where no `ARG NAME` stands in the Dockerfile.",
    why: `BuildKit drops such an argument without a word (the legacy builder says "One or more build-args were not
consumed"), so the image is built with the default, or with an empty value.`,
    fix: "Declare the argument in the stage that uses it, correct its name, or leave it out.",
    example: {
      bad: `
build:
  script:
    - docker build --build-arg NODE_VERSON=22 -t app .
`,
      good: `
build:
  script:
    - docker build --build-arg NODE_VERSION=22 -t app .
`,
      with: { Dockerfile: "ARG NODE_VERSION=20\nFROM node:$NODE_VERSION\n" },
    },
    references: [
      "https://docs.docker.com/reference/dockerfile/#arg",
      "https://docs.docker.com/reference/dockerfile/#predefined-args",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      const build = buildOf(ctx, command);
      const named = build?.arguments.filter(
        ({ name }) => /^[A-Za-z_]\w*$/.test(name) && !isPredefinedArgument(name),
      );
      if (build === undefined || named === undefined || named.length === 0) continue;
      const dockerfiles = readableDockerfiles(ctx, build);
      for (const argument of named) yield* judge(ctx, build, argument, dockerfiles);
    }
  },
});

/** All Dockerfiles of the build; none where one of them can't be read or is not what Docker will read. */
function readableDockerfiles(ctx: RuleContext, build: Build): readonly Dockerfile[] {
  const paths = dockerfilePathsOf(ctx, build) ?? [];
  const dockerfiles = paths.flatMap((path) => {
    const dockerfile = dockerfileOf(ctx, path);
    const isRead =
      dockerfile !== undefined &&
      dockerfile.stages.length > 0 &&
      dockerfile.foreignFrontend === undefined &&
      !isTemplate(dockerfile.tree);
    return isRead ? [dockerfile] : [];
  });
  return dockerfiles.length === paths.length ? dockerfiles : [];
}

function* judge(
  ctx: RuleContext,
  build: Build,
  argument: BuildArgument,
  dockerfiles: readonly Dockerfile[],
): Iterable<Report> {
  const { name, at } = argument;
  const without = dockerfiles.filter((each) => !declares(each, name));
  const [first] = without;
  if (first === undefined || without.some(({ tree }) => madeBefore(ctx, build.command, tree.path) === "yes"))
    return;
  const isShared = without.length < dockerfiles.length || declaredElsewhere(ctx, name, at);
  yield {
    at: { at, via: build.command.via },
    ...(isShared ? { severity: "info" as const } : {}),
    message: isShared
      ? `Not every Dockerfile that is built by this line declares \`ARG ${name}\`: the others ignore the value`
      : `\`ARG ${name}\` is nowhere in ${listed(without)}, so the value is ignored without an error; declare it in the stage that uses it, or leave it out`,
    related: [{ at: headOf(first), message: `\`${first.tree.path}\` has no \`ARG ${name}\`` }],
    fixes: isShared || without.length > 1 ? [] : fixesFor(ctx, build, argument, first),
  };
}

function listed([first, ...others]: readonly Dockerfile[]): string {
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `\`${first?.tree.path ?? ""}\`${more}`;
}

/** The base of the first stage. */
const headOf = ({ stages, tree }: Dockerfile): Origin =>
  stages[0]?.written.at ?? { chunk: tree.chunk, start: 0, end: 0 };

function fixesFor(
  ctx: RuleContext,
  build: Build,
  { name, at, flag }: BuildArgument,
  dockerfile: Dockerfile,
): readonly FixDraft[] {
  const declared = [...dockerfile.globalArguments, ...dockerfile.stages.flatMap((stage) => stage.arguments)];
  const given = new Set(build.arguments.map((each) => each.name));
  const nearest = nearestName(
    name,
    declared.map((each) => each.name).filter((each) => !given.has(each)),
    2,
  );
  const removal = removeFlag(flag);
  const start = textAt(at).indexOf(name);
  return [
    ...(nearest === undefined || start === -1
      ? []
      : [
          {
            title: `Change it to \`${nearest}\``,
            safety: "suggested" as const,
            edits: [replaceText(partOf(at, start, start + name.length), nearest)],
          },
        ]),
    ...(isSecretName(name) ? [] : declare(ctx, build, dockerfile, name)),
    ...(removal === undefined
      ? []
      : [{ title: `Remove \`${flag.written} ${name}\``, safety: "suggested" as const, edits: [removal] }]),
  ];
}

/** In the first stage that reads the name, or in front of a FROM that does. */
function declare(ctx: RuleContext, build: Build, dockerfile: Dockerfile, name: string): readonly FixDraft[] {
  const [first] = dockerfile.stages;
  const { path, escape } = dockerfile.tree;
  const inFrom = dockerfile.stages.some(({ from }) => new RegExp(`\\$\\{?${name}\\b`).test(from.rest.text));
  if (inFrom && first !== undefined) {
    const title = `Declare \`ARG ${name}\` in front of the first \`FROM\` of \`${path}\``;
    return [{ title, safety: "suggested", edits: [insertBefore(first.from.at, `ARG ${name}\n`)] }];
  }
  const reads = ({ instructions }: Stage): boolean =>
    instructions.some((each) => readsOf(ctx, each, escape).some((read) => read.name === name));
  const stage = dockerfile.stages.find(reads) ?? targetOf(build, dockerfile);
  if (stage === undefined) return [];
  const title = `Declare \`ARG ${name}\` in stage ${stage.name?.value ?? stage.index + 1} of \`${path}\``;
  return [{ title, safety: "suggested", edits: [insertAfter(stage.from.at, `\nARG ${name}`)] }];
}

function targetOf({ target }: Build, dockerfile: Dockerfile): Stage | undefined {
  const [variant] = target?.variants ?? [];
  const name = variant && literalText(variant);
  return name === undefined ? finalStage(dockerfile) : stageNamed(dockerfile, name);
}
