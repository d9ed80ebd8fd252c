// Who is logged in where, and with what: the logins and logouts of a job by container tools, in order.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Word } from "../../syntax/shell-nodes";
import type { Job } from "../pipeline/job";
import { settingsOf } from "../settings-of";
import { flagNamed, isFlagOn, type Argument, type ContainerCommand } from "./command";
import { expandArgument } from "./expand";
import { commandsOf, jobCommandsOf } from "./find-commands";
import { DOCKER_HUB, registryOf, registryOfServer, sameRegistry, type RegistryName } from "./registry-name";
import { bringsCredentials, itemsWithCredentials, writesCredentials, type RegistryUse } from "./registry-use";
import { showText } from "./symbolic";

/**
 * Whose credentials a login uses: the job's own token, which GitLab makes for each job; the project's deploy token; or
 * anything else.
 */
export type Account = "job" | "deploy-token" | "other";

export interface Login {
  readonly command: ContainerCommand;
  /** The registry as written; undefined where none is, which means Docker Hub to docker. */
  readonly server: Argument | undefined;
  /** One per variant; undefined where a tool's own configuration decides. */
  readonly registries: readonly (RegistryName | undefined)[];
  readonly user: Argument | undefined;
  readonly account: Account;
  /** Names of the variables that hold the user's name and the password. */
  readonly variables: readonly string[];
}

export interface Logout {
  readonly command: ContainerCommand;
  readonly server: Argument | undefined;
  readonly registries: readonly (RegistryName | undefined)[];
}

/** The logins of a job by container tools, in order; those in branches and functions too. */
export const loginsOf = (ctx: QueryContext, job: Job): readonly Login[] => ctx.get(loginsOfJob, job);

const loginsOfJob = defineQuery<Job, readonly Login[]>({
  name: "loginsOf",
  compute: (ctx, job) =>
    commandsOf(ctx, job)
      .filter(isLogin)
      .map((command) => loginBy(ctx, command)),
});

/** The logouts of a job by container tools, in order. */
export const logoutsOf = (ctx: QueryContext, job: Job): readonly Logout[] =>
  commandsOf(ctx, job)
    .filter(({ verb }) => verb === "logout")
    .map((command) => ({ command, ...serverOf(ctx, command) }));

const isLogin = (command: ContainerCommand): boolean =>
  (command.verb === "login" || command.verb === "auth login") && !isFlagOn(command, "get-login");

/**
 * Whether the job gets credentials in another way than by the logins above: it writes them into a file, calls the login of a
 * cloud, or uses a second configuration.
 */
export const hasOtherCredentials = (ctx: QueryContext, job: Job): boolean => ctx.get(otherCredentials, job);

const otherCredentials = defineQuery<Job, boolean>({
  name: "hasOtherCredentials",
  compute: (ctx, job) => {
    const isConfigured = commandsOf(ctx, job).some((command) =>
      command.globalFlags.some(({ name }) => name === "config"),
    );
    if (isConfigured || itemsWithCredentials(ctx, job).size > 0) return true;
    const feeding = new Set(loginsOf(ctx, job).map(({ command }) => command.use.pipedFrom));
    return jobCommandsOf(ctx, job).some(
      (command) => writesCredentials(command) && !feeding.has(command.use.command),
    );
  },
});

/**
 * The registry that a job sends an image to although none of its logins is for that one; undefined where one is or may be,
 * and where no login stands before it.
 */
export function registryWithoutLogin(
  ctx: QueryContext,
  job: Job,
  { command, references }: RegistryUse,
): RegistryName | undefined {
  const logins = loginsOf(ctx, job);
  if (bringsCredentials(command) || !logins.some((login) => login.command.order < command.order))
    return undefined;
  const [only, ...others] = new Set(references.map(registryOf));
  // podman and buildah look short names up in a list of registries.
  const isShort = only === DOCKER_HUB && !["docker", "nerdctl", "kaniko"].includes(command.tool);
  if (only === undefined || others.length > 0 || isShort) return undefined;
  const isElsewhere = ({ registries }: Login): boolean =>
    registries.every((name) => name !== undefined && sameRegistry(ctx, name, only) === "no");
  return logins.every(isElsewhere) ? only : undefined;
}

function loginBy(ctx: QueryContext, command: ContainerCommand): Login {
  const user = flagNamed(command, "username", "user")?.value;
  const password = passwordWords(command);
  const names = [...(user === undefined ? [] : namesIn([user.word])), ...namesIn(password)];
  return {
    command,
    ...serverOf(ctx, command),
    user,
    account: accountOf(ctx, command, user, namesIn(password)),
    variables: [...new Set(names)],
  };
}

/** docker and nerdctl take Docker Hub where no server is written; podman, buildah and skopeo what their machine says. */
function serverOf(ctx: QueryContext, command: ContainerCommand): Pick<Login, "server" | "registries"> {
  const [server] = command.operands;
  const isDocker = command.tool === "docker" || command.tool === "nerdctl";
  if (server === undefined)
    return { server, registries: [isDocker && !command.isOpen ? DOCKER_HUB : undefined] };
  const registries = expandArgument(ctx, command, server).map(registryOfServer);
  // A variable alone that is empty leaves the command without a server.
  return { server, registries };
}

/** The words that hold the password: the flag's, what is piped in, a here-string. */
function passwordWords(command: ContainerCommand): readonly Word[] {
  const flag = flagNamed(command, "password")?.value;
  const piped = command.use.pipedFrom?.words ?? [];
  const given = command.use.command.redirects.flatMap(({ operator, target }) =>
    operator === "<<<" && target !== undefined ? [target] : [],
  );
  return [...(flag === undefined ? [] : [flag.word]), ...piped, ...given];
}

function namesIn(words: readonly Word[]): readonly string[] {
  return words.flatMap(({ parts }) => parts).flatMap((part) => (part.kind === "variable" ? [part.name] : []));
}

const JOB_PASSWORDS: ReadonlySet<string> = new Set(["CI_REGISTRY_PASSWORD", "CI_JOB_TOKEN"]);

/** https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/#use-gitlab-cicd-to-authenticate */
function accountOf(
  ctx: QueryContext,
  command: ContainerCommand,
  user: Argument | undefined,
  passwords: readonly string[],
): Account {
  const { known } = ctx.get(settingsOf, null).settings.variables;
  const isOurs = (name: string): boolean => known.includes(name) || command.job.variables.has(name);
  const texts = user === undefined ? [] : expandArgument(ctx, command, user).map(showText);
  const userIs = (...names: readonly string[]): boolean =>
    texts.length > 0 && texts.every((text) => names.includes(text) && !isOurs(text.slice(1)));
  if (userIs("$CI_DEPLOY_USER")) return "deploy-token";
  if (userIs("gitlab-ci-token")) return "job";
  const isJobPassword =
    passwords.length === 0 || passwords.every((name) => JOB_PASSWORDS.has(name) && !isOurs(name));
  return userIs("$CI_REGISTRY_USER") && isJobPassword ? "job" : "other";
}
