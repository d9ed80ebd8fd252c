// Runners are registered with an authentication token today; registration tokens go away.
// https://docs.gitlab.com/ci/runners/new_creation_workflow/
import { registerFlag, type RegisterFlag, type RegisterLine } from "../../model/runner/register";
import { stringAt } from "../../model/runner/config";
import { keyText, type YamlPair } from "../../syntax/yaml-nodes";
import { replaceText } from "../edits";
import { SERVER_SIDE_FLAGS, withoutFlag } from "../register-fix";
import { defineRule, type FixDraft, type Report } from "../rule";

export const runnerRegistrationToken = defineRule({
  id: "runner-registration-token",
  title: "Registration token for a runner",
  severity: "warning",
  since: "0.1.0",
  inspects: "register-line",

  docs: {
    what: "Reports `gitlab-runner register` with a registration token, `runnerRegistrationToken` in the values of the Helm chart, and a registration token (`GR1348941…`) that stands as a runner's `token` in config.toml.",
    why: 'Registration tokens are deprecated, are to be removed in GitLab 20.0, and can be switched off before: "Registering runner... failed", "410 Gone - runner registration disallowed". As a runner\'s own token such a token is refused with "403 Forbidden".',
    fix: "Create the runner in GitLab and pass its authentication token: `--token glrt-…`.",
    example: {
      file: "register-runner.sh",
      bad: `gitlab-runner register --non-interactive \\
  --url https://gitlab.example.com \\
  --registration-token "$REGISTRATION_TOKEN" \\
  --executor docker \\
  --docker-image alpine:3.22
`,
      good: `gitlab-runner register --non-interactive \\
  --url https://gitlab.example.com \\
  --token "$RUNNER_TOKEN" \\
  --executor docker \\
  --docker-image alpine:3.22
`,
    },
    references: [
      "https://docs.gitlab.com/ci/runners/new_creation_workflow/",
      "https://docs.gitlab.com/runner/register/",
    ],
  },

  *check(line) {
    const flag = registerFlag(line, "registration-token");
    if (flag === undefined) return;
    // `register` takes an authentication token there too, and then leaves the other flags out with a warning.
    if (flag.value?.text.startsWith("glrt-") === true) {
      yield {
        at: flag.at,
        severity: "info",
        message: `\`${flag.written}\` gets an authentication token, which only older scripts are allowed to do; use \`--token\``,
        fixes: [
          { title: "Use `--token`", safety: "suggested", edits: [replaceText(flag.nameAt, "--token")] },
        ],
      };
      return;
    }
    yield {
      at: flag.at,
      message:
        'Registration tokens are deprecated and go away in GitLab 20.0 ("410 Gone - runner registration disallowed" where they are switched off); create the runner in GitLab and pass its authentication token with `--token`',
      fixes: toToken(line, flag),
    };
  },

  alsoInspects: {
    *"runner-config"(config) {
      for (const pair of config.helm?.siblings ?? []) yield* helmToken(pair);
      for (const { table } of config.runners) {
        const token = stringAt(table, "token");
        if (token?.value.startsWith("GR1348941") !== true) continue;
        yield {
          at: token,
          severity: "error",
          message:
            'This is a registration token and no runner\'s own token, so the runner is refused ("403 Forbidden"); register the runner, or write the authentication token (`glrt-…`) that GitLab shows when it is created',
        };
      }
    },
  },
});

function* helmToken(pair: YamlPair): Iterable<Report> {
  const isSet = pair.value.kind === "scalar" && pair.value.text !== "";
  if (keyText(pair) !== "runnerRegistrationToken" || !isSet) return;
  yield {
    at: pair.key.at,
    message:
      "Registration tokens are deprecated and go away in GitLab 20.0, after which this chart starts no runner; create the runner in GitLab and set `runnerToken` to its authentication token",
  };
}

/** What can't stand beside an authentication token goes with the old one. */
function toToken(line: RegisterLine, flag: RegisterFlag): readonly FixDraft[] {
  if (flag.value === undefined) return [];
  const others = line.flags.filter(({ name }) => SERVER_SIDE_FLAGS.has(name));
  const edits = [replaceText(flag.at, '--token "$RUNNER_TOKEN"'), ...others.map(withoutFlag)];
  const also =
    others.length === 0 ? "" : `, without ${others.map(({ written }) => `\`${written}\``).join(", ")}`;
  return [
    { title: `Pass an authentication token: \`--token "$RUNNER_TOKEN"\`${also}`, safety: "suggested", edits },
  ];
}
