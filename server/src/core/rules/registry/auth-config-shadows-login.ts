// `DOCKER_AUTH_CONFIG` in the environment wins over what `docker login` stored, since docker CLI 28.3.0.
// https://github.com/docker/cli/issues/6156 , cli/config/configfile/file.go of docker/cli
import { isAtLeast } from "../../data/docker-versions";
import { AUTH_CONFIG, authConfigOf, type AuthConfig } from "../../model/docker/auth-config";
import { loginsOf, type Login } from "../../model/docker/credentials";
import { dialectOf } from "../../model/docker/find-commands";
import { expandImages } from "../../model/docker/image-of";
import { registryOf, sameRegistry, type RegistryName } from "../../model/docker/registry-name";
import { pushesOf } from "../../model/docker/registry-use";
import type { Job } from "../../model/pipeline/job";
import { lineBefore } from "../login-fix";
import { nameOfRegistry } from "../registry-words";
import { defineRule, type Report, type RuleContext } from "../rule";

export const authConfigShadowsLogin = defineRule({
  id: "auth-config-shadows-login",
  title: "`DOCKER_AUTH_CONFIG` wins over the login",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `docker login` to a registry that `DOCKER_AUTH_CONFIG` has credentials for too, where the job then pushes to it.",
    why: `Since version 28.3 docker takes the credentials in the environment variable \`DOCKER_AUTH_CONFIG\` before those of
\`docker login\`. They are made for pulling the images of jobs and often may not push, so that the push ends with "denied:
requested access to the resource is denied" although the login before it succeeded.`,
    fix: "Unset the variable before the login.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  variables:
    DOCKER_AUTH_CONFIG: '{"auths": {"registry.example.com": {"auth": "$PULL_AUTH"}}}'
  script:
    - echo "$PASSWORD" | docker login -u "$USERNAME" --password-stdin registry.example.com
    - docker push registry.example.com/app:1
`,
      good: `
build:
  image: docker:29.6.2-cli
  variables:
    DOCKER_AUTH_CONFIG: '{"auths": {"registry.example.com": {"auth": "$PULL_AUTH"}}}'
  script:
    - unset DOCKER_AUTH_CONFIG
    - echo "$PASSWORD" | docker login -u "$USERNAME" --password-stdin registry.example.com
    - docker push registry.example.com/app:1
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_images/#determine-your-docker_auth_config-data",
      "https://github.com/docker/cli/issues/6156",
      "https://docs.docker.com/engine/release-notes/28/",
    ],
  },

  *check(job, ctx) {
    const logins = loginsOf(ctx, job).filter(({ command }) => command.tool === "docker");
    if (logins.length === 0 || dialectOf(ctx, job) !== "posix" || isUnset(job)) return;
    const config = authConfigOf(ctx, job);
    const version = config === undefined ? "none" : clientOf(ctx, job);
    if (config === undefined || version === "older") return;
    for (const login of logins) {
      const registry = shadowed(ctx, job, login, config.registries);
      if (registry !== undefined) yield report(login, registry, config, version === "newer");
    }
  },
});

function report({ command }: Login, registry: RegistryName, { at }: AuthConfig, isNewer: boolean): Report {
  const edit = lineBefore(command.item, `unset ${AUTH_CONFIG}`);
  const title = `Unset \`${AUTH_CONFIG}\` before the login`;
  return {
    at: { at: command.at, via: command.via },
    severity: isNewer ? "warning" : "info",
    message: `\`${AUTH_CONFIG}\` holds credentials for ${nameOfRegistry(registry)} too, and docker takes them before those of this login${isNewer ? "" : " from version 28.3 on"}, so the push uses what is often made for pulling only ("denied: requested access to the resource is denied"); unset it before the login`,
    related: at === undefined ? [] : [{ at: at.at, message: `\`${AUTH_CONFIG}\` is set here` }],
    fixes: edit === undefined ? [] : [{ title, safety: "suggested", edits: [edit] }],
  };
}

/** The script empties the variable, or sets it to something of its own. */
const isUnset = (job: Job): boolean => job.script.some(({ text }) => UNSET.test(text.text));
const UNSET = /\bunset\b.*\bDOCKER_AUTH_CONFIG\b|\bDOCKER_AUTH_CONFIG=|-u[ =]?DOCKER_AUTH_CONFIG\b/;

/** The registry of a login that the variable has credentials for, and that the job pushes to behind the login. */
function shadowed(
  ctx: RuleContext,
  job: Job,
  { command, registries }: Login,
  inConfig: readonly RegistryName[],
): RegistryName | undefined {
  const [registry, ...others] = registries;
  if (registry === undefined || others.length > 0) return undefined;
  const isSame = (name: RegistryName | undefined): boolean =>
    name !== undefined && sameRegistry(ctx, name, registry) === "yes";
  const isPushed = pushesOf(ctx, job).some(
    (push) =>
      push.command.tool === "docker" &&
      push.command.order > command.order &&
      push.references.map(registryOf).some(isSame),
  );
  return isPushed && inConfig.some(isSame) ? registry : undefined;
}

/** Whether the job's client knows the variable; "unknown" for images that hold a client of a version that nobody knows. */
function clientOf(ctx: RuleContext, job: Job): "newer" | "older" | "unknown" {
  const images = job.image === undefined ? [] : expandImages(ctx, job, job.image);
  const [image] = images;
  if (image?.docker === undefined) return "unknown";
  const { version } = image.docker;
  return version === undefined || isAtLeast(version, "28.3") ? "newer" : "older";
}
