// Build arguments, ARG, ENV and copied files stay in the image. https://docs.docker.com/build/building/secrets/
import { isSecretName } from "../../data/secret-names";
import { bakedSecrets, type BakedSecret } from "../../model/docker/baked-secrets";
import { buildOf, type Build } from "../../model/docker/build";
import { dockerfileOf } from "../../model/docker/dockerfile";
import { commandsOf } from "../../model/docker/find-commands";
import { secretArguments, type SecretArgument } from "../../model/docker/secret-arguments";
import { variablesIn } from "../../model/docker/symbolic";
import { isTemplate } from "../dockerfile-template";
import { secretFix, secretId } from "../secret-fix";
import { defineRule, type Report, type RuleContext } from "../rule";

export const buildSecretExposed = defineRule({
  id: "build-secret-exposed",
  title: "A secret that ends up in the image",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: `Reports \`--build-arg\` whose name or variable says that it is a secret, \`ARG\` and \`ENV\` of such a name with a value,
and \`COPY\` of key and password files; as information \`CI_JOB_TOKEN\`, which ends with the job.`,
    why: `Whoever can pull the image reads build arguments with \`docker history\`, ENV with \`docker inspect\`, and every file of every
layer, also one that a later RUN deletes. Docker's own check calls it SecretsUsedInArgOrEnv: "Do not use ARG or ENV instructions
for sensitive data".`,
    fix: "Pass the value with `--secret`, and mount it in the RUN that needs it.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  script:
    - docker build --build-arg NPM_TOKEN=$NPM_TOKEN -t app .
`,
      good: `
build:
  image: docker:29.6.2-cli
  script:
    - docker build --secret id=npm_token,env=NPM_TOKEN -t app .
`,
    },
    references: [
      "https://docs.docker.com/build/building/secrets/",
      "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
      "https://docs.docker.com/build/metadata/attestations/slsa-provenance/",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      const build = buildOf(ctx, command);
      if (build === undefined || build.arguments.length === 0) continue;
      // kaniko writes no values of arguments into the history. https://github.com/GoogleContainerTools/kaniko/issues/1327
      if (command.tool === "kaniko") continue;
      for (const secret of secretArguments(ctx, build)) yield reportArgument(ctx, build, secret);
    }
  },

  alsoInspects: {
    *dockerfile(tree, ctx) {
      const dockerfile = dockerfileOf(ctx, tree.path);
      if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined || isTemplate(tree)) return;
      for (const secret of bakedSecrets(ctx, dockerfile)) {
        const report = reportBaked(secret);
        if (report !== undefined) yield report;
      }
    },
  },
});

function reportArgument(ctx: RuleContext, build: Build, secret: SecretArgument): Report {
  const { argument, exposure, isLikely, declarations } = secret;
  const { name } = argument;
  const endsWithJob = isJobToken(secret);
  return {
    at: { at: argument.at, via: build.command.via },
    ...(exposure === "cache" || !isLikely || endsWithJob ? { severity: "info" as const } : {}),
    confidence: "likely",
    message: `${whereItGoes(secret)}${endsWithJob ? ", although the token ends with the job" : ""}; pass it with \`--secret id=${secretId(name)},env=${secret.variable ?? name}\` and read it with \`RUN --mount=type=secret,id=${secretId(name)},env=${name}\``,
    related: declarations.map(({ assignment }) => ({ at: assignment.nameAt, message: "taken here" })),
    fixes: exposure === "unknown" ? [] : secretFix(ctx, build, secret),
  };
}

/** GitLab revokes it when the job ends. https://docs.gitlab.com/ci/jobs/ci_job_token/ */
function isJobToken({ argument: { value }, variable }: SecretArgument): boolean {
  const others = (value ?? []).flatMap(variablesIn).filter(({ name }) => name !== JOB_TOKEN);
  return variable === JOB_TOKEN && !others.some(({ name }) => isSecretName(name));
}

const JOB_TOKEN = "CI_JOB_TOKEN";

function whereItGoes({ argument: { name }, exposure, isLikely }: SecretArgument): string {
  if (exposure === "cache")
    return `The value of \`${name}\` stays in the build cache and in \`--provenance mode=max\`, although not in the image`;
  const what = isLikely
    ? `The value of \`${name}\``
    : `What stands for \`${name}\` here may be an example; a real value`;
  return `${what} ends up in the image's history, where \`docker history --no-trunc\` shows it to everybody who can pull`;
}

/** What a stage that is left behind holds is no news of the image. */
function reportBaked({ kind, name, keyword, at, isLikely, isInImage }: BakedSecret): Report | undefined {
  if (kind === "file" && !isInImage) return undefined;
  return {
    at,
    ...(isLikely && isInImage ? {} : { severity: "info" as const }),
    confidence: "likely",
    message: MESSAGES[kind](name, keyword, isInImage),
  };
}

const MESSAGES: Readonly<
  Record<BakedSecret["kind"], (name: string, keyword: string, isInImage: boolean) => string>
> = {
  value: (name, keyword, isInImage) =>
    isInImage
      ? `\`${keyword} ${name}\` keeps its value in the image, where \`docker ${keyword === "ENV" ? "inspect" : "history"}\` shows it to everybody who can pull; give it to the container when it starts, or mount it with \`RUN --mount=type=secret\``
      : `\`${keyword} ${name}\` keeps its value in the build cache, and in the Dockerfile; mount it with \`RUN --mount=type=secret\``,
  argument: (name) =>
    `Whoever passes \`${name}\` with \`--build-arg\` leaves it in the image; read it with \`RUN --mount=type=secret,id=${secretId(name)},env=${name}\``,
  file: (name) =>
    `\`${name}\` stays in a layer of the image, also when a later \`RUN\` deletes it; mount it with \`RUN --mount=type=secret\`, or leave its secrets out`,
};
