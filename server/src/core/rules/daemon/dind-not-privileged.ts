// A Docker daemon in a service needs a privileged container, which only the runner can give.
// https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker
import { commandsOf } from "../../model/docker/find-commands";
import type { ContainerCommand } from "../../model/docker/command";
import { daemonOf, type DindService } from "../../model/docker/daemon";
import { nestedDaemonsOf } from "../../model/docker/nested-daemon";
import { profileOf, type RunnerProfile } from "../../model/runner/profile";
import { allowsPrivileged } from "../../model/runner/privileged";
import { runnerLabel } from "../../model/runner/shared-paths";
import { setTomlKey } from "../../syntax/toml-edit";
import { entryOf } from "../../syntax/toml-nodes";
import { setKey } from "../../syntax/yaml-edit";
import type { YamlMap } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import { textAt } from "../../text/located";
import { insertAfter } from "../edits";
import { tagsBesideOf } from "../service-tags";
import { unitedEntries } from "../../model/settings-teach";
import { runnerEntry } from "../../model/runner/teach";
import type { Job } from "../../model/pipeline/job";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dindNotPrivileged = defineRule({
  id: "dind-not-privileged",
  title: "Docker-in-Docker on an unprivileged runner",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `docker:dind` service when the runner that takes the job is known and runs containers without privileges, and `docker run docker:dind` without `--privileged`, and Compose services with that image without `privileged: true`. Where no runner is known it is a hint.",
    why: 'The daemon inside the service needs a privileged container. Without it dind dies with "mount: permission denied (are you root?)" and the job sees "lookup docker: no such host" or "Cannot connect to the Docker daemon".',
    fix: "Set `privileged = true` in `[runners.docker]` (or `services_privileged = true` with `allowed_privileged_services`), on a runner of its own.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  tags: [privileged]
  services: [docker:29.6.2-dind]
  script:
    - docker info
`,
      with: {
        "config.toml": `[[runners]]
  name = "small"
  url = "https://gitlab.example.com"
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = false
`,
        ".gitlab-ci-docker.yml": `runners:
  - tags: [privileged]
    privileged: true
`,
      },
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section",
    ],
  },

  *check(job, ctx) {
    const profile = profileOf(ctx, job);
    for (const command of commandsOf(ctx, job)) yield* nestedDaemon(command, ctx);
    if (profile.ignoresImages === true || (job.services.length === 0 && profile.services.length === 0))
      return;
    for (const dind of daemonOf(ctx, job).dind) {
      if (dind.flavour === "client" || !mayRun(profile, dind)) yield* judge(job, dind, profile, ctx);
    }
  },
});

const mayRun = (profile: RunnerProfile, dind: DindService): boolean =>
  profile.runtime?.startsWith("sysbox") === true || allowsPrivileged(profile, dind.image) === "yes";

function* judge(job: Job, dind: DindService, profile: RunnerProfile, ctx: RuleContext): Iterable<Report> {
  const image = dind.at.value;
  if (!profile.isKnown) {
    if (dind.from !== "job") return;
    yield {
      at: dind.at,
      severity: "hint",
      message: `\`${image}\` needs a runner with \`privileged = true\`; nothing in this workspace says that yours has it`,
      fixes: teaching(job, dind, ctx),
    };
    return;
  }
  if (allowsPrivileged(profile, dind.image) !== "no") return;
  const severity = profile.isDoubtful ? "warning" : "error";
  yield {
    at: dind.at,
    severity: hasOtherWays(profile) ? "info" : severity,
    message: `\`${image}\` needs \`privileged = true\`, but ${runnerLabel(profile)} runs containers without privileges, so dind dies with "mount: permission denied (are you root?)" and the job sees "lookup docker: no such host" or "Cannot connect to the Docker daemon"; set it on the runner`,
    related: profile.evidence.slice(0, 1).map((at) => ({ at, message: "this runner takes the job" })),
    fixes: privilegedFix(profile, image),
  };
}

/** A runner that is set up for a rootless daemon in its own way. https://docs.gitlab.com/runner/executors/docker/ */
const hasOtherWays = ({ section }: RunnerProfile): boolean =>
  section !== undefined &&
  ["devices", "security_opt", "cap_add"].some((key) => entryOf(section, key) !== undefined);

function privilegedFix(profile: RunnerProfile, image: string): readonly FixDraft[] {
  const { section, allowedPrivilegedServices: allowed } = profile;
  if (section === undefined) return [];
  const file = profile.file ?? "config.toml";
  if (allowed === undefined) {
    const edits = setTomlKey(section, "privileged", "true");
    return edits === undefined
      ? []
      : [{ title: `Set \`privileged = true\` in \`${file}\``, safety: "suggested", edits }];
  }
  // With a list of services `privileged` alone changes nothing for one that is not in it.
  const isOn = profile.privileged?.value === true || profile.servicesPrivileged?.value === true;
  const names = [...allowed.map((each) => each.value), image].map((name) => JSON.stringify(name));
  const list = setTomlKey(section, "allowed_privileged_services", `[${names.join(", ")}]`);
  const on = isOn ? [] : setTomlKey(section, "services_privileged", "true");
  if (list === undefined || on === undefined || image.includes("$")) return [];
  return [
    {
      title: `Allow \`${image}\` in \`allowed_privileged_services\` of \`${file}\``,
      safety: "suggested",
      edits: [...list, ...on],
    },
  ];
}

/** Says what the person who takes the fix says, for the tags of all jobs that use the service, and no more. */
function teaching(job: Job, dind: DindService, ctx: RuleContext): readonly FixDraft[] {
  const taught = tagsBesideOf(ctx, job, dind.at)
    .map((tags) => runnerEntry(ctx, tags, ["privileged: true"]))
    .filter((each) => each !== undefined);
  return taught.length === 0
    ? []
    : [
        {
          ...unitedEntries(taught),
          title: "My runner is privileged: say so in `.gitlab-ci-docker.yml`",
          safety: "manual",
        },
      ];
}

/** `docker run … docker:dind` without `--privileged`, and the same in a Compose file. */
function* nestedDaemon(command: ContainerCommand, ctx: RuleContext): Iterable<Report> {
  for (const { image, by, body, startedAt } of nestedDaemonsOf(ctx, command)) {
    const [without, add] =
      by === "run" ? ["`--privileged`", "`--privileged`"] : ["privileges", "`privileged: true`"];
    const fixes = by === "run" ? runFix(command) : composeFix(body);
    yield {
      at: image,
      message: `\`${image.value}\` is started without ${without}, so its daemon dies with "mount: permission denied (are you root?)"; add ${add}`,
      related: by === "run" ? [] : [{ at: startedAt, message: "the service is started here" }],
      fixes: fixes === undefined ? [] : [{ title: `Add ${add}`, safety: "suggested", edits: fixes }],
    };
  }
}

function runFix({ verbAt, item, isNested }: ContainerCommand): readonly ChunkEdit[] | undefined {
  const isOwn = verbAt.chunk === item.at.chunk && !isNested && /^(run|create)$/.test(textAt(verbAt));
  return isOwn ? [insertAfter(verbAt, " --privileged")] : undefined;
}

const composeFix = (body: YamlMap | undefined): readonly ChunkEdit[] | undefined =>
  body && setKey(body, "privileged", "true");
