// The variables with which a job's client reaches its dind service: those that are not set yet, as YAML.
// https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker
import type { QueryContext } from "../../query/query";
import type { NewVariables } from "../pipeline/edit";
import type { Job } from "../pipeline/job";
import type { RunnerProfile } from "../runner/profile";
import { startsThroughDockerEntrypoint } from "./client-environment";
import { answersTo, type DaemonAccess, type DindService } from "./daemon";
import type { EffectiveValue } from "./effective-value";
import { valueIfKnown } from "./resolved";

/** The service that a job talks to, or would talk to: the one that its host means, else the first. */
export const daemonIn = ({ target, dind }: DaemonAccess): DindService | undefined => target ?? dind[0];

/** What is missing for a job's container as it starts now; see `clientVariables`. */
export const missingClientVariables = (
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): NewVariables | undefined =>
  clientVariables(access, startsThroughDockerEntrypoint(ctx, job, profile) === true);

/**
 * What is missing for a job to reach its daemon with TLS. Undefined where the daemon's address is not known, or whether it uses TLS,
 * or where it does not: what a plain connection takes is for a person to say.
 *
 * @param hasEntrypoint whether the entrypoint of the docker image works out the client's certificates
 */
export function clientVariables(access: DaemonAccess, hasEntrypoint: boolean): NewVariables | undefined {
  const daemon = daemonIn(access);
  const host = daemon && hostOf(daemon);
  if (daemon?.tls !== "on" || host === undefined) return undefined;
  const isMissing = access.host === undefined && !access.hostUnknown;
  return [
    ...(isMissing ? [["DOCKER_HOST", `tcp://${host}:2376`] as const] : []),
    ...certdirOf(daemon),
    ...(hasEntrypoint ? [] : certificatesOf(daemon, access)),
  ];
}

/** The name that certificates hold comes first. */
function hostOf(daemon: DindService): string | undefined {
  return answersTo(daemon, "docker") === true ? "docker" : daemon.hostnames.at(-1);
}

const certdirOf = ({ certdir }: DindService): NewVariables =>
  certdir.scope === "image" ? [["DOCKER_TLS_CERTDIR", '"/certs"']] : [];

function certificatesOf({ certdir }: DindService, { tlsVerify, certPath }: DaemonAccess): NewVariables {
  const written = valueIfKnown(certdir.value);
  // A variable of the service alone, or of the runner, is none that the job's YAML can name.
  const isNamed = certdir.scope === "image" || certdir.scope === "job" || written === undefined;
  const folder = isNamed ? "$DOCKER_TLS_CERTDIR" : written;
  const verify: NewVariables = isUnset(tlsVerify) ? [["DOCKER_TLS_VERIFY", '"1"']] : [];
  const path: NewVariables = isUnset(certPath) ? [["DOCKER_CERT_PATH", `"${folder}/client"`]] : [];
  return [...verify, ...path];
}

const isUnset = (value: EffectiveValue | undefined): boolean =>
  value === undefined || (value.value.known && value.value.value === "");
