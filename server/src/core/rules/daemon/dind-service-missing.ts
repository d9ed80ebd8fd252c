// A job whose commands need a daemon, and nothing in sight that is one. Loud only where the runner is known.
// https://docs.gitlab.com/ci/docker/using_docker_build/
import { dialectOf } from "../../model/docker/find-commands";
import { expandImage } from "../../model/docker/image-of";
import type { DaemonAccess } from "../../model/docker/daemon";
import { missingDaemonOf } from "../../model/docker/daemon-missing";
import type { ContainerCommand } from "../../model/docker/command";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { runnerLabel } from "../../model/runner/shared-paths";
import { runnerEntry } from "../../model/runner/teach";
import type { Severity } from "../../settings/settings";
import { serviceFixes } from "../service-fix";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const dindServiceMissing = defineRule({
  id: "dind-service-missing",
  title: "No Docker daemon for this job",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports jobs whose commands need a Docker daemon although no service is one and no known runner provides one.",
    why: 'The `docker` client only talks to a daemon. Without one the job ends with "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?".',
    fix: "Add a `docker:dind` service of the client's version, or say in `.gitlab-ci-docker.yml` that the runner provides a daemon.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  script:
    - docker build -t app .
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker build -t app .
`,
      with: { Dockerfile: "FROM scratch\n" },
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://docs.gitlab.com/runner/executors/docker/",
    ],
  },

  *check(job, ctx) {
    const missing = missingDaemonOf(ctx, job);
    if (missing === undefined) return;
    const { command, access } = missing;
    if (mayBeThere(ctx, job, access) && (isForShell(job) || isForWindows(job, ctx))) return;
    const related = access.clients.slice(0, 1).map((client) => ({
      at: client.at.at,
      message: "this image is the client alone; a daemon has the suffix `-dind`",
    }));
    yield {
      at: { value: command.verb, at: command.verbAt, via: command.via },
      severity: severityOf(job, access, ctx),
      message: messageOf(command, access, ctx, job),
      related,
      fixes: [...serviceFixes(ctx, job, missing), ...teaching(job, ctx)],
    };
  },
});

/** Windows has no Docker-in-Docker: the daemon is the machine's. https://docs.gitlab.com/ci/runners/hosted_runners/windows/ */
const isForWindows = (job: Job, ctx: RuleContext): boolean => dialectOf(ctx, job) === "powershell";

/** No file describes the runner, but the job's tags say that it runs its jobs on the machine itself: `shell`, `dev-shell`. */
const isForShell = ({ image, tags }: Job): boolean =>
  image === undefined && tags.some(({ value }) => /\bshell\b/i.test(value));

/** The runner may mount a daemon's socket: nothing is known of it, or the settings describe it and no volumes. */
function mayBeThere(ctx: RuleContext, job: Job, access: DaemonAccess): boolean {
  const { source, volumes = [], mountPaths } = profileOf(ctx, job);
  return access.kind === "unknown" || (source === "settings" && volumes.length + mountPaths.length === 0);
}

/** Sure where the runner is known. Where not, a warning only for what looks like a job for any runner. */
function severityOf(job: Job, access: DaemonAccess, ctx: RuleContext): Severity {
  if (!mayBeThere(ctx, job, access)) return profileOf(ctx, job).isDoubtful ? "warning" : "error";
  const image = job.image === undefined ? undefined : expandImage(ctx, job, job.image);
  const isPlain = job.tags.length === 0 && (job.image === undefined || image?.docker !== undefined);
  return isPlain || access.clients.length > 0 ? "warning" : "info";
}

function messageOf(command: ContainerCommand, access: DaemonAccess, ctx: RuleContext, job: Job): string {
  const profile = profileOf(ctx, job);
  const runner =
    profile.isKnown && profile.file !== undefined ? `, and ${runnerLabel(profile)} mounts no socket` : "";
  const service =
    access.clients.length > 0 ? "its `docker` service is the client alone" : "no `docker:dind` service";
  const unless = mayBeThere(ctx, job, access)
    ? ", unless its runner provides one, which no file here says"
    : "";
  const verb = command.tool === "docker-compose" ? command.verb.replace(/^compose /, "") : command.verb;
  const what = `\`${command.tool} ${verb}\` needs a Docker daemon and this job has none (${service}${runner})`;
  return `${what}, so it ends with "Cannot connect to the Docker daemon"${unless}; add a \`docker:dind\` service`;
}

function teaching(job: Job, ctx: RuleContext): readonly FixDraft[] {
  // The first entry for a job's tags counts, so another one would change nothing.
  if (profileOf(ctx, job).source === "settings") return [];
  const taught = runnerEntry(
    ctx,
    job.tags.map(({ value }) => value),
    ["executor: docker", 'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]'],
  );
  const title = "My runner provides a Docker daemon: say so in `.gitlab-ci-docker.yml`";
  return taught === undefined ? [] : [{ ...taught, title, safety: "manual" }];
}
