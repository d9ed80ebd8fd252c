// Logins with variables that some pipelines do not have, and passwords that the shell may change on their way.
// https://docs.gitlab.com/ci/variables/#protect-a-cicd-variable
import { surelyEndsJob } from "../../model/docker/certain-commands";
import { loginsOf, type Login } from "../../model/docker/credentials";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import type { Job } from "../../model/pipeline/job";
import { ownBody } from "../../model/pipeline/edit";
import { canBeUnprotected, runsIn } from "../../model/pipeline/when";
import { settingsOf } from "../../model/settings-of";
import type { SimpleCommand, Word } from "../../syntax/shell-nodes";
import { setKey } from "../../syntax/yaml-edit";
import { replaceInScript } from "../edits";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const loginCredentialsMayBeEmpty = defineRule({
  id: "login-credentials-may-be-empty",
  title: "Login with a variable that may be empty",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports logins with a variable that the settings name as protected, in jobs that run for refs that are not; with `$CI_DEPLOY_USER` and `$CI_DEPLOY_PASSWORD`, as information; and with a password that `echo` gets without quotes, as a hint.",
    why: `A protected variable does not exist in pipelines for other branches, tags and merge requests, and docker then says "error:
cannot perform an interactive login from a non-TTY device", "username is empty" or "password is empty". \`CI_DEPLOY_USER\`
and \`CI_DEPLOY_PASSWORD\` exist only where the project has a deploy token of the name \`gitlab-deploy-token\`. Without
quotes the shell splits a password at blanks and takes \`*\` in it for file names.`,
    fix: "Run the job for protected refs only, or supply the variable; put the password into quotes.",
    example: {
      bad: `
build:
  script:
    - echo $HUB_TOKEN | docker login -u me --password-stdin
`,
      good: `
build:
  script:
    - echo "$HUB_TOKEN" | docker login -u me --password-stdin
`,
    },
    references: [
      "https://docs.gitlab.com/ci/variables/#protect-a-cicd-variable",
      "https://docs.gitlab.com/user/project/deploy_tokens/#gitlab-deploy-token",
      "https://github.com/docker/cli/blob/master/cli/command/registry.go",
    ],
  },

  *check(job, ctx) {
    if (commandsOf(ctx, job).length === 0 || dialectOf(ctx, job) !== "posix") return;
    for (const login of loginsOf(ctx, job)) {
      yield* withoutQuotes(login);
      if (!surelyEndsJob(ctx, login.command)) continue;
      yield* withProtected(ctx, job, login);
      if (login.account === "deploy-token") yield withDeployToken(login);
    }
  },
});

const EMPTY =
  '"cannot perform an interactive login from a non-TTY device", "username is empty" or "password is empty"';

function* withProtected(ctx: RuleContext, job: Job, login: Login): Iterable<Report> {
  const names = login.variables.filter(
    (name) =>
      ctx.get(settingsOf, null).settings.variables.protected.includes(name) && !job.variables.has(name),
  );
  if (names.length === 0 || canBeUnprotected(runsIn(ctx, job)) !== "yes") return;
  const shown = names.map((name) => `\`$${name}\``).join(" and ");
  yield {
    at: { at: login.command.at, via: login.command.via },
    message: `${shown} ${names.length === 1 ? "is" : "are"} protected, but the job also runs for branches, tags or merge requests that are not, where docker says ${EMPTY}; run it for protected refs only`,
    fixes: protectedFix(job),
  };
}

/** Only where the job says nothing yet of when it runs. */
function protectedFix(job: Job): readonly FixDraft[] {
  const body = ownBody(job);
  const isFree = !["rules", "only", "except"].some((keyword) => job.keywords.has(keyword));
  if (body === undefined || !isFree || !job.isClosed) return [];
  const rule = `- if: $CI_COMMIT_REF_PROTECTED == "true"`;
  return [
    {
      title: "Run the job for protected refs only",
      safety: "suggested",
      edits: setKey(body, "rules", rule),
    },
  ];
}

const withDeployToken = ({ command }: Login): Report => ({
  at: { at: command.at, via: command.via },
  severity: "info",
  confidence: "likely",
  message: `\`$CI_DEPLOY_USER\` is set only where the project has a deploy token of the name \`gitlab-deploy-token\`; where it has none docker says ${EMPTY}`,
});

/** GitLab makes them without blanks and wildcards. */
const PLAIN: ReadonlySet<string> = new Set(["CI_REGISTRY_PASSWORD", "CI_JOB_TOKEN", "CI_DEPLOY_PASSWORD"]);

function* withoutQuotes({ command }: Login): Iterable<Report> {
  const echo = command.use.pipedFrom;
  for (const word of passwordsOf(echo)) {
    const at = command.place(word.start, word.end);
    const edit = replaceInScript(command.item, at, `"${word.source}"`);
    yield {
      at: { at, via: command.via },
      severity: "hint",
      message: `\`${word.source}\` has no quotes, so the shell splits the password at blanks and takes \`*\` and \`?\` in it for file names, and the login may end with "incorrect username or password"; put it into quotes`,
      fixes:
        edit === undefined ? [] : [{ title: "Put the password into quotes", safety: "safe", edits: [edit] }],
    };
  }
}

/** Variables that stand alone and without quotes behind `echo` or `printf`. */
function passwordsOf(command: SimpleCommand | undefined): readonly Word[] {
  const [name, ...words] = command?.words ?? [];
  if (name?.text !== "echo" && name?.text !== "printf") return [];
  return words.filter(({ parts: [only, ...others] }) => {
    const isBare = only?.kind === "variable" && !only.quoted && only.operator === undefined;
    return isBare && others.length === 0 && !PLAIN.has(only.name) && !only.name.startsWith("[[");
  });
}
