// "Pin client and daemon to Docker <version>": one version for the job's `docker` image and for its dind service.
import { removeVariable, together } from "../../model/docker/dind-edit";
import { daemonOf, type DindService } from "../../model/docker/daemon";
import { jobImagesOf, type JobImage } from "../../model/docker/job-images";
import { known } from "../../model/docker/resolved";
import { storageDriverOf } from "../../model/flow/image-store";
import type { Job } from "../../model/pipeline/job";
import { visibleJobsOf } from "../../model/pipeline/resolve";
import { settingsOf } from "../../model/settings-of";
import type { QueryContext } from "../../query/query";
import { setDockerVersion, withoutTwins } from "../../rules/docker-tag";
import type { ChunkEdit } from "../../text/edit";
import { isIn } from "../position/spot";
import { jobsAtCursor } from "./at-cursor";
import { defineRefactoring, type Cursor } from "./refactoring";

export const pinDocker = defineRefactoring({
  id: "pin-docker",
  kind: "refactor.rewrite",
  offer(ctx, cursor) {
    const jobs = jobsAtCursor(ctx, cursor).filter((job) => !job.isHidden && namesImage(job, cursor));
    const version = ctx.get(settingsOf, null).settings.dockerVersion;
    const pins = jobs.map((job) => pinFor(ctx, job, version));
    const made = pins.flatMap((pin) => pin?.edits ?? []);
    if (made.length === 0 || pins.includes(undefined)) return [];
    const driver = pins.some((pin) => pin?.dropsDriver) ? ", without `DOCKER_DRIVER`" : "";
    // A variable that holds the version may be used by any job.
    const roots = [...new Set(jobs.map(({ root }) => root))];
    const changes = roots.flatMap((root) => visibleJobsOf(ctx, root)).map(({ name }) => name);
    const title = `Pin client and daemon to Docker ${version}${driver}`;
    return [{ title, edits: withoutTwins(made), changes }];
  },
});

/** The cursor stands in the job's `image` or in one of its services. */
const namesImage = ({ image, services }: Job, { spot }: Cursor): boolean =>
  [...(image === undefined ? [] : [image]), ...services].some(({ value }) => isIn(spot, value.at));

interface Pin {
  readonly edits: readonly ChunkEdit[];
  readonly dropsDriver: boolean;
}

/** Undefined where one of the two is not an official image whose tag can be written. */
function pinFor(ctx: QueryContext, job: Job, version: string): Pin | undefined {
  const { target } = daemonOf(ctx, job);
  const images = jobImagesOf(ctx, job);
  const client = images.find(({ role }) => role === "cli");
  const daemon = images.find(({ service }) => service !== undefined && service === target?.service);
  if (client === undefined || daemon === undefined || target?.flavour !== "official") return undefined;
  const [ofClient, ofDaemon] = [editsOf(client, version), editsOf(daemon, version)];
  if (ofClient === undefined || ofDaemon === undefined) return undefined;
  const pinned = withoutTwins([...ofClient, ...ofDaemon]);
  if (pinned.length === 0) return { edits: [], dropsDriver: false };
  const driver = withoutDriver(ctx, job, target, version);
  const edits = together(pinned, driver);
  return edits && { edits, dropsDriver: driver !== undefined && driver.length > 0 };
}

/**
 * Since 29 a daemon stores images with containerd, unless a driver of the older stores is named; the oldest of these it does not even
 * know any more. https://docs.docker.com/engine/storage/containerd/
 */
function withoutDriver(
  ctx: QueryContext,
  job: Job,
  target: DindService,
  version: string,
): readonly ChunkEdit[] | undefined {
  const driver = storageDriverOf(ctx, job, target);
  if (driver === undefined || driver.name === "vfs" || Number.parseInt(version, 10) < 29) return [];
  const { by, name, at, scope } = driver;
  return by === "flag" || name === undefined
    ? undefined
    : removeVariable(ctx, "DOCKER_DRIVER", { value: known(name), at, scope });
}

/** None where it is that version already. */
function editsOf({ images, role }: JobImage, version: string): readonly ChunkEdit[] | undefined {
  const [image, ...others] = images;
  if (image?.docker === undefined || others.length > 0) return undefined;
  if (image.versionText === version) return [];
  const edit = setDockerVersion(image, role, version);
  return edit && [edit];
}
