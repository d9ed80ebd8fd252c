// Daemons that a script starts in containers of its own, without the privileges that they need.
import type { QueryContext } from "../../query/query";
import type { Located, Origin } from "../../text/located";
import type { YamlMap } from "../../syntax/yaml-nodes";
import { flagNamed, isFlagOn, type ContainerCommand } from "./command";
import { composeFileOf, composePathsOf, type ComposeService } from "./compose";
import { expandArgument } from "./expand";
import { showText } from "./symbolic";

export interface NestedDaemon {
  readonly image: Located<string>;
  /** "run": `docker run`. "compose": a service of a Compose file, with its own mapping where it has one. */
  readonly by: "run" | "compose";
  readonly body: YamlMap | undefined;
  /** Where the script starts it. */
  readonly startedAt: Origin;
}

/** Unprivileged Docker daemons that a command starts. https://hub.docker.com/_/docker ("--privileged") */
export function nestedDaemonsOf(ctx: QueryContext, command: ContainerCommand): readonly NestedDaemon[] {
  if (command.verb === "run" || command.verb === "create") return runDaemon(ctx, command);
  if (!/^compose (up|create|run)$/.test(command.verb)) return [];
  return composeDaemons(ctx, command);
}

const DAEMON_IMAGE = /(^|\/)docker:[^/:]*dind[^/:]*$/;

function runDaemon(ctx: QueryContext, command: ContainerCommand): readonly NestedDaemon[] {
  const [image, argument] = command.operands;
  if (image === undefined || command.isOpen || isFlagOn(command, "privileged")) return [];
  if (flagNamed(command, "runtime", "entrypoint", "security-opt", "device", "cap-add") !== undefined)
    return [];
  const names = expandArgument(ctx, command, image).map(showText);
  if (!names.every((name) => DAEMON_IMAGE.test(name)) || !startsDaemon(argument?.text)) return [];
  const at = { value: image.text, at: image.at, via: command.via };
  return [{ image: at, by: "run", body: undefined, startedAt: command.at }];
}

/**
 * What stands behind the image: nothing, options of the daemon or the daemon itself. All else is run in its stead, and needs
 * no privileges: `docker run docker:dind docker version`. https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
 */
const startsDaemon = (argument: string | undefined): boolean =>
  argument === undefined ||
  /(^|\/)dockerd(-entrypoint\.sh)?$/.test(argument) ||
  /^--(?!help$|version$|validate$)/.test(argument);

/** With several files one may complete what another says: only a service that all of them leave unprivileged counts. */
function composeDaemons(ctx: QueryContext, command: ContainerCommand): readonly NestedDaemon[] {
  const paths = composePathsOf(ctx, command) ?? [];
  const files = paths.map((path) => composeFileOf(ctx, path));
  if (files.some((file) => file === undefined)) return [];
  const services = files.flatMap((file) => file?.services ?? []);
  const mayGain = new Set(services.filter(mayBePrivileged).map(({ name }) => name));
  return services.flatMap((service) => {
    const { image, name } = service;
    if (image === undefined || !DAEMON_IMAGE.test(image.value) || mayGain.has(name)) return [];
    if (!isStarted(command, name) || !startsDaemon(service.command?.[0])) return [];
    return [{ image, by: "compose", body: service.body, startedAt: command.at }];
  });
}

/** Keys with which a service may get its privileges otherwise, or not be started at all. */
const OTHER_WAYS = ["cap_add", "devices", "entrypoint", "extends", "profiles", "runtime", "security_opt"];

const mayBePrivileged = ({ privileged, keys }: ComposeService): boolean =>
  privileged === true ||
  (privileged === undefined && keys.has("privileged")) ||
  OTHER_WAYS.some((key) => keys.has(key));

/** `up` without names starts all services. */
const isStarted = ({ operands, isOpen }: ContainerCommand, name: string): boolean =>
  operands.length === 0 || (!isOpen && operands.some(({ text }) => text === name));
