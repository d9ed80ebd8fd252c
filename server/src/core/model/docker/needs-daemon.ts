// Which container commands cannot do their work without a Docker daemon.
//
// docker/cli, docker/buildx and docker/compose as of August 2026: `login` falls back to a login by the client alone
// (cli/command/registry/login.go), `manifest` talks to the registry (cli/manifest), `version` prints the client's part and then
// fails, `bake --print` and `--list` make no builder instance (buildx commands/bake.go).
import type { QueryContext } from "../../query/query";
import { flagNamed, isFlagOn, runsBefore, type ContainerCommand } from "./command";
import { commandsOf } from "./find-commands";

const NEEDED = new Set(
  `build buildx_build buildx_bake buildx_du buildx_prune builder_prune pull push run exec create start stop restart kill rm
  tag rmi images ps logs cp save load import export commit inspect history info version stats events wait top port rename update diff
  attach pause unpause search compose_up compose_run compose_build compose_pull compose_push compose_down compose_exec compose_ps compose_logs
  compose_create compose_start compose_stop compose_restart compose_rm compose_kill compose_wait compose_watch compose_top compose_cp
  compose_images compose_port compose_pause compose_unpause compose_events compose_ls`
    .split(/\s+/)
    .map((verb) => verb.replace("_", " ")),
);

/** Groups of which every verb needs one: "image inspect", "volume create". */
const NEEDED_GROUPS = new Set([
  "image",
  "container",
  "system",
  "volume",
  "network",
  "stack",
  "service",
  "swarm",
  "node",
  "secret",
  "config",
  "plugin",
  "checkpoint",
]);

/**
 * Whether a command needs a Docker daemon. Only the docker and docker-compose clients do; podman, buildah, kaniko and their kin
 * work without one. A builder that works elsewhere (`buildx create --driver remote`) is asked for by `usesRemoteBuilder`.
 */
export function needsDaemon(command: ContainerCommand): boolean {
  if (command.tool !== "docker" && command.tool !== "docker-compose") return false;
  if (isHelp(command)) return false;
  const { verb } = command;
  if (verb === "buildx bake") return !isFlagOn(command, "print") && flagNamed(command, "list") === undefined;
  if (verb === "buildx create") return isFlagOn(command, "bootstrap");
  if (verb === "buildx inspect") return isFlagOn(command, "bootstrap");
  return NEEDED.has(verb) || NEEDED_GROUPS.has(verb.split(" ")[0] ?? "");
}

const isHelp = (command: ContainerCommand): boolean =>
  command.globalFlags.some(({ name }) => name === "help" || name === "version") ||
  command.flags.some(({ name, written }) => name === "help" && written !== "-h");

/**
 * Whether a build runs on a builder that is not the job's own daemon: buildx with a remote, kubernetes or cloud driver, or one
 * that was created for an address.
 */
export function usesRemoteBuilder(ctx: QueryContext, command: ContainerCommand): boolean {
  if (!command.verb.startsWith("buildx ")) return false;
  return commandsOf(ctx, command.job).some(
    (other) =>
      other.verb === "buildx create" &&
      (other === command || runsBefore(other, command)) &&
      createsRemote(other),
  );
}

function createsRemote(create: ContainerCommand): boolean {
  const driver = flagNamed(create, "driver")?.value?.text;
  if (driver !== undefined && ["remote", "kubernetes", "cloud"].includes(driver)) return true;
  return create.operands.some(({ text }) => /^(tcp|ssh|kube-pod|unix):\/\//.test(text));
}
