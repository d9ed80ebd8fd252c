// `buildx create` under a TLS connection that comes from variables: buildx wants a context that holds the certificates.
// https://github.com/docker/buildx/issues/413
import { surelyEndsJob } from "../../model/docker/certain-commands";
import type { ContainerCommand } from "../../model/docker/command";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { missingContextOf, type MissingContext } from "../../model/flow/tls-context";
import { commandBefore } from "../command-edit";
import { endOf, replaceInScript } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const buildxCreateTlsContext = defineRule({
  id: "buildx-create-tls-context",
  title: "`buildx create` without a context for TLS",
  severity: "error",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`docker buildx create\` without a context in a job whose client reaches its daemon with TLS settings out of variables, also where
the docker image's entrypoint sets them. Drivers that do without the daemon, a plain connection and a named context are right.`,
    why: `A builder remembers its endpoint, but not the variables with the certificates, so buildx refuses: "could not create a builder
instance with TLS data loaded from environment. Please use \`docker context create <context-name>\`". \`docker context use\` alone does
not help, because \`DOCKER_HOST\` wins over the chosen context.`,
    fix: "Make a context of the environment and name it.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker buildx create --use
    - docker buildx build --load -t app .
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker context create tls-env
    - docker buildx create --use tls-env
    - docker buildx build --load -t app .
`,
    },
    references: [
      "https://github.com/docker/buildx/issues/413",
      "https://github.com/docker/buildx/blob/master/builder/builder.go",
      "https://docs.gitlab.com/ci/docker/using_buildkit/",
    ],
  },

  *check(job, ctx) {
    const creates = commandsOf(ctx, job).filter(({ verb }) => verb === "buildx create");
    if (creates.length === 0 || dialectOf(ctx, job) !== "posix") return;
    for (const create of creates) {
      const missing = missingContextOf(ctx, create);
      if (missing === undefined) continue;
      const isCertain = missing.isDeclared && surelyEndsJob(ctx, create);
      const unless = missing.isDeclared ? "" : ", if the runner leaves TLS on";
      yield {
        at: { at: create.at, via: create.via },
        severity: isCertain ? "error" : "warning",
        confidence: missing.isDeclared ? "certain" : "likely",
        message: `buildx refuses to make a builder here ("could not create a builder instance with TLS data loaded from environment")${unless}, because the certificates come from variables; make a context with \`docker context create ${missing.context ?? NAME}\` and name it: \`docker buildx create … ${missing.context ?? NAME}\``,
        fixes: fixesFor(create, missing),
      };
    }
  },
});

const NAME = "tls-env";

function fixesFor(create: ContainerCommand, { context }: MissingContext): readonly FixDraft[] {
  const last = [...create.flags.map(({ at }) => at), create.verbAt].sort((a, b) => a.end - b.end).at(-1);
  const named = last && replaceInScript(create.item, endOf(last), ` ${context ?? NAME}`);
  const made = context === undefined ? commandBefore(create, `docker context create ${NAME}`) : undefined;
  if (named === undefined || (context === undefined && made === undefined)) return [];
  return [
    {
      title: context === undefined ? `Make the context \`${NAME}\` first` : `Name the context \`${context}\``,
      safety: "suggested",
      edits: made === undefined ? [named] : [made, named],
    },
  ];
}
