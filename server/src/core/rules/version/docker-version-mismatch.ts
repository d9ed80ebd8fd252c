// Client and daemon whose API versions do not meet, or a daemon of a release that is known to break pushes.
// https://docs.docker.com/reference/api/engine/#api-version-matrix
import { BROKEN_PUSH, compareApi, releaseOf, type DockerVersion } from "../../data/docker-versions";
import { daemonOf, type DindService } from "../../model/docker/daemon";
import { jobValue, type EffectiveValue } from "../../model/docker/effective-value";
import type { ExpandedImage } from "../../model/docker/image-of";
import { jobImagesOf } from "../../model/docker/job-images";
import { pushesOf } from "../../model/docker/registry-use";
import { valueIfKnown } from "../../model/docker/resolved";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { settingsOf } from "../../model/settings-of";
import { setDockerVersion, withoutTwins } from "../docker-tag";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dockerVersionMismatch = defineRule({
  id: "docker-version-mismatch",
  title: "Client and daemon do not fit each other",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `docker` client image and a `docker:dind` service whose API versions do not meet, a `DOCKER_API_VERSION` that the daemon does not speak, daemons of 29.7.0 to 29.7.2 in jobs that push, and, as information, different major versions.",
    why: 'A daemon refuses clients below its oldest API: "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version". The containerd image store of 29.7.0 to 29.7.2 can lose layers of a push: "blob unknown to registry".',
    fix: "Use the same version on both sides.",
    example: {
      bad: `
build:
  image: docker:20.10
  services: [docker:29.0-dind]
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker info
`,
    },
    references: [
      "https://docs.docker.com/reference/api/engine/#api-version-matrix",
      "https://docs.docker.com/engine/release-notes/29/",
      "https://github.com/moby/moby/issues/53293",
    ],
  },

  *check(job, ctx) {
    if (job.services.length === 0) return;
    const { target } = daemonOf(ctx, job);
    if (target?.flavour !== "official" || target.version === undefined) return;
    const daemon = { target, version: target.version };
    const alone = apiVersionFault(ctx, job, daemon) ?? brokenPush(ctx, job, daemon);
    if (alone !== undefined) yield alone;
    yield* withClient(ctx, job, daemon);
  },
});

/** The dind service of a known version that the job talks to. */
interface Daemon {
  readonly target: DindService;
  readonly version: DockerVersion;
}

function* withClient(ctx: RuleContext, job: Job, { target, version }: Daemon): Iterable<Report> {
  const [image] = jobImagesOf(ctx, job).find(({ role }) => role === "cli")?.images ?? [];
  const client = image?.docker?.version;
  const fault = client === undefined ? undefined : faultOf(client, version);
  if (job.image === undefined || image === undefined || fault === undefined) return;
  yield {
    at: job.image.name,
    severity: fault.severity,
    message: fault.message,
    related: [{ at: target.at.at, message: "the daemon" }],
    fixes: sameVersion(ctx, job, image, target),
  };
}

const shown = ({ major, minor, patch }: DockerVersion): string =>
  [major, minor === undefined ? undefined : String(minor).padStart(major < 23 ? 2 : 1, "0"), patch]
    .filter((part) => part !== undefined)
    .join(".");

interface Fault {
  readonly severity: "error" | "info";
  readonly message: string;
}

function faultOf(client: DockerVersion, daemon: DockerVersion): Fault | undefined {
  const [c, d] = [releaseOf(client), releaseOf(daemon)];
  const names = `client ${shown(client)} and daemon ${shown(daemon)}`;
  if (c !== undefined && d !== undefined && compareApi(c.api, d.minimumForDaemon) < 0) {
    return {
      severity: "error",
      message: `Daemon ${shown(daemon)} refuses client ${shown(client)} with "client version ${c.api} is too old. Minimum supported API version is ${d.minimumForDaemon}"; use the same version for both`,
    };
  }
  if (c?.minimumForClient !== undefined && d !== undefined && compareApi(d.api, c.minimumForClient) < 0) {
    return {
      severity: "error",
      message: `Client ${shown(client)} speaks API ${c.minimumForClient} and newer, but daemon ${shown(daemon)} only knows ${d.api}, so it ends with "client version … is too new. Maximum supported API version is ${d.api}"; use the same version for both`,
    };
  }
  if (client.major === daemon.major) return undefined;
  return {
    severity: "info",
    message: `The ${names} are different major versions, which nobody tests together; use the same version for both`,
  };
}

/** The client speaks exactly this version, without asking the daemon. */
function apiVersionFault(ctx: RuleContext, job: Job, { target, version }: Daemon): Report | undefined {
  const setting: EffectiveValue | undefined = jobValue(ctx, job, profileOf(ctx, job), "DOCKER_API_VERSION");
  const value = setting === undefined ? undefined : valueIfKnown(setting.value);
  const release = releaseOf(version);
  if (setting?.at === undefined || value === undefined || release === undefined) return undefined;
  if (!/^\d+\.\d+$/.test(value)) return undefined;
  const isOld = compareApi(value, release.minimumForDaemon) < 0;
  if (!isOld && compareApi(value, release.api) <= 0) return undefined;
  const limit = isOld
    ? `too old. Minimum supported API version is ${release.minimumForDaemon}`
    : `too new. Maximum supported API version is ${release.api}`;
  return {
    at: setting.at,
    message: `\`DOCKER_API_VERSION\` makes the client speak ${value}, which daemon ${shown(version)} refuses with "client version ${value} is ${limit}"; remove the variable, client and daemon then agree by themselves`,
    related: [{ at: target.at.at, message: "the daemon" }],
  };
}

function brokenPush(ctx: RuleContext, job: Job, { target, version }: Daemon): Report | undefined {
  const written = shown(version);
  if (!BROKEN_PUSH.includes(written) || pushesOf(ctx, job).length === 0) return undefined;
  return {
    at: target.at,
    severity: "warning",
    message: `Pushes from Docker ${written} can end with "blob unknown to registry" (moby#53293); use 29.6.2 until a later release mends it`,
  };
}

function sameVersion(
  ctx: RuleContext,
  job: Job,
  client: ExpandedImage,
  { service }: DindService,
): readonly FixDraft[] {
  const version = ctx.get(settingsOf, null).settings.dockerVersion;
  const [daemon, ...others] = jobImagesOf(ctx, job).find((each) => each.service === service)?.images ?? [];
  if (daemon === undefined || others.length > 0) return [];
  const pairs = [
    [client, "cli"],
    [daemon, "dind"],
  ] as const;
  const wanted = pairs.filter(([image]) => image.versionText !== version);
  const edits = wanted.flatMap(([image, role]) => setDockerVersion(image, role, version) ?? []);
  if (edits.length !== wanted.length) return [];
  return [
    { title: `Use Docker ${version} for client and daemon`, safety: "suggested", edits: withoutTwins(edits) },
  ];
}
