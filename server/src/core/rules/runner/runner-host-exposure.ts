// A runner whose jobs can become root on its host. https://docs.gitlab.com/runner/security/
import { booleanAt, stringsAt } from "../../model/runner/config";
import { profileOfRunner } from "../../model/runner/profile-of-runner";
import type { Runner, RunnerConfig } from "../../model/runner/runner";
import { entryOf, type TomlTable } from "../../syntax/toml-nodes";
import { setTomlKey } from "../../syntax/toml-edit";
import { textAt, type Origin } from "../../text/located";
import { defineRule, type FixDraft, type Report } from "../rule";

export const runnerHostExposure = defineRule({
  id: "runner-host-exposure",
  title: "Jobs of this runner can take over its host",
  severity: "info",
  since: "0.1.0",
  inspects: "runner-config",

  docs: {
    what: "Reports runners that give jobs the host's Docker socket, and runners that start every container privileged without a list of the images and services that may be.",
    why: "Whoever can change a pipeline on such a runner can start a container that mounts the host's file system, and reads what other projects' jobs and the runner itself keep there. Both are ways to build images; the point is to know who may use them.",
    fix: "Let only the Docker-in-Docker service be privileged (`services_privileged` with `allowed_privileged_services`), or keep the runner for protected branches and projects that you trust.",
    example: {
      file: "config.toml",
      bad: `[[runners]]
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = true
    volumes = ["/certs/client", "/cache"]
`,
      good: `[[runners]]
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = false
    services_privileged = true
    allowed_privileged_services = ["docker.io/library/docker:*-dind*", "docker:*-dind*"]
    volumes = ["/certs/client", "/cache"]
`,
    },
    references: [
      "https://docs.gitlab.com/runner/security/",
      "https://docs.gitlab.com/runner/executors/docker/#use-docker-in-docker-with-privileged-mode",
    ],
  },

  *check(config) {
    for (const runner of config.runners) {
      const { section, volumes, runtime } = profileOfRunner(config, runner);
      if (section === undefined || isForOneJob(runner) || runtime?.startsWith("sysbox") === true) continue;
      const socket = volumes?.find(({ value }) => /docker\.sock(:|$)/.test(value))?.at;
      if (socket !== undefined) yield socketReport(socket);
      yield* privileged(config, section);
    }
  },
});

/** Autoscaled machines that are thrown away after one job. */
function isForOneJob({ table, executor }: Runner): boolean {
  const number = (key: string, section: string): unknown => {
    const value = entryOf(table, section, key)?.value;
    return value?.kind === "number" ? value.value : undefined;
  };
  return (
    (executor?.value === "docker+machine" && number("MaxBuilds", "machine") === 1) ||
    (executor?.value === "docker-autoscaler" && number("max_use_count", "autoscaler") === 1)
  );
}

const socketReport = (at: Origin): Report => ({
  at,
  message:
    "Every job on this runner gets the host's Docker socket, and with it can start a container that is root on the host; keep the runner for projects and protected branches that you trust",
});

function* privileged(config: RunnerConfig, section: TomlTable): Iterable<Report> {
  const setting = booleanAt(section, "privileged");
  if (setting?.value !== true) return;
  const lists = ["allowed_privileged_images", "allowed_privileged_services"];
  if (lists.some((key) => stringsAt(section, key) !== undefined)) return;
  const isKubernetes = config.runners.some(({ executor }) => executor?.value === "kubernetes");
  yield {
    at: setting.at,
    message: `Every container of every job on this runner is privileged, so a job can become root on the host; ${isKubernetes ? "keep the runner for projects and protected branches that you trust" : "let only the Docker-in-Docker service be it: `services_privileged` with `allowed_privileged_services`"}`,
    fixes: isKubernetes ? [] : servicesOnly(section, setting.at),
  };
}

const ALLOWED = '["docker.io/library/docker:*-dind*", "docker:*-dind*"]';

function servicesOnly(section: TomlTable, at: Origin): readonly FixDraft[] {
  const switchOn = setTomlKey(section, "services_privileged", "true");
  const allow = setTomlKey(section, "allowed_privileged_services", ALLOWED);
  if (switchOn === undefined || allow === undefined || textAt(at) !== "true") return [];
  const edits = [{ chunk: at.chunk, start: at.start, end: at.end, newText: "false" }, ...switchOn, ...allow];
  return [{ title: "Let only Docker-in-Docker services be privileged", safety: "suggested", edits }];
}
