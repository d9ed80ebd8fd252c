// Repairs of a job without a daemon: a service of its own, one for all jobs, or the right image for the service that it has.
import { isAtLeast } from "../data/docker-versions";
import { startsThroughDockerEntrypoint } from "../model/docker/client-environment";
import { daemonNeedOf, takesDefaultServices, type MissingDaemon } from "../model/docker/daemon-missing";
import { HEALTHCHECK_PORT } from "../model/docker/daemon-wait";
import type { DindService } from "../model/docker/daemon";
import { expandImage } from "../model/docker/image-of";
import { addService, setJobVariables, type NewVariables } from "../model/pipeline/edit";
import { setForAllJobs, setVariablesInScope } from "../model/pipeline/edit-scope";
import type { Job } from "../model/pipeline/job";
import { profileOf } from "../model/runner/profile";
import { settingsOf } from "../model/settings-of";
import { replace } from "../text/edit";
import { textAt } from "../text/located";
import type { FixDraft, RuleContext } from "./rule";

/** The best fix first: for all jobs where most of them lack a daemon. */
export function serviceFixes(ctx: RuleContext, job: Job, { access }: MissingDaemon): readonly FixDraft[] {
  const [client] = access.clients;
  const tag = `docker:${versionFor(ctx, job)}-dind`;
  const all = forAllJobs(ctx, job, tag);
  const own = client === undefined ? ownService(ctx, job, tag) : daemonFor(ctx, job, client);
  const { missing, jobs } = daemonNeedOf(ctx, job.root);
  return (2 * missing > jobs ? [all, own] : [own, all]).filter((fix) => fix !== undefined);
}

function versionFor(ctx: RuleContext, job: Job): string {
  const image = job.image === undefined ? undefined : expandImage(ctx, job, job.image);
  const own = image?.docker?.version;
  const version = own !== undefined && isAtLeast(own, "19.03") ? image?.versionText : undefined;
  return version ?? ctx.get(settingsOf, null).settings.dockerVersion;
}

/** Only the docker image's entrypoint works out the last two by itself. */
const tlsVariables = (needsCertificates: boolean): NewVariables => [
  ["DOCKER_HOST", "tcp://docker:2376"],
  ["DOCKER_TLS_CERTDIR", '"/certs"'],
  ...(needsCertificates
    ? ([
        ["DOCKER_TLS_VERIFY", '"1"'],
        ["DOCKER_CERT_PATH", '"$DOCKER_TLS_CERTDIR/client"'],
      ] as const)
    : []),
];

const tlsFor = (ctx: RuleContext, job: Job): NewVariables =>
  tlsVariables(startsThroughDockerEntrypoint(ctx, job, profileOf(ctx, job)) !== true);

/** On Kubernetes Runner waits for a service only where it is told the port. */
const serviceItem = (ctx: RuleContext, job: Job, tag: string): string =>
  profileOf(ctx, job).executor === "kubernetes"
    ? `name: ${tag}\nvariables:\n  ${HEALTHCHECK_PORT}: "2376"`
    : tag;

function ownService(ctx: RuleContext, job: Job, tag: string): FixDraft | undefined {
  const services = addService(job, serviceItem(ctx, job, tag));
  const variables = setJobVariables(job, tlsFor(ctx, job));
  if (services === undefined || variables === undefined) return undefined;
  return {
    title: `Add the service \`${tag}\` with TLS`,
    safety: "suggested",
    edits: [...services, ...variables],
  };
}

function forAllJobs(ctx: RuleContext, job: Job, tag: string): FixDraft | undefined {
  const { missing, hasOthers, needsCertificates } = daemonNeedOf(ctx, job.root);
  if (missing < 2 || hasOthers || !takesDefaultServices(job)) return undefined;
  const edits = setForAllJobs(ctx, job.root, serviceItem(ctx, job, tag), tlsVariables(needsCertificates));
  return edits && { title: `Add the service \`${tag}\` with TLS for all jobs`, safety: "suggested", edits };
}

/** `docker:20.10` and `docker:27-cli` are the client alone: the daemon of the same version has the suffix `-dind`. */
function daemonFor(ctx: RuleContext, job: Job, client: DindService): FixDraft | undefined {
  const written = client.at.value;
  const match = /^(.*:(?:\d[\d.]*|stable|test))(?:-(?:cli|git))?$/.exec(written);
  const { at } = client.at;
  if (match?.[1] === undefined || written.includes("$") || !textAt(at).includes(written)) return undefined;
  if (!client.hostnames.includes("docker") || (client.version && !isAtLeast(client.version, "19.03")))
    return undefined;
  const daemon = `${match[1]}-dind`;
  const variables = setVariablesInScope(ctx, at, tlsFor(ctx, job));
  if (variables === undefined) return undefined;
  return {
    title: `Use the daemon \`${daemon}\` with TLS`,
    safety: "suggested",
    edits: [replace(at, textAt(at).replace(written, daemon)), ...variables],
  };
}
