// What a job does with registries: which references it pushes and pulls, and what in it may log in.
import { defineQuery, type QueryContext } from "../../query/query";
import { buildOf, type Build, type CacheSpecification } from "./build";
import { flagsNamed, isFlagOn, type Argument, type ContainerCommand, type JobCommand } from "./command";
import { commandsOf, jobCommandsOf } from "./find-commands";
import { groupRedirectsOf } from "./group-redirects";
import { parseReference, type ImageReference } from "./image-reference";
import { operandReference, operandReferences } from "./operand-references";
import type { Job, ScriptItem } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import { settingsOf } from "../settings-of";
import { specificationOf, valueOf } from "./read-build";
import { literalText } from "./symbolic";
import type { Redirect } from "../../syntax/shell-nodes";
import type { Located } from "../../text/located";

/** A reference that a command sends to a registry or fetches from one. */
export interface RegistryUse {
  readonly command: ContainerCommand;
  /** One per variant, at least one. */
  readonly references: readonly ImageReference[];
  /** The reference as written. */
  readonly at: Located<string>;
}

/** Everything that a job pushes, in order. */
export const pushesOf = (ctx: QueryContext, job: Job): readonly RegistryUse[] => ctx.get(pushesOfJob, job);

const pushesOfJob = defineQuery<Job, readonly RegistryUse[]>({
  name: "pushesOf",
  compute: (ctx, job) => commandsOf(ctx, job).flatMap((command) => pushed(ctx, command)),
});

/** Everything that a job pulls with `pull`, in order. */
export const pullsOf = (ctx: QueryContext, job: Job): readonly RegistryUse[] => ctx.get(pullsOfJob, job);

const pullsOfJob = defineQuery<Job, readonly RegistryUse[]>({
  name: "pullsOf",
  compute: (ctx, job) =>
    commandsOf(ctx, job).flatMap((command) =>
      isPull(command) ? used(ctx, command, command.operands[0]) : [],
    ),
});

const isPull = ({ verb, tool }: ContainerCommand): boolean =>
  verb === "pull" && tool !== "docker-compose" && tool !== "crane";

/** `--output type=registry,name=X`, and `type=image,name=X,push=true`. https://docs.docker.com/build/exporters/image-registry/ */
function sendsImage({ type, attributes }: Build["outputs"][number]): boolean {
  const [push] = attributes.get("push") ?? [];
  return type === "registry" || (type === "image" && push !== undefined && literalText(push) === "true");
}

function pushed(ctx: QueryContext, command: ContainerCommand): readonly RegistryUse[] {
  const build = buildOf(ctx, command);
  if (build !== undefined) {
    const caches = build.cacheTo.filter((cache) => cache.type === "registry" && cache.references.length > 0);
    const tags = build.pushes ? build.tags : [];
    const outputs = build.outputs.filter((output) => sendsImage(output) && output.references.length > 0);
    return [...tags, ...outputs, ...caches].map(({ references, value }) => ({
      command,
      references,
      at: value.at,
    }));
  }
  if (command.tool === "buildctl") return pushedByBuildctl(ctx, command);
  switch (command.verb) {
    case "push":
      return command.tool === "crane"
        ? used(ctx, command, command.operands[1])
        : used(ctx, command, command.operands.at(-1));
    case "manifest push":
      return used(ctx, command, command.operands[0]);
    case "copy":
      return command.tool === "crane" || command.operands[1]?.text.startsWith("docker://") === true
        ? used(ctx, command, command.operands[1])
        : [];
    default:
      return [];
  }
}

/** `--output type=image,name=X,push=true`, `--export-cache type=registry,ref=X`. https://github.com/moby/buildkit#output */
function pushedByBuildctl(ctx: QueryContext, command: ContainerCommand): readonly RegistryUse[] {
  const specifications = (name: string): readonly CacheSpecification[] =>
    flagsNamed(command, name)
      .flatMap((flag) => valueOf(ctx, command, flag))
      .map((value) => specificationOf(value, "local"));
  const sent = [
    ...specifications("output").filter(sendsImage),
    ...specifications("export-cache").filter(({ type }) => type === "registry"),
  ];
  return sent.flatMap(({ references, value }) =>
    references.length === 0 ? [] : [{ command, references, at: value.at }],
  );
}

/**
 * Commands that push what a file names: `docker compose push`, `compose build --push`, `buildx bake --push`. Which images that
 * are is not read here.
 */
export const filePushesOf = (ctx: QueryContext, job: Job): readonly ContainerCommand[] =>
  commandsOf(ctx, job).filter(
    (command) =>
      command.verb === "compose push" ||
      (FILE_BUILDS.has(command.verb) && isFlagOn(command, "push") && !isFlagOn(command, "print")),
  );

const FILE_BUILDS: ReadonlySet<string> = new Set(["compose build", "buildx bake"]);

function used(
  ctx: QueryContext,
  command: ContainerCommand,
  operand: Argument | undefined,
): readonly RegistryUse[] {
  if (operand === undefined) return [];
  const known = operandReferences(ctx, command).find((each) => each.operand === operand);
  const { references, at } = known ?? operandReference(ctx, command, operand);
  return references.length === 0 ? [] : [{ command, references: references.map(withoutTransport), at }];
}

/** `docker://registry/image` of skopeo, podman and buildah. https://github.com/containers/image/blob/main/docs/containers-transports.5.md */
function withoutTransport(reference: ImageReference): ImageReference {
  const [first, ...rest] = reference.text.parts;
  if (first?.kind !== "literal" || !first.text.startsWith("docker://")) return reference;
  return parseReference({ parts: [{ ...first, text: first.text.slice("docker://".length) }, ...rest] });
}

const LOGIN_PROGRAMS = /^(docker-credential-|ecr-login)/;
const CONFIG_FILES =
  /(\.docker\/config\.json|DOCKER_CONFIG|containers\/auth\.json|REGISTRY_AUTH_FILE|DOCKER_AUTH_CONFIG|credHelpers|credsStore|\.dockercfg)/;

/** Whether a command that is no container command logs in to a registry, or writes down credentials for one. */
export function writesCredentials(command: JobCommand): boolean {
  const [name, ...words] = command.argv.map(({ text }) => text);
  const line = [name, ...words].join(" ");
  if (name !== undefined && LOGIN_PROGRAMS.test(name)) return true;
  if (
    /^helm\s+registry\s+login\b|\becr\b.*\bget-login|\bauth\s+configure-docker\b|\bacr\s+login\b|\bregistry\s+login\b|\bgcrane?\s+auth\b/.test(
      line,
    )
  )
    return true;
  if (CONFIG_FILES.test(line) || command.assignments.some((each) => CONFIG_FILES.test(each.name)))
    return true;
  return command.use.command.redirects.some(writesConfig);
}

const writesConfig = ({ target }: Redirect): boolean => CONFIG_FILES.test(target?.source ?? "");

/** The script items in which several commands together write credentials down: `{ echo …; } > ~/.docker/config.json`. */
export const itemsWithCredentials = (ctx: QueryContext, job: Job): ReadonlySet<ScriptItem> =>
  new Set(groupRedirectsOf(ctx, job).flatMap(({ redirect, item }) => (writesConfig(redirect) ? [item] : [])));

const isContainerLogin = (command: ContainerCommand): boolean =>
  (command.verb === "login" || command.verb === "auth login") && !isFlagOn(command, "get-login");

/** Position of the first command that may log in, in an order that `RegistryUse.command.order` shares; undefined without one. */
export const firstLoginOf = (ctx: QueryContext, job: Job): number | undefined => ctx.get(firstLogin, job);

const firstLogin = defineQuery<Job, number | undefined>({
  name: "firstLogin",
  compute: (ctx, job) => {
    const byTool = commandsOf(ctx, job).find(isContainerLogin)?.order ?? Infinity;
    const items = itemsWithCredentials(ctx, job);
    const otherwise =
      jobCommandsOf(ctx, job).find((command) => writesCredentials(command) || items.has(command.item))
        ?.order ?? Infinity;
    const first = Math.min(byTool, otherwise);
    return first === Infinity ? undefined : first;
  },
});

/** Flags of podman, buildah and skopeo that name credentials, and docker's for another configuration. */
const CREDENTIAL_FLAGS: ReadonlySet<string> = new Set(
  "creds dest-creds src-creds authfile dest-authfile registry-token dest-registry-token config".split(" "),
);

/** Whether a command names its credentials itself: `skopeo copy --dest-creds …`, `podman push --authfile …`. */
export const bringsCredentials = ({ flags, globalFlags }: ContainerCommand): boolean =>
  [...globalFlags, ...flags].some(({ name }) => CREDENTIAL_FLAGS.has(name));

/** Credentials that come without a login command. https://docs.gitlab.com/ci/docker/using_docker_images/ */
export function hasCredentials(ctx: QueryContext, job: Job): boolean {
  const names = ["DOCKER_AUTH_CONFIG", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"];
  const { settings } = ctx.get(settingsOf, null);
  const profile = profileOf(ctx, job);
  return (
    names.some(
      (name) =>
        job.variables.has(name) || profile.environment.has(name) || settings.variables.known.includes(name),
    ) || profile.volumes?.some((volume) => /\.docker|config\.json/.test(volume.value)) === true
  );
}

/** `$CI_REGISTRY` and `$CI_REGISTRY_IMAGE`: the registry of the project itself. */
export function isOwnRegistry({ text }: ImageReference): boolean {
  const [first] = text.parts;
  return first?.kind === "variable" && (first.name === "CI_REGISTRY" || first.name === "CI_REGISTRY_IMAGE");
}

/** The registry's host and port where they are known as text; "" for Docker Hub. */
export function hostOf({ registry }: ImageReference): string | undefined {
  if (!registry.known) return undefined;
  return registry.value === undefined ? "" : literalText(registry.value);
}

/** The registry that takes images from anybody. https://ttl.sh */
export const OPEN_REGISTRY = "ttl.sh";
