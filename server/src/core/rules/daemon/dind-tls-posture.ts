// A dind service whose connection depends on the runner, or that lets everybody in: worth a word, no fault.
// https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker
import { setHost, setVariablesFor, startPlainly, together } from "../../model/docker/dind-edit";
import { setVariablesBeside } from "../../model/pipeline/edit";
import type { Job } from "../../model/pipeline/job";
import { sharedPathsOf } from "../../model/runner/shared-paths";
import { assigned, clientVariables, connectionWith, fixOf, type FaultyConnection } from "../connection";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const dindTlsPosture = defineRule({
  id: "dind-tls-posture",
  title: "The connection to Docker-in-Docker is left to the runner, or open to everybody",
  severity: "info",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: 'Reports, as information, a `docker:dind` service where neither `DOCKER_HOST` nor `DOCKER_TLS_CERTDIR` is set, and one with TLS switched off by `DOCKER_TLS_CERTDIR: ""`.',
    why: "Where nothing is set, the `docker` image uses TLS if the runner shares `/certs/client`, and else knocks at port 2375, where nobody listens: the same job works on one runner and fails on the next. Without TLS whoever reaches the daemon's port is root in it, and since 20.10 dockerd waits some 15 seconds at its start to say so, unless `--tls=false` shows that it is meant.",
    fix: 'State `DOCKER_HOST: tcp://docker:2376` and `DOCKER_TLS_CERTDIR: "/certs"`; without TLS give the service `command: ["--tls=false"]`.',
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker info
`,
    },
    references: [
      "https://github.com/docker-library/docker/blob/master/docker-entrypoint.sh",
      "https://github.com/docker-library/docker/issues/294",
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
    ],
  },

  *check(job, ctx) {
    const connection = connectionWith(ctx, job, "posture");
    if (connection === undefined || !connection.isVisible) return;
    const { fault, profile } = connection;
    const image = fault.service.at.value;
    if (fault.which === "unstated") {
      yield {
        at: fault.service.at,
        message: `Whether the job reaches \`${image}\` depends on the runner: where it shares \`/certs/client\` the client uses TLS, elsewhere it knocks at tcp://docker:2375, where nobody listens; state \`DOCKER_HOST: tcp://docker:2376\` and \`DOCKER_TLS_CERTDIR: "/certs"\``,
        fixes: stated(ctx, job, connection),
      };
      return;
    }
    const wait = fault.isSlow ? ", and dockerd waits some 15 seconds at its start to warn of it" : "";
    yield {
      at: fault.certdir.at ?? fault.service.at,
      message: `${assigned("DOCKER_TLS_CERTDIR", fault.certdir, profile)} switches TLS off: whoever reaches the port of \`${image}\` is root in it${wait}; switch TLS on, or add \`command: ["--tls=false"]\` to the service to say that it is meant`,
      related: [{ at: fault.service.at.at, message: "the daemon" }],
      fixes: [
        ...fixOf("Say that it is meant: `--tls=false`", startPlainly(job, fault.service)),
        ...fixOf('Use TLS: port 2376 with `DOCKER_TLS_CERTDIR: "/certs"`', withTls(ctx, job, connection)),
      ],
    };
  },
});

type Posture = FaultyConnection<"posture">;

function stated(ctx: RuleContext, job: Job, connection: Posture): readonly FixDraft[] {
  const { fault } = connection;
  const variables = clientVariables(ctx, job, connection);
  return variables === undefined
    ? []
    : fixOf(
        'State `DOCKER_HOST` and `DOCKER_TLS_CERTDIR: "/certs"`',
        setVariablesFor(ctx, job, fault.service, variables),
      );
}

/** Undefined where the address or the switch stands elsewhere than in the pipeline, or the runner would have to change too. */
function withTls(ctx: RuleContext, job: Job, connection: Posture): FixDraft["edits"] | undefined {
  const { access, profile, fault } = connection;
  const { host } = access;
  const { certdir, service } =
    fault.which === "plain" ? fault : { certdir: undefined, service: fault.service };
  if (certdir?.at === undefined || certdir.scope !== "job" || sharedPathsOf(profile) !== undefined)
    return undefined;
  if (host !== undefined && (host.port !== 2375 || !["docker", "localhost"].includes(host.host)))
    return undefined;
  const target = { ...service, tls: "on" as const };
  const client = clientVariables(ctx, job, connection, target) ?? [];
  return together(
    host === undefined ? [] : setHost(host, host.host, 2376),
    setVariablesBeside(ctx, certdir.at.at, [["DOCKER_TLS_CERTDIR", '"/certs"'], ...client]),
  );
}
