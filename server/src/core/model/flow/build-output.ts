// Where the result of a build goes: to a registry, to the daemon's images, to files, or nowhere.
// https://docs.docker.com/build/exporters/
import type { QueryContext } from "../../query/query";
import { flagNamed, flagsNamed, isFlagOn, type ContainerCommand } from "../docker/command";
import type { Build } from "../docker/image-build";
import { builderOf, type BuildxDriver } from "./builder";

/**
 * The driver of a build whose result only stays in the builder's cache, because nothing says where to put it. Undefined where it goes
 * somewhere, and where that is not known.
 */
export function driverWithoutOutput(ctx: QueryContext, build: Build): BuildxDriver | undefined {
  const { command } = build;
  if (command.verb !== "buildx build" || command.isOpen || hasOutput(build) || onlyLooks(command))
    return undefined;
  const { driver, create } = builderOf(ctx, command);
  if (driver === undefined || driver === "docker" || driver === "cloud") return undefined;
  return create === undefined || loadsByDefault(create) ? undefined : driver;
}

/** Any of the flags, also one that is switched off on purpose: `--push=$PUSH`. */
export const hasOutput = ({ command, outputs }: Pick<Build, "command" | "outputs">): boolean =>
  outputs.length > 0 || flagNamed(command, "push", "load", "output") !== undefined;

/** `--check`, `--call=outline`: nothing is built. https://docs.docker.com/reference/cli/docker/buildx/build/#call */
function onlyLooks(command: ContainerCommand): boolean {
  const call = flagNamed(command, "call");
  return isFlagOn(command, "check") || (call !== undefined && call.value?.text !== "build");
}

/** https://docs.docker.com/build/builders/drivers/docker-container/ (default-load) */
const loadsByDefault = (create: ContainerCommand): boolean =>
  create.isOpen ||
  flagsNamed(create, "driver-opt").some(
    ({ value }) => value === undefined || !value.isStatic || /default-load=("?)true/.test(value.text),
  );
