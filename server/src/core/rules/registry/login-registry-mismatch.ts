// The job logs in to one registry and works with another: docker looks credentials up by the registry's host, and sends
// none to a host that it has none for. https://docs.docker.com/reference/cli/docker/login/
import { surelyEndsJob } from "../../model/docker/certain-commands";
import {
  hasOtherCredentials,
  loginsOf,
  registryWithoutLogin,
  type Login,
  type Logout,
} from "../../model/docker/credentials";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { OWN_REGISTRY, registryOf, sameRegistry, type RegistryName } from "../../model/docker/registry-name";
import { hasCredentials, OPEN_REGISTRY, pushesOf, type RegistryUse } from "../../model/docker/registry-use";
import {
  logoutsElsewhereOf,
  redefinedRegistryOf,
  type LogoutElsewhere,
  type RedefinedRegistry,
} from "../../model/docker/login-mismatch";
import type { Job } from "../../model/pipeline/job";
import { endOf, replaceInScript } from "../edits";
import { loginFix } from "../login-fix";
import { isNearRunner, mayHaveHiddenCredentials, nameOfRegistry } from "../registry-words";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const loginRegistryMismatch = defineRule({
  id: "login-registry-mismatch",
  title: "Login to another registry than the one that is used",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports logins that send GitLab's own credentials to another registry, pushes to a registry that none of the job's logins is for, a `CI_REGISTRY` that is redefined while `CI_REGISTRY_IMAGE` is not, and a `docker logout` of another registry.",
    why: `Without a server \`docker login\` means Docker Hub, which answers "unauthorized: incorrect username or password" to
credentials of GitLab. A push to a registry that the job is not logged in to ends with "denied: requested access to the
resource is denied" or "denied: access forbidden". A logout of another registry leaves the password where it is.`,
    fix: "Name the registry at the end of `docker login`: `$CI_REGISTRY` for the project's own.",
    example: {
      bad: `
build:
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin
    - docker push "$CI_REGISTRY_IMAGE:latest"
`,
      good: `
build:
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker push "$CI_REGISTRY_IMAGE:latest"
`,
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/login/",
      "https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/",
      "https://docs.gitlab.com/ci/variables/#cicd-variable-precedence",
      "https://github.com/docker-library/docker/issues/259",
    ],
  },

  *check(job, ctx) {
    if (commandsOf(ctx, job).length === 0 || dialectOf(ctx, job) !== "posix") return;
    const logins = loginsOf(ctx, job);
    if (logins.length === 0) return;
    yield* logoutsElsewhereOf(ctx, job).map(logoutReport);
    const pushes = pushesOf(ctx, job);
    const redefined = redefinedRegistryOf(ctx, job, pushes);
    if (redefined !== undefined) {
      yield redefinedReport(redefined);
      return;
    }
    const wrong = logins.filter((login) => sendsOwnElsewhere(ctx, login));
    for (const login of wrong) yield misaddressed(ctx, login, pushes);
    if (!job.isClosed || hasCredentials(ctx, job) || hasOtherCredentials(ctx, job)) return;
    yield* pushesElsewhere(ctx, job, logins, pushes, wrong.length > 0);
  },
});

// ---- Credentials of GitLab that go to another registry

/** The job's own credentials are good for the project's registry alone. */
const sendsOwnElsewhere = (ctx: RuleContext, { account, registries }: Login): boolean =>
  account === "job" &&
  registries.every((name) => name !== undefined && sameRegistry(ctx, name, OWN_REGISTRY) === "no");

function misaddressed(ctx: RuleContext, login: Login, pushes: readonly RegistryUse[]): Report {
  const [registry = OWN_REGISTRY] = login.registries;
  const names = pushes.flatMap(({ references }) => references.map(registryOf));
  // Who pushes nowhere else may have set the variables anew in GitLab's user interface.
  const mayBeMeant =
    names.length > 0 && names.every((name) => name === registry) && login.user?.isStatic === false;
  const unless = mayBeMeant ? ", unless a CI/CD variable of the project sets them anew" : "";
  const to = login.server === undefined ? "Without a registry this logs in to Docker Hub" : "This logs in to";
  const where = login.server === undefined ? to : `${to} ${nameOfRegistry(registry)}`;
  return {
    at: { at: login.command.at, via: login.command.via },
    severity: mayBeMeant ? "info" : surelyEndsJob(ctx, login.command) ? "error" : "warning",
    confidence: mayBeMeant ? "likely" : "certain",
    message: `${where} with GitLab's own credentials${unless}, which are refused there ("unauthorized: incorrect username or password"); log in to \`$CI_REGISTRY\``,
    fixes: mayBeMeant ? [] : serverFix(login, '"$CI_REGISTRY"', "Log in to `$CI_REGISTRY`"),
  };
}

/** Writes a server into a login or logout, in place of what stands there. */
function serverFix({ command, server }: Login | Logout, text: string, title: string): readonly FixDraft[] {
  const last = command.argv.at(-1);
  if (last === undefined || command.isNested) return [];
  const edit =
    server === undefined
      ? replaceInScript(command.item, endOf(last.at), ` ${text}`)
      : replaceInScript(command.item, server.at, text);
  return edit === undefined ? [] : [{ title, safety: "suggested", edits: [edit] }];
}

// ---- Pushes without credentials

function* pushesElsewhere(
  ctx: RuleContext,
  job: Job,
  logins: readonly Login[],
  pushes: readonly RegistryUse[],
  skipsOwn: boolean,
): Iterable<Report> {
  const seen = new Set<RegistryName>();
  for (const push of pushes) {
    const name = registryWithoutLogin(ctx, job, push);
    if (name === undefined || name === OPEN_REGISTRY || seen.has(name)) continue;
    if ((skipsOwn && name === OWN_REGISTRY) || !surelyEndsJob(ctx, push.command)) continue;
    seen.add(name);
    const isSure = !isNearRunner(name) && !mayHaveHiddenCredentials(ctx, job);
    const others = [...new Set(logins.flatMap(({ registries }) => registries))].flatMap((each) => each ?? []);
    yield {
      at: push.at,
      severity: isSure ? "error" : "info",
      confidence: isSure ? "certain" : "likely",
      message: `This pushes to ${nameOfRegistry(name)}, but the job logs in to ${others.map(nameOfRegistry).join(" and ")} only, so no credentials are sent and the push ends with "denied: requested access to the resource is denied" or "unauthorized"; log in to ${nameOfRegistry(name)} too`,
      related: logins.map(({ command }) => ({ at: command.at, message: "the login is here" })),
      fixes: push.references.slice(0, 1).flatMap((reference) => loginFix([push], reference)),
    };
  }
}

// ---- Logouts, and variables that say two things

function logoutReport({ logout, login, from, to, isSure }: LogoutElsewhere): Report {
  const unless = isSure ? "" : " outside gitlab.com";
  const server = login.server?.word.source;
  return {
    at: { at: logout.command.at, via: logout.command.via },
    severity: "info",
    message: `This logs out of ${nameOfRegistry(from)}, but the job logs in to ${nameOfRegistry(to)}, so${unless} the credentials stay where they are; log out of ${nameOfRegistry(to)}`,
    fixes: server === undefined ? [] : serverFix(logout, server, `Log out of ${nameOfRegistry(to)}`),
  };
}

function redefinedReport({ variable, name, isSure }: RedefinedRegistry): Report {
  const unless = isSure ? "" : ", unless that is the same";
  return {
    at: variable,
    severity: isSure ? "warning" : "info",
    message: `\`CI_REGISTRY\` is set to ${nameOfRegistry(name)}, but the job pushes to \`$CI_REGISTRY_IMAGE\`, which GitLab still fills with its own registry${unless}, so login and push go to different places ("denied: access forbidden"); set both, or use names of your own`,
  };
}
