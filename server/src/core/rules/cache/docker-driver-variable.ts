// DOCKER_DRIVER is read by the daemon: today it slows it down, takes features from it, or keeps it from starting.
// https://docs.docker.com/engine/storage/containerd/ , moby `daemon/image_store_choice.go`
import { buildOf } from "../../model/docker/build";
import { removeVariable } from "../../model/docker/dind-edit";
import { dindServicesOf, type DindService } from "../../model/docker/dind-service";
import { commandsOf } from "../../model/docker/find-commands";
import { known } from "../../model/docker/resolved";
import { builderOf } from "../../model/flow/builder";
import { beyondDockerDriver } from "../../model/flow/driver-limits";
import { majorOf, removedIn, storageDriverOf, type NamedDriver } from "../../model/flow/image-store";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dockerDriverVariable = defineRule({
  id: "docker-driver-variable",
  title: "`DOCKER_DRIVER` chooses an old storage driver",
  severity: "info",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports a storage driver that is chosen for a dind service, by \`DOCKER_DRIVER\` or \`--storage-driver\`: an error for drivers that Docker
no longer has (\`overlay\`, \`aufs\`, \`devicemapper\`), a warning for \`vfs\`, information for \`overlay2\` on Docker 29, a hint before that.`,
    why: `\`overlay2\` was good advice until 2017, and is the default since. Docker 29 keeps images with containerd; a driver that is chosen by
name switches that off, and with it cache export and images for several platforms. \`vfs\` copies every layer in full. With a driver
that was removed the daemon does not start: "configured driver "overlay" not available", "the overlay storage-driver has been
deprecated and removed".`,
    fix: "Remove the variable.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_TLS_CERTDIR: "/certs"
    DOCKER_DRIVER: overlay2
  script:
    - docker build -t app .
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker build -t app .
`,
    },
    references: [
      "https://docs.docker.com/engine/storage/containerd/",
      "https://docs.docker.com/engine/deprecated/",
      "https://github.com/moby/moby/blob/master/daemon/image_store_choice.go",
    ],
  },

  *check(job, ctx) {
    const profile = profileOf(ctx, job);
    if (profile.ignoresImages === true || job.services.length + profile.services.length === 0) return;
    for (const service of dindServicesOf(ctx, job, profile)) {
      if (service.flavour === "client") continue;
      const driver = storageDriverOf(ctx, job, service);
      if (driver?.at === undefined || driver.name === undefined) continue;
      const judgement = judge(ctx, job, service, driver, driver.name);
      if (judgement !== undefined)
        yield { at: driver.at, ...judgement, fixes: fixesFor(ctx, driver, driver.name) };
    }
  },
});

type Judgement = Pick<Report, "severity" | "message" | "related">;

function judge(
  ctx: RuleContext,
  job: Job,
  service: DindService,
  driver: NamedDriver,
  name: string,
): Judgement | undefined {
  const written = driver.by === "variable" ? `\`DOCKER_DRIVER: ${name}\`` : `\`--storage-driver=${name}\``;
  const since = removedIn(service, name);
  if (since !== undefined)
    return {
      severity: "error",
      message: `Docker ${since} removed the storage driver \`${name}\`, so the daemon of \`${service.at.value}\` does not start ("${errorOf(service, name)}"); remove ${written}`,
      related: [{ at: service.at.at, message: "the daemon" }],
    };
  if (name === "vfs")
    return {
      severity: "warning",
      message: `${written} copies every layer in full, which makes builds slow and fills the disk; remove it unless the runner's file system allows nothing else`,
    };
  const major = majorOf(service);
  if (name !== "overlay2" || major === undefined) return undefined;
  if (major < 29)
    return { severity: "hint", message: `${written} says what the daemon does by itself; remove it` };
  const loses = job.services.length > 0 && needsContainerdStore(ctx, job);
  return {
    severity: loses ? "warning" : "info",
    message: `${written} makes Docker 29 leave its containerd image store for the older graph drivers, which can neither export a layer cache nor hold images for several platforms; remove it`,
  };
}

const errorOf = (service: DindService, name: string): string =>
  (majorOf(service) ?? 0) < 29
    ? `the ${name} storage-driver has been deprecated and removed`
    : `configured driver "${name}" not available`;

/** A build wants what the older store cannot do. */
const needsContainerdStore = (ctx: RuleContext, job: Job): boolean =>
  commandsOf(ctx, job).some((command) => {
    const build = buildOf(ctx, command);
    if (build === undefined || beyondDockerDriver(ctx, build) === undefined) return false;
    const { driver, store } = builderOf(ctx, command);
    return driver === "docker" && store === "graphdriver";
  });

function fixesFor(ctx: RuleContext, { by, at, scope }: NamedDriver, name: string): readonly FixDraft[] {
  if (by !== "variable") return [];
  const edits = removeVariable(ctx, "DOCKER_DRIVER", { value: known(name), at, scope });
  if (edits === undefined || edits.length === 0) return [];
  return [{ title: "Remove `DOCKER_DRIVER`", safety: "suggested", edits }];
}
