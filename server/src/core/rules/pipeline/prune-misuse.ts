// Cleaning up a Docker daemon: useless in one that is gone with the job, harmful in one that other jobs use, and refused with
// volumes and an age together. https://docs.docker.com/reference/cli/docker/system/prune/
import { surelyRuns, type ContainerCommand } from "../../model/docker/command";
import { commandsOf } from "../../model/docker/find-commands";
import { isHousekeeping, isLastUse, ownershipOf, pruneOf, type Prune } from "../../model/docker/prune";
import { removeScriptItem } from "../../model/pipeline/script-edit";
import { profileOf } from "../../model/runner/profile";
import { textAt } from "../../text/located";
import { endOf, restOfLine } from "../edits";
import { pruneAfter, splitVolumes } from "../prune-fix";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const pruneMisuse = defineRule({
  id: "prune-misuse",
  title: "Prune that hurts or does nothing",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `docker system prune` and its kin: refused (`--volumes` with an `until` filter), without a limit on a daemon that other jobs use (a warning where the runner is known to share it, else information), and at the end of a job whose dind service is gone anyway (a hint). `docker rm -f $(docker ps -aq)` and the like count as well.",
    why: 'On a shared daemon it takes away what other jobs are about to use: their stopped containers, images and caches, so that they fail or start from nothing. With both flags docker does nothing at all: "The \"until\" filter is not supported with \"--volumes\"".',
    fix: "Say how old things must be (`--filter until=24h`) or whose they are (`--filter label=…`); clean up volumes in a command of its own; leave the daemon of a dind service alone.",
    example: {
      bad: `
cleanup:
  script:
    - docker system prune --force --volumes --filter until=24h
`,
      good: `
cleanup:
  script:
    - docker system prune --force --filter until=24h
    - docker volume prune --force
`,
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/system/prune/",
      "https://github.com/docker/cli/pull/311",
      "https://docs.gitlab.com/ci/docker/using_docker_build/",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      const prune = pruneOf(ctx, command);
      if (prune !== undefined) yield* prune.isRefused ? refused(prune) : unlimited(ctx, prune);
    }
  },
});

const placeOf = ({ at, via }: ContainerCommand): Report["at"] => ({ at, via });

function refused({ command }: Prune): readonly Report[] {
  const ends = surelyRuns(command) && command.section !== "after_script";
  return [
    {
      at: placeOf(command),
      severity: ends ? "error" : "warning",
      message:
        'docker refuses an age together with volumes ("The "until" filter is not supported with "--volumes""), so nothing is cleaned up; run two commands',
      fixes: splitVolumes(command),
    },
  ];
}

function unlimited(ctx: RuleContext, prune: Prune): readonly Report[] {
  const { command, reach } = prune;
  switch (ownershipOf(ctx, command)) {
    case "own":
      return isLastUse(ctx, command) ? [useless(ctx, prune)] : [];
    case "shared":
      return reach === "garbage" ? [] : [harmful(ctx, prune)];
    case "unknown":
      return reach === "garbage" || isHousekeeping(ctx, command) ? [] : [maybeHarmful(prune)];
    case "remote":
      return [];
  }
}

function useless(ctx: RuleContext, { command, shown }: Prune): Report {
  return {
    at: placeOf(command),
    severity: "hint",
    message: `\`${shown}\` at the end of the job cleans up a daemon that is gone with the job; leave it out`,
    fixes: removeFix(ctx, command),
  };
}

/** Where the whole item is the command. */
function removeFix(ctx: RuleContext, command: ContainerCommand): readonly FixDraft[] {
  const { item, job, at } = command;
  const isWhole = item.text.text.trim() === textAt(at).trim();
  const isCommented = restOfLine(endOf(item.at)).end > item.at.end;
  const edits = isWhole && !isCommented ? removeScriptItem(ctx, job, item) : undefined;
  return edits === undefined ? [] : [{ title: "Leave it out", safety: "suggested", edits }];
}

function harmful(ctx: RuleContext, { command, shown, removes }: Prune): Report {
  const profile = profileOf(ctx, command.job);
  const isWanted = isHousekeeping(ctx, command) || profile.isDoubtful;
  const because =
    profile.ignoresImages === true
      ? `runs on the runner's own daemon (executor ${profile.executor ?? "shell"})`
      : "runs on the daemon of the runner's host, whose socket is mounted";
  const [evidence] = profile.evidence;
  return {
    at: placeOf(command),
    severity: isWanted ? "info" : "warning",
    message: `\`${shown}\` ${because}, so it takes ${removes} away from all jobs there; limit it to what is old or your own with \`--filter\``,
    related: evidence === undefined ? [] : [{ at: evidence, message: "the runner" }],
    fixes: pruneAfter(command),
  };
}

const maybeHarmful = ({ command, shown, removes }: Prune): Report => ({
  at: placeOf(command),
  severity: "info",
  confidence: "likely",
  message: `\`${shown}\` takes ${removes} away from all jobs that use the same daemon (a shell executor, a mounted socket); limit it to what is old or your own with \`--filter\``,
  fixes: pruneAfter(command),
});
