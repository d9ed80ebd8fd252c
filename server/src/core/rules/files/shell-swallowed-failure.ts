// A build, push, login or test whose failure does not fail the job.
// https://docs.gitlab.com/ci/yaml/script/ , https://gitlab.com/gitlab-org/gitlab-runner/-/issues/25394
import { dialectOf } from "../../model/docker/find-commands";
import type { ContainerCommand, JobCommand } from "../../model/docker/command";
import { cutCommandsOf, type CutCommand } from "../../model/docker/cut-commands";
import { swallowedFailuresOf, type SwallowedFailure } from "../../model/docker/swallowed-failures";
import { spanning } from "../../text/located";
import { defineRule, type Report } from "../rule";
import { dedentFix, splitFix, withoutTrueFix } from "../script-fixes";

export const shellSwallowedFailure = defineRule({
  id: "shell-swallowed-failure",
  title: "Failure that does not fail the job",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports image builds, pushes, logins and test runs on the left of `&&` where more follows, builds and pushes with `|| true`, in a pipe without `pipefail` or behind `set +e`, and commands that a line break cuts in two.",
    why: `Runner starts each script with \`set -e\`, which stops it at the first failure, but not at one on the left of \`&&\`: the
rest of the list is skipped, the next line runs and the job passes without an image. In a folded block (\`>\`) YAML keeps the
line break in front of a line that is indented deeper, and the shell then says "--pull: not found".`,
    fix: "Put the commands on lines of their own; indent the lines of a folded block alike.",
    example: {
      bad: `
build:
  script:
    - docker build -t "$IMAGE" . && docker tag "$IMAGE" app
    - echo done
`,
      good: `
build:
  script:
    - docker build -t "$IMAGE" .
    - docker tag "$IMAGE" app
    - echo done
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/script/",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/issues/25394",
      "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set",
      "https://yaml.org/spec/1.2.2/#813-folded-style",
    ],
  },

  *check(job, ctx) {
    if (!job.script.some(({ text }) => MAY_LOSE.test(text.text)) || dialectOf(ctx, job) !== "posix") return;
    const lists = new Set<object>();
    for (const failure of swallowedFailuresOf(ctx, job)) {
      if ("list" in failure && lists.has(failure.list)) continue;
      if ("list" in failure) lists.add(failure.list);
      yield report(failure);
    }
    for (const cut of cutCommandsOf(ctx, job)) yield cutReport(cut);
  },
});

const MAY_LOSE = /&&|\|\||\bset\b.*\+|\n[ \t]*-/;

function report(failure: SwallowedFailure): Report {
  const { command } = failure;
  const name = nameOf(command);
  const at = { at: command.at, via: command.via };
  switch (failure.how) {
    case "and":
      return {
        at,
        message: `If \`${name}\` fails the job goes on, because \`set -e\` overlooks a failure on the left of \`&&\` and more commands follow; put the commands on lines of their own`,
        fixes: splitFix(command.item, failure.script, failure.list),
      };
    case "or-true":
      return {
        at,
        severity: mentionsCache(failure.command) ? "info" : "warning",
        message: `If \`${name}\` fails the job passes all the same, because of the \`|| ${textOfLast(failure)}\` behind it; remove that, or say in the script what is to happen then`,
        fixes: withoutTrueFix(command.item, failure.script, failure.list),
      };
    case "pipe":
      return {
        at,
        message: `If \`${name}\` fails the job goes on, because a pipe has the status of its last command once \`set +o pipefail\` is said; leave \`pipefail\` on`,
        related: [{ at: failure.by.at, message: "`pipefail` is switched off here" }],
      };
    case "errexit":
      return {
        at: { at: failure.by.at, via: failure.by.via },
        message: `Behind \`set +e\` the job goes on if \`${name}\` fails, and nothing looks at its status; say \`set -e\` again before it`,
        related: [{ at: command.at, message: "the failure of this is lost" }],
      };
  }
}

function cutReport({ command, isFolded }: CutCommand): Report {
  const name = command.argv[0]?.text ?? "";
  const why = isFolded
    ? "YAML keeps the line break in front of a line that is indented deeper, so the shell runs"
    : "The line break ends the command above, so the shell runs";
  const todo = isFolded
    ? "indent all lines of the folded block alike"
    : "end the line above with a backslash";
  const { word } = command.argv[0] ?? {};
  return {
    at: {
      at: word === undefined ? command.at : spanning(command.place(word.start, word.end), command.at),
      via: command.via,
    },
    severity: "error",
    message: `${why} \`${name}\` as a command of its own ("${name}: not found"); ${todo}`,
    fixes: isFolded ? dedentFix(command.item) : [],
  };
}

/** `docker push`, `npm test`. */
function nameOf(command: JobCommand | ContainerCommand): string {
  if ("tool" in command) return command.tool === "kaniko" ? "executor" : `${command.tool} ${command.verb}`;
  return command.argv
    .slice(0, 2)
    .map(({ text }) => text)
    .join(" ");
}

const textOfLast = ({ list }: Extract<SwallowedFailure, { how: "or-true" }>): string => {
  const last = list.items.at(-1);
  return last?.kind === "command" ? last.words.map(({ text }) => text).join(" ") : "true";
};

/** An image that is only a cache may fail to arrive. */
const mentionsCache = ({ operands, flags }: ContainerCommand): boolean =>
  [
    ...operands,
    ...flags.flatMap(({ name, value }) => (name === "tag" && value !== undefined ? [value] : [])),
  ].some(({ text }) => /cache/i.test(text));
