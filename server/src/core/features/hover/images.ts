// Hover on `image:` and on services: what they are, under which names they answer, which version they bring.
import { endOfDocker } from "../../data/docker-lifecycles";
import type { DockerVersion } from "../../data/docker-versions";
import { holdsClient, jobImageOf } from "../../model/docker/client-image";
import { daemonOf } from "../../model/docker/daemon";
import { dindServicesOf, imageHostnames, type DindService } from "../../model/docker/dind-service";
import { valueIfKnown } from "../../model/docker/resolved";
import { expandImages, type ExpandedImage } from "../../model/docker/image-of";
import { weaknessOf } from "../../model/docker/image-support";
import { usesOf } from "../../model/flow/image-flow";
import type { Job, Service } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { splitAliases } from "../../model/runner/profile-of-runner";
import type { QueryContext } from "../../query/query";
import type { InJob } from "../position/jobs-at";
import { bullets, code, listed, paragraphs } from "./markdown";
import { referencesText } from "./references";

/** Up to 19.03 the second number was a month. */
const version = ({ major, minor, patch }: DockerVersion): string =>
  [major, major < 20 && minor !== undefined ? String(minor).padStart(2, "0") : minor, patch]
    .filter((part) => part !== undefined)
    .join(".");

const others = ({ others: count }: InJob<unknown>): string =>
  count === 0 ? "" : ` and ${count} other ${count === 1 ? "job" : "jobs"}`;

// ---- image

/** What is said of a job's image; undefined where it has none. */
export function imageText(ctx: QueryContext, found: InJob<unknown>): string | undefined {
  const { job } = found;
  if (job.image === undefined) return undefined;
  const images = expandImages(ctx, job, job.image);
  const profile = profileOf(ctx, job);
  const lines = [
    ...(profile.ignoresImages === true
      ? [`the ${profile.executor ?? ""} executor takes no notice of it`]
      : []),
    ...new Set(images.flatMap((image) => imageFacts(image))),
    ...clientLines(ctx, job),
    ...originLines(ctx, job, images),
  ];
  return paragraphs(
    `**Image** of job ${code(job.name)}${others(found)}`,
    referencesText(
      ctx,
      job,
      images.map(({ reference }) => reference),
    ),
    bullets(lines),
  );
}

function imageFacts({ docker, reference }: ExpandedImage): readonly string[] {
  if (docker !== undefined) {
    const what =
      docker.is === "dind"
        ? "Docker's own image, with client and daemon"
        : "Docker's own image, the client alone";
    const end = docker.version && endOfDocker(docker.version);
    return [
      what + (docker.version === undefined ? ", the newest version" : `, version ${version(docker.version)}`),
      ...(end === undefined ? [] : [`its line got no fixes since ${end}`]),
    ];
  }
  const weakness = weaknessOf(reference);
  if (weakness?.kind === "floating") return ["no version is named: what it holds changes by itself"];
  return weakness === undefined ? [] : [`out of support since ${weakness.since}`];
}

function clientLines(ctx: QueryContext, job: Job): readonly string[] {
  const image = jobImageOf(ctx, job, profileOf(ctx, job));
  const hasNone = image !== undefined && holdsClient(image) === "no";
  const { target } = daemonOf(ctx, job);
  return [
    ...(hasNone ? ["holds no `docker` command"] : []),
    ...(target === undefined
      ? []
      : [`the daemon is the service ${code(target.at.value)}${versionOf(target)}`]),
  ];
}

const versionOf = (service: DindService): string =>
  service.version === undefined ? "" : `, version ${version(service.version)}`;

/** An image that the pipeline makes itself. */
function originLines(ctx: QueryContext, job: Job, images: readonly ExpandedImage[]): readonly string[] {
  const uses = usesOf(
    ctx,
    job.root,
    images.map(({ reference }) => reference),
    "build",
    "push",
  );
  const names = [...new Set(uses.map((use) => use.job.name))];
  return names.length === 0 ? [] : [`made in this pipeline, by ${listed(names.map(code))}`];
}

// ---- services

/** What is said of a service. */
export function serviceText(ctx: QueryContext, found: InJob<Service>): string {
  const { job, found: service } = found;
  const images = expandImages(ctx, job, service);
  const dind = dindServicesOf(ctx, job, profileOf(ctx, job)).find((each) => each.service === service);
  return paragraphs(
    `**Service** of job ${code(job.name)}${others(found)}`,
    referencesText(
      ctx,
      job,
      images.map(({ reference }) => reference),
    ),
    bullets([...new Set(images.flatMap(imageFacts)), ...nameLines(service, images), ...dindLines(dind)]),
  );
}

function nameLines(service: Service, images: readonly ExpandedImage[]): readonly string[] {
  const names = images.map(({ reference }) => imageHostnames(reference));
  const all = [
    ...new Set([...names.flatMap(({ hostnames }) => hostnames), ...splitAliases(service.alias?.value)]),
  ];
  const isOpen = names.some(({ isComplete }) => !isComplete);
  if (all.length === 0)
    return isOpen ? ["host names: made of the image's name, which is not known here"] : [];
  return [
    `host names: ${listed(all.map(code))}${isOpen ? ", and those made of the image's name, which is not known here" : ""}`,
  ];
}

function dindLines(dind: DindService | undefined): readonly string[] {
  if (dind === undefined) return [];
  if (dind.flavour === "client") return ["**no daemon**: this tag is the client alone, which ends at once"];
  const { ports, tls, certdir, bypassesEntrypoint } = dind;
  const path = valueIfKnown(certdir.value);
  return [
    ...(ports.length === 0
      ? []
      : [`listens on ${ports.length === 1 ? "port" : "ports"} ${listed(ports.map(String))}`]),
    ...(tls === "on" ? [`with TLS; certificates in ${code(path ?? "")}`] : []),
    ...(tls === "off" ? ["without TLS: `DOCKER_TLS_CERTDIR` is empty"] : []),
    ...(tls === "unknown" ? ["whether it uses TLS is not known"] : []),
    ...(bypassesEntrypoint ? ["its command keeps the entrypoint from adding ports and certificates"] : []),
  ];
}
