// What is wrong with the connection between a job and its dind service. Each connection has at most one fault: the one that must be
// mended first, so that one cause never makes several rules speak.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import { allowsPrivileged } from "../runner/privileged";
import { profileOf, type RunnerProfile } from "../runner/profile";
import { sharedPathsOf } from "../runner/shared-paths";
import { settingsOf } from "../settings-of";
import {
  hostUnsetFault,
  kubernetesEnvironmentFault,
  type HostUnsetFault,
  type KubernetesEnvironmentFault,
} from "./client-environment";
import { missingClientOf } from "./client-missing";
import { daemonOf, type DaemonAccess } from "./daemon";
import { hostFault, type HostFault } from "./dind-host";
import { dindServicesOf } from "./dind-service";
import { droppedListener, hostSocket, type DroppedListener, type HostSocketFault } from "./dind-start";
import {
  certificatesFault,
  postureFault,
  tlsContradiction,
  type CertificatesFault,
  type PostureFault,
  type TlsContradiction,
} from "./dind-tls";
import { commandsOf, isOpaque } from "./find-commands";
import { needsDaemon, usesRemoteBuilder } from "./needs-daemon";

export type ConnectionFault =
  /** Port 2375 of a daemon that listens with TLS on 2376. */
  | { readonly kind: "plain-port" }
  | HostSocketFault
  | DroppedListener
  | HostFault
  | TlsContradiction
  | KubernetesEnvironmentFault
  | HostUnsetFault
  | CertificatesFault
  | PostureFault;

export interface Connection {
  readonly access: DaemonAccess;
  readonly profile: RunnerProfile;
  /** A command that needs a daemon is in sight; false where only something that is not read may use it. */
  readonly isVisible: boolean;
  /** The first fault, in the order in which they have to be mended. */
  readonly fault: ConnectionFault | undefined;
}

const connections = defineQuery<Job, Connection | undefined>({
  name: "connectionOf",
  compute: (ctx, job) => {
    const profile = profileOf(ctx, job);
    if (profile.ignoresImages === true) return undefined;
    if (dindServicesOf(ctx, job, profile).every(({ flavour }) => flavour === "client")) return undefined;
    const commands = commandsOf(ctx, job);
    const isVisible = commands.some((command) => needsDaemon(command) && !usesRemoteBuilder(ctx, command));
    if (!isVisible && !isOpaque(ctx, job)) return undefined;
    const access = daemonOf(ctx, job);
    if (access.kind === "runner") return undefined;
    return { access, profile, isVisible, fault: faultOf(ctx, job, access, profile) };
  },
});

/**
 * The connection of a job to its dind service. Undefined where there is no such service, the job's commands run elsewhere, or
 * nothing in the job uses a daemon.
 */
export const connectionOf = (ctx: QueryContext, job: Job): Connection | undefined =>
  job.services.length === 0 && profileOf(ctx, job).services.length === 0
    ? undefined
    : ctx.get(connections, job);

function faultOf(
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): ConnectionFault | undefined {
  if (isPlainPort(access)) return { kind: "plain-port" };
  const blocked = hostSocket(access, profile);
  if (blocked !== undefined || access.kind !== "dind") return blocked;
  if (access.host === undefined && sharesSocketFolder(profile)) return undefined;
  return (
    droppedListener(ctx, job, access, profile) ??
    (isSetElsewhere(ctx) || namesOwnCertificates(ctx, job)
      ? undefined
      : settingsFault(ctx, job, access, profile))
  );
}

/** Faults of the variables, in the order in which they have to be mended. */
const settingsFault = (
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): ConnectionFault | undefined =>
  hostFault(ctx, job, access, profile) ??
  tlsContradiction(job, access) ??
  kubernetesEnvironmentFault(ctx, job, access, profile) ??
  hostUnsetFault(ctx, job, access, profile) ??
  certificatesFault(job, access, profile) ??
  (isFaultyElsewhere(ctx, job, access, profile) ? undefined : postureFault(job, access, profile));

/** The daemon's own socket then lies in the job's container too, and the client takes it before anything else. */
const sharesSocketFolder = (profile: RunnerProfile): boolean =>
  sharedPathsOf(profile)?.some(({ path }) => path === "/run" || path === "/var/run") === true;

/** `docker --tlsverify --tlscacert=…`: what the variables say counts for less. */
const namesOwnCertificates = (ctx: QueryContext, job: Job): boolean =>
  commandsOf(ctx, job).some(({ globalFlags }) => globalFlags.some(({ name }) => name.startsWith("tls")));

/** Variables of the user interface win over those of YAML: what the connection looks like then is not written in any file. */
function isSetElsewhere(ctx: QueryContext): boolean {
  const { known } = ctx.get(settingsOf, null).settings.variables;
  return known.some((name) => /^DOCKER_(HOST|TLS_CERTDIR|TLS_VERIFY|CERT_PATH)$/.test(name));
}

/** A missing client or an unprivileged runner is reported as such: how the connection is described matters less. */
const isFaultyElsewhere = (
  ctx: QueryContext,
  job: Job,
  { target }: DaemonAccess,
  profile: RunnerProfile,
): boolean =>
  (target !== undefined && allowsPrivileged(profile, target.image) === "no") ||
  missingClientOf(ctx, job) !== undefined;

const isPlainPort = ({ host, target }: DaemonAccess): boolean =>
  host?.scheme === "tcp" && host.port === 2375 && target?.tls === "on" && !target.bypassesEntrypoint;
