// Lenses of runner configurations: how many jobs of the workspace start a Docker daemon as a service, which only a privileged
// runner lets them. https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker
import { dockerImageTag } from "../../data/known-images";
import { daemonOf, type DindService } from "../../model/docker/daemon";
import { showText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { runnerConfigOf } from "../../model/runner/config";
import { profileOf, type RunnerProfile } from "../../model/runner/profile";
import type { Runner } from "../../model/runner/runner";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { allJobs } from "../symbols/jobs-of-workspace";
import { jobsOf } from "./builders";
import { counted, leadingTo, type Lens } from "./lens";

/**
 * "2 jobs need privileged" above a runner that is known to take them. Where it is not known which runner takes which job, one
 * lens above the first runner with containers says how many there are.
 */
export function runnerLenses(ctx: QueryContext, path: FilePath): readonly Lens[] {
  const runners = runnerConfigOf(ctx, path)?.runners ?? [];
  const starters = ctx.get(daemonStarters, null);
  const served = runners.flatMap((runner) => {
    const jobs = jobsOf(starters.filter(({ profile }) => profile.runner === runner));
    const verb = jobs.length === 1 ? "needs" : "need";
    return lensAt(runner, jobs, `${counted(jobs.length, "job")} ${verb} privileged`);
  });
  if (served.length > 0) return served;
  const first = runners.find(startsContainers);
  const others = jobsOf(starters.filter(({ profile }) => !profile.isKnown));
  const verb = others.length === 1 ? "starts" : "start";
  const title = `${counted(others.length, "job")} of this workspace ${verb} docker:dind`;
  return first === undefined ? [] : lensAt(first, others, title);
}

const lensAt = ({ at }: Runner, jobs: readonly Job[], title: string): readonly Lens[] =>
  jobs.length === 0
    ? []
    : [
        leadingTo(
          title,
          at,
          jobs.map(({ nameAt }) => nameAt),
        ),
      ];

interface DaemonStarter {
  readonly job: Job;
  readonly profile: RunnerProfile;
}

/** The jobs whose own services are a Docker daemon that needs privileges, with what is known of their runners. */
const daemonStarters = defineQuery<null, readonly DaemonStarter[]>({
  name: "daemonStarters",
  compute: (ctx) =>
    allJobs(ctx).flatMap((job) => {
      if (job.isHidden || job.isTrigger || job.services.length === 0) return [];
      const profile = profileOf(ctx, job);
      if (profile.ignoresImages === true || profile.runtime?.startsWith("sysbox") === true) return [];
      return daemonOf(ctx, job).dind.some(needsPrivileges) ? [{ job, profile }] : [];
    }),
  equals: (a, b) =>
    a.length === b.length &&
    a.every(({ job, profile }, index) => {
      const other = b[index];
      return job === other?.job && profile === other.profile;
    }),
});

/** Rootless daemons are left out: some runners are set up for them in other ways. */
function needsPrivileges({ flavour, from, image: { tag } }: DindService): boolean {
  if (flavour !== "official" || from !== "job" || !tag.known) return false;
  return tag.value === undefined || !dockerImageTag(showText(tag.value)).isRootless;
}

const startsContainers = ({ executor }: Runner): boolean =>
  /^(?:docker|docker\+machine|docker-autoscaler|kubernetes)$/.test(executor?.value ?? "");
