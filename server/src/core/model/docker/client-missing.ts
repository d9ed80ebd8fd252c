// A job whose image holds no `docker` command, and whose script brings none before it needs it.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import { stringAt } from "../runner/config";
import { profileOf, type RunnerProfile } from "../runner/profile";
import { surelyEndsJob } from "./certain-commands";
import { holdsClient, jobImageOf, type JobImage } from "./client-image";
import type { ContainerCommand, JobCommand } from "./command";
import { dindServicesOf } from "./dind-service";
import { commandsOf, dialectOf, jobCommandsOf } from "./find-commands";
import { jobScripts } from "./job-commands";
import { baseName } from "./wrappers";

export interface MissingClient {
  /** The first command that cannot be found. */
  readonly command: ContainerCommand;
  /** Undefined where neither the pipeline nor a known runner names an image. */
  readonly image: JobImage | undefined;
  /**
   * "sure": the runner starts containers, and the image is known to hold no client. "likely": a shell executor, which has no
   * images, could still take the job. "open": that, and it asks for a runner by tags; or nothing names an image.
   */
  readonly certainty: "sure" | "likely" | "open";
}

const missingClients = defineQuery<Job, MissingClient | undefined>({
  name: "missingClientOf",
  compute: (ctx, job) => {
    const command = firstClientCommand(ctx, job);
    if (command === undefined || bringsClient(ctx, job, command)) return undefined;
    const profile = profileOf(ctx, job);
    if (mayComeWithRunner(profile)) return undefined;
    const image = jobImageOf(ctx, job, profile);
    const hasDaemon = dindServicesOf(ctx, job, profile).length > 0;
    if (image === undefined) return hasDaemon ? { command, image, certainty: "open" } : undefined;
    if (holdsClient(image) !== "no") return undefined;
    return { command, image, certainty: certaintyOf(job, profile, hasDaemon) };
  },
});

/** The `docker` command that a job lacks; undefined where it has one, or may have one. */
export const missingClientOf = (ctx: QueryContext, job: Job): MissingClient | undefined =>
  ctx.get(missingClients, job);

/** `docker` by its bare name: a path may be brought by a cache or an artifact. */
function firstClientCommand(ctx: QueryContext, job: Job): ContainerCommand | undefined {
  if (!job.isClosed) return undefined;
  const named = commandsOf(ctx, job).filter(
    (command) => command.shell === 0 && command.isNamed && command.argv[0]?.text === "docker",
  );
  if (named.length === 0 || job.variables.has("PATH") || dialectOf(ctx, job) !== "posix") return undefined;
  return named.find((command) => surelyEndsJob(ctx, command));
}

/** The host's client, mounted into containers; executors that are no containers, or not understood. */
function mayComeWithRunner(profile: RunnerProfile): boolean {
  if (profile.ignoresImages === true || profile.executor === "custom") return true;
  if (/docker/.test(stringAt(profile.runner?.table, "pre_build_script")?.value ?? "")) return true;
  const mounts = [...(profile.volumes ?? []), ...profile.mountPaths];
  return mounts.some(({ value }) => /\/(docker|s?bin)(:|\/?$)/.test(value));
}

function certaintyOf(job: Job, profile: RunnerProfile, hasDaemon: boolean): MissingClient["certainty"] {
  if (profile.isKnown) return "sure";
  const isOwn = job.image !== undefined && !job.image.name.via.some(({ kind }) => kind === "default");
  if (hasDaemon && (isOwn || job.tags.length === 0)) return "sure";
  return job.tags.length === 0 ? "likely" : "open";
}

/** Whether a command in front of another may install the client, or define what `docker` means. */
function bringsClient(ctx: QueryContext, job: Job, client: ContainerCommand): boolean {
  const { calls } = ctx.get(jobScripts, job);
  const read = new Set(calls.filter(({ file }) => file.isComplete).map(({ command }) => command.order));
  return jobCommandsOf(ctx, job).some(
    (command) =>
      command.use.inFunction === "docker" ||
      (command.shell === client.shell && command.order < client.order && mayBring(command, read)),
  );
}

/** Commands that name Docker and bring nothing: what they print, look at, or put beside it. */
const HARMLESS = new Set([
  "[",
  "[[",
  "cat",
  "cd",
  "chmod",
  "command",
  "echo",
  "git",
  "grep",
  "ls",
  "mkdir",
  "printf",
  "rm",
  "test",
  "type",
  "which",
]);

const PACKAGE_MANAGERS =
  /^(apk|apt|apt-get|aptitude|brew|conda|dnf|mamba|microdnf|nix-shell|nix|pacman|yum|zypper)$/;

/** Programs that run what is not read: it may install anything. Those of a language's packages do not install Docker. */
const OPAQUE =
  /^(\.|source|eval|make|gmake|just|task|ansible(-playbook)?|bazel|earthly|mise|asdf|(ba|da|a|z|k)?sh|python[\d.]*|perl)$/;

function mayBring(command: JobCommand, read: ReadonlySet<number>): boolean {
  const [name, ...rest] = command.argv;
  if (name === undefined) return command.assignments.some((assignment) => assignment.name === "PATH");
  const base = baseName(name.text);
  if (!name.isStatic) return true;
  if (HARMLESS.has(base) || name.text === "docker") return false;
  if (base === "export") return rest.some(({ text }) => text.startsWith("PATH="));
  if (command.argv.some(({ text }) => /docker|moby/.test(text)) || inputMentions(command)) return true;
  if (PACKAGE_MANAGERS.test(base)) return rest.some(({ isStatic }) => !isStatic);
  return !read.has(command.order) && runsUnread(name.text, rest);
}

const runsUnread = (name: string, rest: JobCommand["argv"]): boolean =>
  (OPAQUE.test(baseName(name)) && !isModuleCall(name, rest)) || (name.includes("/") && !isSystem(name));

/** `python -m build`, `python --version`. */
const isModuleCall = (name: string, rest: JobCommand["argv"]): boolean =>
  baseName(name).startsWith("python") && (rest[0]?.text === "-m" || rest[0]?.text.startsWith("--") === true);

const isSystem = (path: string): boolean => /^\/(usr\/(local\/)?)?s?bin\//.test(path);

/** A here-document for a shell: `sh <<EOF … EOF`. */
const inputMentions = ({ use }: JobCommand): boolean =>
  use.command.redirects.some(({ body }) => body !== undefined && /docker/.test(body.text));
