// With an authentication token, what belongs to the runner on the server can't be given on the command line.
// https://docs.gitlab.com/runner/register/#register-with-a-runner-authentication-token , commands/register.go of gitlab-runner
import { registerFlag } from "../../model/runner/register";
import { SERVER_SIDE_FLAGS, withoutFlag } from "../register-fix";
import { defineRule } from "../rule";

export const runnerAuthTokenFlags = defineRule({
  id: "runner-auth-token-flags",
  title: "Flag that an authentication token forbids",
  severity: "error",
  since: "0.1.0",
  inspects: "register-line",

  docs: {
    what: "Reports `gitlab-runner register` with an authentication token (`--token glrt-…`, or a variable that is named as one) together with `--tag-list`, `--run-untagged`, `--locked`, `--access-level`, `--maximum-timeout`, `--paused` or `--maintenance-note`.",
    why: 'These are kept by GitLab since the runner was created there: "FATAL: Runner configuration other than name and executor configuration is reserved (specifically --locked, --access-level, --run-untagged, --maximum-timeout, --paused, --tag-list, and --maintenance-note) and cannot be specified when registering with a runner authentication token".',
    fix: "Remove the flag, and set it where the runner is created.",
    example: {
      file: "register-runner.sh",
      bad: `gitlab-runner register -n --url https://gitlab.example.com --token "$RUNNER_TOKEN" --tag-list docker --executor docker --docker-image alpine:3.22
`,
      good: `gitlab-runner register -n --url https://gitlab.example.com --token "$RUNNER_TOKEN" --executor docker --docker-image alpine:3.22
`,
    },
    references: [
      "https://docs.gitlab.com/runner/register/",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/commands/register.go",
    ],
  },

  *check(line) {
    const token = registerFlag(line, "token")?.value;
    if (token === undefined || !isAuthentication(token.text)) return;
    for (const flag of line.flags.filter(({ name }) => SERVER_SIDE_FLAGS.has(name))) {
      yield {
        at: flag.at,
        message: `\`${flag.written}\` can't be given with an authentication token ("Runner configuration other than name and executor configuration is reserved"), so nothing is registered; remove it, and set it in GitLab where the runner is created`,
        fixes: [{ title: `Remove \`${flag.written}\``, safety: "suggested", edits: [withoutFlag(flag)] }],
      };
    }
  },
});

/** A variable is taken by its name: `$RUNNER_TOKEN`, `${CI_RUNNER_AUTH_TOKEN}`; one of another name may hold anything. */
const isAuthentication = (token: string): boolean =>
  token.startsWith("glrt-") || /^\$\{?\w*RUNNER(?:_AUTH\w*)?_TOKEN\}?$/i.test(token);
