// DOCKER_HOST as a command sees it, and what it points to.
// https://docs.docker.com/reference/cli/docker/#environment-variables
import type { QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import type { RunnerProfile } from "../runner/profile";
import type { ContainerCommand, Flag } from "./command";
import { commandValue, jobValue, type EffectiveValue } from "./effective-value";
import { expandArgument } from "./expand";
import { known, unknown } from "./resolved";
import { literalText } from "./symbolic";

export interface DockerHost {
  readonly scheme: "tcp" | "unix" | "ssh" | "npipe" | "fd" | "http" | "other";
  /** Host name for tcp, ssh and http; path for the others. */
  readonly host: string;
  readonly port: number | undefined;
  readonly effective: EffectiveValue;
}

/**
 * The host that a command talks to: `-H`, `--context`, DOCKER_CONTEXT, then DOCKER_HOST. Undefined where nothing names one; for
 * no command, the job's own DOCKER_HOST.
 */
export function hostValueOf(
  ctx: QueryContext,
  job: Job,
  profile: RunnerProfile,
  command: ContainerCommand | undefined,
): EffectiveValue | undefined {
  if (command === undefined) return nonEmpty(jobValue(ctx, job, profile, "DOCKER_HOST"));
  const flag = command.globalFlags.findLast(({ name }) => name === "host");
  if (flag?.value !== undefined) return flagValue(ctx, command, flag);
  const context = command.globalFlags.findLast(({ name }) => name === "context");
  if (context?.value !== undefined) return contextValue(command, context);
  return nonEmpty(commandValue(ctx, command, profile, "DOCKER_HOST"));
}

function flagValue(ctx: QueryContext, command: ContainerCommand, flag: Flag): EffectiveValue | undefined {
  if (flag.value === undefined) return undefined;
  const [only, ...others] = expandArgument(ctx, command, flag.value);
  const text = only === undefined || others.length > 0 ? undefined : literalText(only);
  const value = text === undefined ? unknown("the host on the command line is not known") : known(text);
  return { value, at: { value: flag.value.text, at: flag.value.at, via: command.via }, scope: "script" };
}

/** A context may point anywhere. */
function contextValue(command: ContainerCommand, { value }: Flag): EffectiveValue | undefined {
  if (value === undefined || value.text === "default") return undefined;
  const because = `the context \`${value.text}\` is not followed`;
  return {
    value: unknown(because),
    at: { value: value.text, at: value.at, via: command.via },
    scope: "script",
  };
}

/** An empty DOCKER_HOST is none. */
const nonEmpty = (value: EffectiveValue | undefined): EffectiveValue | undefined =>
  value?.value.known === true && value.value.value === "" ? undefined : value;

/** Takes a known DOCKER_HOST apart. A bare `host:port` is tcp, as the client reads it. Undefined where it is not known. */
export function parseDockerHost(effective: EffectiveValue): DockerHost | undefined {
  if (!effective.value.known) return undefined;
  const [, written = "tcp", rest = ""] =
    /^(?:([a-z]+):\/\/)?([^]*)$/.exec(effective.value.value.trim()) ?? [];
  const scheme = schemeOf(written);
  if (!HAS_AUTHORITY.has(scheme)) return { scheme, host: rest, port: undefined, effective };
  const [, host = "", port] = /^(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(rest) ?? [];
  return { scheme, host, port: port === undefined ? undefined : Number(port), effective };
}

const HAS_AUTHORITY: ReadonlySet<DockerHost["scheme"]> = new Set(["tcp", "ssh", "http"]);

function schemeOf(text: string): DockerHost["scheme"] {
  switch (text) {
    case "tcp":
    case "unix":
    case "ssh":
    case "npipe":
    case "fd":
    case "http":
      return text;
    case "https":
      return "http";
    default:
      return "other";
  }
}
