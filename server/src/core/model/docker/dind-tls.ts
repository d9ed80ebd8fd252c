// Faults of the TLS settings between a job's client and its dind service: settings that exclude each other, certificates that the
// job can't see, and a connection that nobody described.
// https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
import { isAtLeast } from "../../data/docker-versions";
import type { Job } from "../pipeline/job";
import type { RunnerProfile } from "../runner/profile";
import { isWithin, sharedPathsOf, type SharedPath } from "../runner/shared-paths";
import type { DaemonAccess, DindService, DockerHost, EffectiveValue } from "./daemon";
import { valueIfKnown } from "./resolved";

export type TlsContradiction = {
  readonly kind: "tls-contradiction";
  readonly service: DindService;
} & (
  | {
      /** DOCKER_HOST names 2376, and the daemon listens without TLS. */
      readonly which: "tls-port";
      readonly host: DockerHost;
    }
  | {
      /** The client wants TLS, and the daemon has none. */
      readonly which: "verify-without-tls";
      readonly verify: EffectiveValue;
    }
  | {
      /** "0" or "false", which switches verification on. */
      readonly which: "verify-word";
      readonly verify: EffectiveValue;
    }
  | {
      /** The client looks for certificates where the daemon writes none. */
      readonly which: "cert-path";
      readonly certPath: EffectiveValue;
      readonly written: string;
      readonly expected: string;
    }
);

/** TLS settings of the job, the service and the runner that cannot hold together. */
export function tlsContradiction(job: Job, access: DaemonAccess): TlsContradiction | undefined {
  const { target: service } = access;
  if (service === undefined || access.hostUnknown || service.bypassesEntrypoint) return undefined;
  return service.tls === "off"
    ? askedOfPlain(access, service)
    : (wordForNo(access, service) ?? certPathElsewhere(job, access, service));
}

/** A client that wants TLS of a daemon that has none. */
function askedOfPlain({ host, tlsVerify }: DaemonAccess, service: DindService): TlsContradiction | undefined {
  if (host?.scheme === "tcp" && host.port === 2376 && !service.ports.includes(2376))
    return { kind: "tls-contradiction", which: "tls-port", service, host };
  const verify = knownText(tlsVerify);
  return tlsVerify === undefined || verify === ""
    ? undefined
    : { kind: "tls-contradiction", which: "verify-without-tls", service, verify: tlsVerify };
}

function wordForNo({ tlsVerify }: DaemonAccess, service: DindService): TlsContradiction | undefined {
  return tlsVerify !== undefined && service.flavour === "official" && meansNo(knownText(tlsVerify))
    ? { kind: "tls-contradiction", which: "verify-word", service, verify: tlsVerify }
    : undefined;
}

/** The text of a variable; "" where it is not set, or not known. */
const knownText = (value: EffectiveValue | undefined): string => (value && valueIfKnown(value.value)) ?? "";

/** What somebody writes who wants to switch a thing off. */
const meansNo = (word: string): boolean => /^(0|false|no|off|n|f)$/i.test(word.trim());

function certPathElsewhere(
  job: Job,
  { certPath }: DaemonAccess,
  service: DindService,
): TlsContradiction | undefined {
  const certdir = certdirOf(job, service);
  const path = certPath && valueIfKnown(certPath.value);
  if (certdir === undefined || certPath?.scope !== "job") return undefined;
  if (path === undefined || !path.startsWith("/") || isFilled(job, path)) return undefined;
  const expected = `${trimmed(certdir)}/client`;
  return trimmed(path) === expected
    ? undefined
    : { kind: "tls-contradiction", which: "cert-path", service, certPath, written: path, expected };
}

/** DOCKER_TLS_CERTDIR of a daemon with TLS; undefined where a part of the configuration that may set it could not be read. */
export function certdirOf(job: Job, { tls, certdir }: DindService): string | undefined {
  if (tls !== "on" || (certdir.scope === "image" && !job.isClosed)) return undefined;
  return valueIfKnown(certdir.value);
}

/** Whether the script may put certificates there itself. */
function isFilled(job: Job, path: string): boolean {
  const fills = /\b(cp|mv|ln|install|tar|openssl|mkdir|cat|echo|printf)\b/;
  return job.script.some(({ text: { text } }) =>
    text
      .split("\n")
      .some((line) => fills.test(line) && (line.includes(path) || line.includes("DOCKER_CERT_PATH"))),
  );
}

const trimmed = (path: string): string => path.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");

export interface CertificatesFault {
  readonly kind: "certificates";
  readonly service: DindService;
  /** `/certs/client`: where the daemon puts the client's certificates. */
  readonly clientPath: string;
  /** What is mounted there read-only; undefined where nothing is. */
  readonly readOnly: SharedPath | undefined;
  /** What the runner shares; undefined where no runner is known. */
  readonly shared: readonly SharedPath[] | undefined;
}

/** The path of the usual recipe: https://docs.gitlab.com/ci/docker/using_docker_build/#docker-in-docker-with-tls-enabled-in-the-docker-executor */
export const USUAL_CERTDIR = "/certs";

/** Mounted into job and services by Runner itself. */
const ALWAYS_SHARED = ["/builds", "/cache"];

/** The daemon writes client certificates to a place that the job does not share. */
export function certificatesFault(
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): CertificatesFault | undefined {
  const { target: service } = access;
  const certdir = service && neededCertdir(job, access, service);
  if (service === undefined || certdir === undefined) return undefined;
  const clientPath = `${certdir}/client`;
  const fault = { kind: "certificates" as const, service, clientPath };
  const shared = sharedPathsOf(profile);
  // Of most runners nobody says what they mount; the usual path is then taken for granted.
  if (shared === undefined)
    return profile.isKnown || certdir === USUAL_CERTDIR
      ? undefined
      : { ...fault, readOnly: undefined, shared: undefined };
  const at = shared.filter(({ path }) => isWithin(clientPath, path));
  if (at.some(({ isReadOnly }) => !isReadOnly)) return undefined;
  return { ...fault, readOnly: at[0], shared };
}

/** Where the client's certificates are, if the runner has to share them for the job. */
function neededCertdir(job: Job, access: DaemonAccess, service: DindService): string | undefined {
  const written = certdirOf(job, service);
  if (written?.startsWith("/") !== true || access.hostUnknown) return undefined;
  if (access.certPath?.scope === "runner") return undefined;
  const certdir = trimmed(written);
  return ALWAYS_SHARED.some((path) => isWithin(certdir, path)) ? undefined : certdir;
}

export type PostureFault = { readonly kind: "posture"; readonly service: DindService } & (
  | {
      /** Neither DOCKER_HOST nor DOCKER_TLS_CERTDIR is set anywhere. */
      readonly which: "unstated";
    }
  | {
      /** TLS is switched off by `certdir`. */
      readonly which: "plain";
      readonly certdir: EffectiveValue;
      /** dockerd waits at its start to show a warning. */
      readonly isSlow: boolean;
    }
);

/** What works, or may work, and deserves a word. */
export function postureFault(
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): PostureFault | undefined {
  const { target: service } = access;
  if (service?.flavour !== "official" || service.bypassesEntrypoint) return undefined;
  const { certdir } = service;
  if (certdir.scope === "image")
    return isUnstated(job, access, service, profile)
      ? { kind: "posture", which: "unstated", service }
      : undefined;
  if (service.tls !== "off" || !hasTls(service) || startWords(service).some(isExplicitlyPlain))
    return undefined;
  return { kind: "posture", which: "plain", service, certdir, isSlow: isSlow(service) };
}

function isUnstated(job: Job, access: DaemonAccess, service: DindService, profile: RunnerProfile): boolean {
  const { host, hostUnknown, certdir, tlsVerify } = access;
  if (host !== undefined || hostUnknown || certdir !== undefined || tlsVerify !== undefined) return false;
  return service.tls === "on" && job.isClosed && sharedPathsOf(profile) === undefined;
}

/** Up to 18.09 there is no TLS in the image: nothing was switched off. */
const hasTls = ({ version }: DindService): boolean => version === undefined || isAtLeast(version, "19.03");

/**
 * Since 20.10 dockerd waits some 15 seconds when it listens on TCP without TLS and nobody said so on purpose.
 * https://github.com/docker-library/docker/issues/294
 */
const isSlow = ({ version }: DindService): boolean => version === undefined || isAtLeast(version, "20.10");

const startWords = ({ service }: DindService): readonly string[] => service?.command?.value ?? [];

const isExplicitlyPlain = (word: string): boolean => /--tls(verify)?=(false|0)\b/.test(word);
