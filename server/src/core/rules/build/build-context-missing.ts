// `docker build` wants exactly one operand, the context. commands/build.go of docker/buildx: `cli.ExactArgs(1)`
import { buildOf, type Build } from "../../model/docker/build";
import { isFlagOn, type Argument, type ContainerCommand, type Flag } from "../../model/docker/command";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { spanning, type Origin } from "../../text/located";
import { endOf, lineStartOf, replaceInScript, replaceText } from "../edits";
import { defineRule, type FixDraft, type Report } from "../rule";

export const buildContextMissing = defineRule({
  id: "build-context-missing",
  title: "`docker build` without a build context, or with several",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports `docker build`, `docker buildx build` and `nerdctl build` with no operand, or with more than one.",
    why: `The directory that the Dockerfile's COPY reads from must be named: "docker buildx build" requires 1 argument (with the
legacy builder: "requires exactly 1 argument"). A stray word, or \`--pull false\` instead of \`--pull=false\`, is
one argument too many.`,
    fix: "Add the directory, usually `.`, at the end; write values of boolean flags with `=`.",
    example: {
      bad: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:latest"
`,
      good: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:latest" .
`,
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/buildx/build/",
      "https://github.com/docker/buildx/blob/master/commands/build.go",
    ],
  },

  *check(job, ctx) {
    const commands = commandsOf(ctx, job);
    if (commands.length === 0 || dialectOf(ctx, job) !== "posix") return;
    for (const command of commands) {
      const isBuild = BUILDS.has(`${command.tool} ${command.verb}`);
      if (isBuild && !command.isOpen && !isFlagOn(command, "help"))
        yield* judge(command, buildOf(ctx, command));
    }
  },
});

function* judge(command: ContainerCommand, build: Build | undefined): Iterable<Report> {
  const folded = command.argv.filter(beginsWithBlank);
  if (folded.length > 0) yield foldedAway(command, folded);
  else if (build?.contexts.length === 0) yield without(command);
  else if (build !== undefined && build.contexts.length > 1 && command.flags.every((flag) => flag.isKnown))
    yield several(build);
}

/** podman and buildah take the current directory where none is given. */
const BUILDS: ReadonlySet<string> = new Set(["docker build", "docker buildx build", "nerdctl build"]);

/** `\` at the end of a line that YAML joins with the next: the shell sees `\ --no-cache`, one word that begins with a blank. */
const beginsWithBlank = ({ word, at }: Argument): boolean =>
  /^\\[ \t]/.test(word.source) && /^\\[ \t]*\n/.test(at.chunk.text.slice(at.start, at.end));

function foldedAway(command: ContainerCommand, words: readonly Argument[]): Report {
  const [first] = words;
  const what = `\`${command.tool} ${command.verb}\``;
  return {
    at: { at: first === undefined ? command.verbAt : backslashOf(first), via: command.via },
    message: `YAML joins these lines, so the backslash makes the blank behind it a part of the next word ("${first?.text ?? ""}"), which ${what} takes for a build context or a value; remove the backslash, or write the item with \`|\``,
    fixes: [
      {
        title: words.length === 1 ? "Remove the backslash" : "Remove the backslashes",
        safety: "safe",
        edits: words.map((word) => replaceText(withBlanksBefore(backslashOf(word)), "")),
      },
    ],
  };
}

const backslashOf = ({ at }: Argument): Origin => ({ chunk: at.chunk, start: at.start, end: at.start + 1 });

/** The line break that stays separates the words. */
function withBlanksBefore({ chunk, start, end }: Origin): Origin {
  const before = chunk.text.slice(lineStartOf(chunk, start), start);
  return { chunk, start: start - (before.length - before.trimEnd().length), end };
}

function without(command: ContainerCommand): Report {
  const swallowing = command.flags.find(swallows);
  const why =
    swallowing === undefined
      ? ""
      : ` (\`${swallowing.written}\` takes \`${swallowing.value?.text ?? ""}\` as its value)`;
  return {
    at: { at: spanning(command.nameAt, command.verbAt), via: command.via },
    message: `\`${command.tool} ${command.verb}\` gets no build context${why}, so it fails with "requires 1 argument"; add the directory, usually \`.\`, at the end`,
    fixes: swallowing === undefined && !endsInFlag(command) ? appendDot(command) : [],
  };
}

/** `docker build -t .` and `-t --cache-from`: the value was forgotten, and what stands behind it is taken for it. */
const swallows = ({ form, value }: Flag): boolean =>
  form === "separate" && value !== undefined && /^(\.{1,2}(\/.*)?|-.+)$/.test(value.text);

/** The last flag has no value: what is appended would become it. */
function endsInFlag({ flags, argv }: ContainerCommand): boolean {
  const last = flags.at(-1);
  return (
    last !== undefined &&
    last.value === undefined &&
    !BOOLEAN_FLAGS.has(last.name) &&
    last.at.end === argv.at(-1)?.at.end
  );
}

const BOOLEAN_FLAGS: ReadonlySet<string> = new Set([
  "load",
  "push",
  "pull",
  "no-cache",
  "quiet",
  "rm",
  "force-rm",
  "squash",
  "compress",
  "check",
  "debug",
]);

function appendDot(command: ContainerCommand): readonly FixDraft[] {
  const last = command.argv.at(-1);
  const edit = last === undefined ? undefined : replaceInScript(command.item, endOf(last.at), " .");
  return edit === undefined ? [] : [{ title: "Add the build context `.`", safety: "safe", edits: [edit] }];
}

function several({ command, contexts }: Build): Report {
  const [first] = contexts;
  const last = contexts.at(-1);
  const list = contexts.map(({ text }) => `\`${text}\``).join(", ");
  return {
    at:
      first === undefined || last === undefined
        ? { at: command.verbAt, via: command.via }
        : { at: spanning(first.at, last.at), via: command.via },
    message: `\`${command.tool} ${command.verb}\` gets ${contexts.length} arguments: ${list}; only one, the build context, is allowed ("requires 1 argument")`,
    fixes: joinValue(command, contexts),
  };
}

/** `--pull false .` becomes `--pull=false .` */
function joinValue(command: ContainerCommand, contexts: Build["contexts"]): readonly FixDraft[] {
  for (const context of contexts) {
    const flag = command.flags.find(
      (each) =>
        each.form === "none" && each.at.chunk === context.at.chunk && each.at.end + 1 === context.at.start,
    );
    if (flag === undefined || !/^(true|false)$/.test(context.text)) continue;
    const gap = { chunk: flag.at.chunk, start: flag.at.end, end: context.at.start };
    return [
      { title: `Write \`${flag.written}=${context.text}\``, safety: "safe", edits: [replaceText(gap, "=")] },
    ];
  }
  return [];
}
