// A job that builds without Docker and lacks a part of what that takes: a daemon, an entrypoint, a flag, a directory.
// https://docs.gitlab.com/ci/docker/using_buildkit/
import { ROOTLESS_FLAG } from "../../data/builder-images";
import {
  builderOfImage,
  buildWithoutStorage,
  clientWithoutDaemon,
  filesAsFolders,
  isRootless,
  sandboxedBuild,
  type FileAsFolder,
} from "../../model/docker/buildkit-job";
import { surelyRuns, type ContainerCommand } from "../../model/docker/command";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { isDockerExecutor } from "../../model/runner/runner-profile";
import { daemonlessFix, entrypointFix, flagFix, folderFix, storageFix } from "../buildkit-fix";
import { defineRule, type Report, type RuleContext } from "../rule";

export const buildkitJobIncomplete = defineRule({
  id: "buildkit-job-incomplete",
  title: "Build without Docker that lacks a part",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports jobs with `buildctl` that cannot work: no daemon to talk to; `moby/buildkit` with its own entrypoint on the Docker executor; a rootless image without `--oci-worker-no-process-sandbox` on an unprivileged runner; `--local dockerfile=` that names a file. Also buildah and podman without `STORAGE_DRIVER` on a runner that is known to be unprivileged and without `/dev/fuse`.",
    why: '`buildctl` alone looks for `unix:///run/buildkit/buildkitd.sock`, which only a `buildkitd` serves. The image\'s entrypoint starts one that never ends, so the job hangs until its timeout. Without the flag the container may not mount `/proc` ("operation not permitted"), and a file in the place of a directory gives "not a directory".',
    fix: 'Use `buildctl-daemonless.sh`, `entrypoint: [""]`, `BUILDKITD_FLAGS: --oci-worker-no-process-sandbox`, and the directory with `--opt filename=`.',
    example: {
      bad: `
build:
  image:
    name: moby/buildkit:v0.33.0-rootless
    entrypoint: [""]
  variables:
    BUILDKITD_FLAGS: --oci-worker-no-process-sandbox
  script:
    - buildctl build --frontend dockerfile.v0 --local context=. --local dockerfile=.
`,
      good: `
build:
  image:
    name: moby/buildkit:v0.33.0-rootless
    entrypoint: [""]
  variables:
    BUILDKITD_FLAGS: --oci-worker-no-process-sandbox
  script:
    - buildctl-daemonless.sh build --frontend dockerfile.v0 --local context=. --local dockerfile=.
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_buildkit/",
      "https://github.com/moby/buildkit#daemonless",
      "https://github.com/moby/buildkit/blob/master/docs/rootless.md",
      "https://gitlab.com/gitlab-org/gitlab/-/issues/549941",
      "https://docs.gitlab.com/ci/docker/using_buildah/",
    ],
  },

  *check(job, ctx) {
    for (const file of filesAsFolders(ctx, job)) yield folder(file);
    const builder = builderOfImage(ctx, job);
    if (builder === "buildkit") {
      yield* daemon(job, ctx);
      yield* entrypoint(job, ctx);
      yield* sandbox(job, ctx);
    }
    if (builder === "buildah" || builder === "podman") yield* storage(job, ctx);
  },
});

const placeOf = ({ nameAt, via }: ContainerCommand): Report["at"] => ({ at: nameAt, via });

/** `BUILDKITD_FLAGS` says that the job is meant to start the daemon itself; else its address may be set in the project. */
function daemon(job: Job, ctx: RuleContext): readonly Report[] {
  const client = clientWithoutDaemon(ctx, job);
  if (client === undefined) return [];
  const isSure = job.variables.has("BUILDKITD_FLAGS") && surelyRuns(client);
  const unless = job.variables.has("BUILDKITD_FLAGS")
    ? ""
    : ", unless `BUILDKIT_HOST` is set outside of the files";
  return [
    {
      at: placeOf(client),
      severity: isSure ? "error" : "warning",
      confidence: isSure ? "certain" : "likely",
      message: `\`buildctl\` looks for a daemon at unix:///run/buildkit/buildkitd.sock, which nothing in this job serves${unless}; use \`buildctl-daemonless.sh\`, which starts one for the build`,
      fixes: daemonlessFix(client),
    },
  ];
}

/** Kubernetes replaces the entrypoint by itself. https://docs.gitlab.com/runner/executors/kubernetes/ */
function entrypoint(job: Job, ctx: RuleContext): readonly Report[] {
  const { image } = job;
  const { executor } = profileOf(ctx, job);
  if (image === undefined || image.entrypoint !== undefined || executor === "kubernetes") return [];
  const isSure = isDockerExecutor(executor);
  return [
    {
      at: image.name,
      severity: isSure ? "error" : "info",
      confidence: isSure ? "certain" : "likely",
      message: `The entrypoint of \`${image.name.value}\` starts \`buildkitd\` in the script's place${isSure ? "" : " on runners of the Docker executor"}, so the job hangs until its timeout; add \`entrypoint: [""]\``,
      fixes: entrypointFix(image, ctx),
    },
  ];
}

function sandbox(job: Job, ctx: RuleContext): readonly Report[] {
  const { privileged } = profileOf(ctx, job);
  if (!isRootless(ctx, job) || privileged?.value === true) return [];
  const build = sandboxedBuild(ctx, job);
  const isSure = privileged?.value === false;
  const who = isSure ? "this runner's containers" : "unprivileged containers";
  return build === undefined
    ? []
    : [
        {
          at: placeOf(build),
          severity: isSure ? "warning" : "info",
          confidence: isSure ? "certain" : "likely",
          message: `Rootless BuildKit makes a sandbox for processes, which ${who} may not do ("operation not permitted"); set \`BUILDKITD_FLAGS: ${ROOTLESS_FLAG}\``,
          fixes: flagFix(job, ctx),
        },
      ];
}

function folder(file: FileAsFolder): Report {
  const { command, flag, path } = file;
  return {
    at: { at: flag.value?.at ?? flag.at, via: command.via },
    severity: surelyRuns(command) ? "error" : "warning",
    message: `\`--local dockerfile=\` wants a directory, and \`${path}\` is a file, so the build ends with "not a directory"; name the directory, and the file with \`--opt filename=\``,
    fixes: folderFix(file),
  };
}

function storage(job: Job, ctx: RuleContext): readonly Report[] {
  const build = buildWithoutStorage(ctx, job);
  if (build === undefined) return [];
  const name = build.tool;
  return [
    {
      at: placeOf(build),
      severity: "info",
      confidence: "likely",
      message: `The runner gives this job neither privileges nor \`/dev/fuse\`, which ${name} may need to store images as overlays; \`STORAGE_DRIVER: vfs\` does without`,
      fixes: storageFix(job, ctx),
    },
  ];
}
