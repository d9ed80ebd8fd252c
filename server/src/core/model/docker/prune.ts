// Commands that clean up a Docker daemon without a limit, and whose daemon that is.
// https://docs.docker.com/reference/cli/docker/system/prune/
import type { QueryContext } from "../../query/query";
import { profileOf } from "../runner/profile";
import { flagNamed, flagsNamed, isFlagOn, type ContainerCommand } from "./command";
import { daemonForCommand } from "./daemon";
import { commandsOf, jobCommandsOf } from "./find-commands";

export interface Prune {
  readonly command: ContainerCommand;
  /** What it does in the words of a message: "docker system prune", "docker rm" of all containers. */
  readonly shown: string;
  /** What is lost. */
  readonly removes: string;
  /** "much": what other jobs may need. "garbage": what nothing refers to at that moment. */
  readonly reach: "much" | "garbage";
  /** `--volumes` beside an `until` filter, which docker refuses. */
  readonly isRefused: boolean;
}

/** What a command cleans up; undefined for any other command, and where a filter limits it. */
export function pruneOf(ctx: QueryContext, command: ContainerCommand): Prune | undefined {
  if (command.tool !== "docker") return undefined;
  const kind = /^(system|image|container|volume|network|builder|buildx) prune$/.exec(command.verb)?.[1];
  if (kind === undefined) return removalOf(ctx, command);
  const filters = flagsNamed(command, "filter");
  const hasAge = filters.some(({ value }) => value?.text.startsWith("until=") === true);
  const isRefused = kind === "system" && hasAge && isFlagOn(command, "volumes");
  // Words that are not known may be a filter.
  if (filters.length > 0 ? !isRefused : command.isOpen || command.operands.length > 0) return undefined;
  return {
    command,
    shown: `docker ${command.verb}`,
    removes: REMOVED.get(kind) ?? "what is not in use",
    reach: MUCH.has(kind) || isFlagOn(command, "all") ? "much" : "garbage",
    isRefused,
  };
}

/** Kinds that take more than garbage without `--all`. */
const MUCH: ReadonlySet<string> = new Set(["system", "volume", "container"]);

const REMOVED: ReadonlyMap<string, string> = new Map([
  ["system", "stopped containers, networks, images and the build cache"],
  ["image", "images that no container uses"],
  ["container", "stopped containers"],
  ["volume", "volumes that no container uses"],
  ["network", "networks that no container uses"],
  ["builder", "the build cache"],
  ["buildx", "the build cache"],
]);

// ---- `docker rm -f $(docker ps -aq)`, `docker images -q | xargs docker rmi`

const REMOVERS = /^(rm|rmi|stop|kill|container (rm|stop|kill)|volume rm|network rm)$/;
const LISTS = /^docker (ps|images|container ls|image ls|volume ls|network ls)\b/;

function removalOf(ctx: QueryContext, command: ContainerCommand): Prune | undefined {
  const removal = (verb: string): Prune => ({
    command,
    shown: `docker ${verb}`,
    removes: /rmi|images/.test(verb) ? "all images" : /volume/.test(verb) ? "all volumes" : "all containers",
    reach: "much",
    isRefused: false,
  });
  if (REMOVERS.test(command.verb) && command.operands.some(({ word }) => listsAll(word)))
    return removal(command.verb);
  if (!/^(ps|images|container ls|image ls)$/.test(command.verb) || isLimited(command)) return undefined;
  const taker = jobCommandsOf(ctx, command.job).find(({ use }) => use.pipedFrom === command.use.command);
  const words = taker?.argv.map(({ text }) => text) ?? [];
  const verb = words[words.indexOf("docker") + 1] ?? "";
  return words[0] === "xargs" && words.includes("docker") && REMOVERS.test(verb) ? removal(verb) : undefined;
}

const isLimited = (command: ContainerCommand): boolean =>
  flagNamed(command, "filter") !== undefined || command.operands.length > 0;

function listsAll({ parts }: ContainerCommand["operands"][number]["word"]): boolean {
  return parts.some((part) => {
    const [node, ...others] = part.kind === "command" ? part.script.nodes : [];
    if (node?.kind !== "command" || others.length > 0) return false;
    const text = node.words.map((word) => word.text).join(" ");
    return (
      LISTS.test(text) && !/--filter|\s-f|\$/.test(text) && !/\s[^-\s]\S*$/.test(text.replace(LISTS, ""))
    );
  });
}

// ---- Whose daemon

/**
 * "own": a service or a daemon that the script starts, gone with the job. "shared": that of the runner's host, as a file says.
 * "remote": another machine, which somebody cleans on purpose. "unknown": any of them.
 */
export type Ownership = "own" | "shared" | "remote" | "unknown";

/** Whose daemon a command talks to. */
export function ownershipOf(ctx: QueryContext, command: ContainerCommand): Ownership {
  const profile = profileOf(ctx, command.job);
  const access = daemonForCommand(ctx, command);
  if (access.kind === "dind" || access.kind === "remote") return access.kind === "dind" ? "own" : "remote";
  if (access.kind === "runner") return profile.ignoresImages === true ? "shared" : "own";
  const mounts = [...(profile.volumes ?? []), ...profile.mountPaths];
  const isMounted = mounts.some(({ value }) => /^\/var\/run\/docker\.sock(:|$)/.test(value));
  return access.kind === "socket" && isMounted ? "shared" : "unknown";
}

/** Whether a job cleans up and does nothing else with Docker: somebody wants just that. */
export const isHousekeeping = (ctx: QueryContext, { job }: ContainerCommand): boolean =>
  commandsOf(ctx, job).every(({ verb }) =>
    /prune$|^(rm|rmi|ps|images|info|version|stop|kill|system df|container (ls|rm)|image (ls|rm)|volume (ls|rm))$/.test(
      verb,
    ),
  );

/** Whether the job does nothing with Docker behind a command but clean up. */
export const isLastUse = (ctx: QueryContext, command: ContainerCommand): boolean =>
  commandsOf(ctx, command.job).every(
    (other) =>
      other.order <= command.order ||
      other.verb === "logout" ||
      pruneOf(ctx, other) !== undefined ||
      REMOVERS.test(other.verb),
  );
