// Two habits of a developer's terminal that don't hold in a job: `-it`, and mounting folders that the daemon doesn't see.
// https://github.com/docker/cli/blob/master/cli/streams/in.go
import { flagNamed, isFlagOn, type ContainerCommand, type Flag } from "../../model/docker/command";
import { surelyEndsJob } from "../../model/docker/certain-commands";
import { commandsOf } from "../../model/docker/find-commands";
import { unseenMountsOf, type UnseenMount } from "../../model/docker/unseen-mount";
import { textAt } from "../../text/located";
import type { ChunkEdit } from "../../text/edit";
import { replaceText } from "../edits";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dockerRunCiFlags = defineRule({
  id: "docker-run-ci-flags",
  title: "`docker run` as in a terminal",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `docker run` and `docker exec` with `-i` and `-t` together, and mounts of folders that the daemon does not see: the checkout on a runner that mounts the host's socket, and folders outside `/builds` that the job wrote when the daemon is a service.",
    why: 'A job has no terminal, so a container with `-i` and `-t` ends with "the input device is not a TTY" (newer: "cannot attach stdin to a TTY-enabled container because stdin is not a terminal"). A mounted folder is looked up where the daemon runs, not in the job\'s container: it comes out empty.',
    fix: "Leave `-t` out. Copy files with `docker cp`, build them into the image, or mount from below `$CI_PROJECT_DIR` with a `docker:dind` service, which shares `/builds`.",
    example: {
      bad: `
test:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker run --rm -it alpine:3.22 ls
`,
      good: `
test:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker run --rm alpine:3.22 ls
`,
    },
    references: [
      "https://github.com/docker/cli/blob/master/cli/streams/in.go",
      "https://docs.gitlab.com/ci/docker/using_docker_build/",
      "https://docs.gitlab.com/runner/executors/docker/",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      if (command.tool !== "docker" || !/^(run|exec|create)$/.test(command.verb)) continue;
      const tty = terminalFlag(command);
      if (tty !== undefined) yield terminal(ctx, command, tty);
      for (const mount of unseenMountsOf(ctx, command)) yield unseen(mount);
    }
  },
});

/** The `-t` of a container that waits for a terminal; undefined where it may have one, or does not ask for it. */
function terminalFlag(command: ContainerCommand): Flag | undefined {
  const { verb, item, use, caller } = command;
  if (verb === "create" || !isFlagOn(command, "interactive") || !isFlagOn(command, "tty")) return undefined;
  if (isFlagOn(command, "detach") || flagNamed(command, "attach") !== undefined) return undefined;
  // A script of the project may run in a terminal too, and ask whether it does.
  const asks = /\[\[? -t \d|\btest -t \d|\btty\b/.test(item.text.text);
  return use.conditional && (asks || caller !== undefined) ? undefined : flagNamed(command, "tty");
}

function terminal(ctx: RuleContext, command: ContainerCommand, tty: Flag): Report {
  const unless = command.isOpen ? " (unless a variable brings `-d`)" : "";
  return {
    at: { value: tty.written, at: tty.at, via: command.via },
    severity: surelyEndsJob(ctx, command) && !command.isOpen ? "error" : "warning",
    message: `A job has no terminal, so \`docker ${command.verb}\` with \`-i\` and \`-t\` fails with "the input device is not a TTY"${unless}; drop \`-t\``,
    fixes: withoutTerminal(command, tty),
  };
}

/** `-it` becomes `-i`; a flag of its own goes with the blank in front of it. */
function withoutTerminal({ isOpen, via }: ContainerCommand, { at }: Flag): readonly FixDraft[] {
  const written = textAt(at);
  // A person may run a script of the project in a terminal, and with `-d` the flag means something else.
  const safety = isOpen || via.some(({ kind }) => kind === "script") ? "suggested" : "safe";
  const title = "Drop `-t`";
  if (/^-[A-Za-z]{2,}$/.test(written))
    return [{ title, safety, edits: [replaceText(at, written.replace("t", ""))] }];
  if (!/^(-t|--tty(=true)?)$/.test(written)) return [];
  const before = at.chunk.text.slice(0, at.start);
  const edit: ChunkEdit = { chunk: at.chunk, start: before.trimEnd().length, end: at.end, newText: "" };
  return /[^\n] +$/.test(before) ? [{ title, safety, edits: [edit] }] : [];
}

function unseen({ mount, daemon, isSure }: UnseenMount): Report {
  const where =
    daemon === "host"
      ? "the host's file system, where the checkout is not"
      : "its own container, where the job wrote nothing";
  const unless = isSure ? "" : ", unless the runner shares it by `volumes`";
  const instead =
    daemon === "host"
      ? "copy the files with `docker cp`, or build them into the image"
      : "use a folder below `$CI_PROJECT_DIR`, which is shared with services";
  return {
    at: mount.at,
    severity: isSure ? "warning" : "info",
    message: `The daemon looks for \`${mount.source}\` in ${where}, so the container gets an empty folder${unless}; ${instead}`,
  };
}
