// Services that are a Docker daemon: what they are, under which names they answer, and how they listen.
import { dockerImageTag } from "../../data/known-images";
import { isAtLeast, type DockerVersion } from "../../data/docker-versions";
import { defineQuery, type QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job, Service } from "../pipeline/job";
import { splitAliases } from "../runner/profile-of-runner";
import { profileOf, type RunnerProfile, type RunnerService } from "../runner/profile";
import { runnerValue, serviceValue, type EffectiveValue } from "./effective-value";
import { expandText } from "./expand";
import { baseNameOf, parseReference, type ImageReference } from "./image-reference";
import { known, unknown, valueIfKnown } from "./resolved";
import { literal, literalText, showText } from "./symbolic";

export type DindFlavour =
  /** `docker:dind`, `docker:27-dind`, and since 23 `docker:27` and `docker:latest`. */
  | "official"
  /** The client alone, which ends at once: `docker:20.10`, `docker:27-cli`. Not a daemon. */
  | "client"
  /** Another image that seems to be one by its name or alias, or of which nothing is known: no claims about its defaults. */
  | "custom";

export interface DindService {
  readonly flavour: DindFlavour;
  /** The service of the job; undefined for one of the runner's configuration. */
  readonly service: Service | undefined;
  readonly from: "job" | "runner";
  readonly image: ImageReference;
  /** Where the image is named. */
  readonly at: Located<string>;
  /** Undefined for floating tags (`dind`, `latest`) and where the tag is not known. */
  readonly version: DockerVersion | undefined;
  /** Names under which Runner makes it reachable: derived from the image, and its aliases. */
  readonly hostnames: readonly string[];
  /** False where a part of the image's name is not known, so that more names may exist. */
  readonly hostnamesComplete: boolean;
  /** DOCKER_TLS_CERTDIR as the daemon sees it. */
  readonly certdir: EffectiveValue;
  readonly tls: "on" | "off" | "unknown";
  /** TCP ports it listens on; empty where not known (own command or entrypoint, custom image). */
  readonly ports: readonly number[];
  /** Its `command` or `entrypoint` keeps the image's entrypoint from adding listener and certificates. */
  readonly bypassesEntrypoint: boolean;
}

/** Everything about a service that the answer depends on, from a job or from the runner's configuration. */
interface Candidate {
  readonly service: Service | undefined;
  readonly image: ImageReference;
  readonly at: Located<string>;
  readonly aliases: readonly string[];
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  /** DOCKER_TLS_CERTDIR where something sets it. */
  readonly certdir: EffectiveValue | undefined;
}

/** Services of a job and of its runner that are, or look like, a Docker daemon; those of the runner come first, as it starts them. */
export const dindServicesOf = (
  ctx: QueryContext,
  job: Job,
  profile: RunnerProfile,
): readonly DindService[] =>
  profile === profileOf(ctx, job) ? ctx.get(dindServices, job) : servicesWith(ctx, job, profile);

const dindServices = defineQuery<Job, readonly DindService[]>({
  name: "dindServicesOf",
  compute: (ctx, job) => servicesWith(ctx, job, profileOf(ctx, job)),
});

function servicesWith(ctx: QueryContext, job: Job, profile: RunnerProfile): readonly DindService[] {
  const candidates = [
    ...profile.services.map((service) => fromRunner(service, profile)),
    ...job.services.map((service) => fromJob(ctx, job, profile, service)),
  ];
  return candidates.flatMap((candidate) => {
    const flavour = flavourOf(candidate);
    return flavour === undefined ? [] : [dindService(candidate, flavour)];
  });
}

function fromJob(ctx: QueryContext, job: Job, profile: RunnerProfile, service: Service): Candidate {
  const [text] = expandText(ctx, job, service.text);
  return {
    service,
    image: parseReference(text ?? { parts: [literal(service.name.value)] }),
    at: service.name,
    aliases: splitAliases(service.alias?.value),
    command: service.command?.value,
    entrypoint: service.entrypoint?.value,
    certdir: serviceValue(ctx, job, profile, service.variables, "DOCKER_TLS_CERTDIR"),
  };
}

function fromRunner(service: RunnerService, profile: RunnerProfile): Candidate {
  const { name, aliases, command, entrypoint, environment } = service;
  return {
    service: undefined,
    image: parseReference({ parts: [literal(name.value, name.at)] }),
    at: name,
    aliases,
    command,
    entrypoint,
    certdir: runnerValue(
      environment.get("DOCKER_TLS_CERTDIR") ?? profile.environment.get("DOCKER_TLS_CERTDIR"),
    ),
  };
}

/** Undefined for services that have nothing to do with Docker. */
function flavourOf({ image, aliases, command }: Candidate): DindFlavour | undefined {
  const base = baseNameOf(image);
  if (base === "docker") return officialFlavour(image);
  if (
    base === undefined ||
    /dind|docker-in-docker/.test(base) ||
    aliases.some((alias) => alias === "docker" || alias === "dind")
  )
    return "custom";
  if (/dind/.test(showText(image.text))) return "custom";
  return base === "podman" && command?.includes("service") === true ? "custom" : undefined;
}

function officialFlavour({ tag, digest }: ImageReference): DindFlavour {
  const written = tag.known ? (tag.value === undefined ? "latest" : showText(tag.value)) : "";
  if (/dind/.test(written)) return "official";
  const isLiteral =
    tag.known && (tag.value === undefined ? digest === undefined : literalText(tag.value) !== undefined);
  if (!isLiteral) return "custom";
  return dockerImageTag(written).is === "dind" ? "official" : "client";
}

function dindService(candidate: Candidate, flavour: DindFlavour): DindService {
  const { service, image, at } = candidate;
  const tag = flavour === "custom" ? undefined : dockerImageTag(tagText(image));
  const names = imageHostnames(image);
  const bypassesEntrypoint = bypasses(candidate);
  const certdir = candidate.certdir ?? defaultCertdir(flavour, tag?.hasTls === true);
  const isDefaultStart = flavour === "official" && !bypassesEntrypoint && !startsOtherwise(candidate.command);
  const tls = isDefaultStart ? tlsBy(tag?.version, certdir) : "unknown";
  return {
    flavour,
    service,
    from: service === undefined ? "runner" : "job",
    image,
    at,
    version: tag?.version,
    hostnames: [...new Set([...names.hostnames, ...candidate.aliases])],
    hostnamesComplete: names.isComplete,
    certdir,
    tls,
    ports: [...DEFAULT_PORTS[tls], ...ownPorts(candidate.command)],
    bypassesEntrypoint,
  };
}

/** dockerd-entrypoint.sh: 2376 with TLS, 2375 without. */
const DEFAULT_PORTS: Readonly<Record<DindService["tls"], readonly number[]>> = {
  on: [2376],
  off: [2375],
  unknown: [],
};

function tagText(image: ImageReference): string {
  if (!image.tag.known) return "";
  return image.tag.value === undefined ? "latest" : showText(image.tag.value);
}

/** The image sets DOCKER_TLS_CERTDIR=/certs since 19.03. https://github.com/docker-library/docker (commit 6438624) */
function defaultCertdir(flavour: DindFlavour, hasTls: boolean): EffectiveValue {
  if (flavour === "custom")
    return { value: unknown("nothing is known of the image's defaults"), at: undefined, scope: "image" };
  return { value: known(hasTls ? "/certs" : ""), at: undefined, scope: "image" };
}

/** Before 18.09 the image knew no TLS. */
function tlsBy(version: DockerVersion | undefined, { value }: EffectiveValue): DindService["tls"] {
  if (version !== undefined && !isAtLeast(version, "18.09")) return "off";
  const path = valueIfKnown(value);
  if (path === undefined) return "unknown";
  return path === "" ? "off" : "on";
}

/**
 * dockerd-entrypoint.sh adds listeners and certificates only where its first argument is none or begins with a dash.
 * https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
 */
function bypasses({ command, entrypoint }: Candidate): boolean {
  if (entrypoint !== undefined) return !entrypoint.some((word) => word.includes("dockerd-entrypoint.sh"));
  return command?.[0] !== undefined && /(^|\/)dockerd$/.test(command[0]);
}

/** A command such as `sh -c "…"`: what it starts is not followed. */
const startsOtherwise = (command: readonly string[] | undefined): boolean =>
  command?.[0] !== undefined && !command[0].startsWith("-");

/** `--host=tcp://0.0.0.0:1234` and `-H tcp://…` of a command. */
function ownPorts(command: readonly string[] | undefined): readonly number[] {
  return [...(command ?? []).join(" ").matchAll(/(?:-H|--host)[= ]?tcp:\/\/[^\s:]*:(\d+)/g)].map((match) =>
    Number(match[1]),
  );
}

/**
 * Names that Runner derives from a service's image: tag, digest and the registry's port are cut, "/" becomes "__" and "-".
 * https://gitlab.com/gitlab-org/gitlab-runner (helpers/container/services, SplitNameAndVersion)
 */
export function imageHostnames(image: ImageReference): {
  readonly hostnames: readonly string[];
  readonly isComplete: boolean;
} {
  const host = image.registry.known ? image.registry.value : undefined;
  const path = literalText(image.repository);
  const registry = host === undefined ? "" : literalText(host)?.replace(/:\d+$/, "");
  if (path === undefined || registry === undefined || !image.registry.known)
    return { hostnames: [], isComplete: false };
  const name = registry === "" ? path : `${registry}/${path}`;
  return {
    hostnames: [...new Set([name.replaceAll("/", "__"), name.replaceAll("/", "-")])],
    isComplete: true,
  };
}

/** Whether a service answers to a host name; undefined where its names are not all known. */
export function answersTo(
  service: Pick<DindService, "image" | "hostnames" | "hostnamesComplete">,
  host: string,
): boolean | undefined {
  if (service.hostnames.includes(host)) return true;
  if (service.hostnamesComplete) return false;
  // A name that is derived from a path with a slash holds "-" or "__".
  return showText(service.image.text).includes("/") && !/-|__/.test(host) ? false : undefined;
}
