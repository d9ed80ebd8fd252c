// Typographic dashes and quotes, which come from word processors and web pages: shells and programs know the ASCII ones only.
// https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html#tag_12_02
import { jobCommandsOf, dialectOf } from "../../model/docker/find-commands";
import { runsIn } from "../../model/docker/dockerfile-run";
import { hasTypography, typographicFaults, type TypographicFault } from "../../model/docker/typography";
import { commandsOf } from "../../syntax/shell";
import type { SimpleCommand } from "../../syntax/shell-nodes";
import type { ChunkEdit } from "../../text/edit";
import { textAt, type Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import { replaceInScript, replaceText } from "../edits";
import { defineRule, type FixDraft, type Report } from "../rule";

export const shellUnicodeDash = defineRule({
  id: "shell-unicode-dash",
  title: "Typographic dash or quotes in a command",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports words of commands, in scripts and in `RUN`, that begin with a typographic dash (`–no-cache`), and typographic quotes that stand for quoting (`“a b”`).",
    why: `Text that went through a word processor or a web page has \`–\` for \`--\` and \`“\` for \`"\`. To a program \`–no-cache\` is
an operand and no option: "docker buildx build requires 1 argument", "unable to prepare context: path not found". To the
shell a typographic quote is a letter: it splits the text at blanks and hands the quotes on.`,
    fix: "Type the dashes and quotes that are on the keyboard.",
    example: {
      bad: `
build:
  script:
    - docker build –no-cache -t app .
`,
      good: `
build:
  script:
    - docker build --no-cache -t app .
`,
    },
    references: [
      "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html#tag_12_02",
      "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02",
    ],
  },

  *check(job, ctx) {
    if (!job.script.some(({ text }) => hasTypography(text.text))) return;
    // PowerShell takes all of these dashes and quotes for its own.
    if (dialectOf(ctx, job) !== "posix") return;
    for (const { use, item, place, via } of jobCommandsOf(ctx, job)) {
      for (const fault of typographicFaults(use.command)) {
        const at = place(fault.start, fault.end);
        const edit = (text: string): ChunkEdit | undefined => replaceInScript(item, at, text);
        yield { ...report(fault, use.command, at, edit), at: { at, via } };
      }
    }
  },

  alsoInspects: {
    *dockerfile(tree, ctx) {
      if (!hasTypography(tree.chunk.text)) return;
      const scripts = runsIn(ctx, tree.instructions).flatMap((run) => run.scripts);
      for (const { text, tree: script } of scripts.filter((each) => hasTypography(each.text.text))) {
        for (const { command } of commandsOf(script)) yield* inDockerfile(command, text);
      }
    },
  },
});

function* inDockerfile(command: SimpleCommand, text: MappedText): Iterable<Report> {
  for (const fault of typographicFaults(command)) {
    const at = text.at(fault.start, fault.end);
    yield report(fault, command, at, (meant) => replaceText(at, meant));
  }
}

function report(
  { kind, written, meant }: TypographicFault,
  command: SimpleCommand,
  at: Origin,
  edit: (text: string) => ChunkEdit | undefined,
): Report {
  const shown = meant.map((text) => `\`${text}\``).join(" or ");
  const isBuild = /\b(?:docker|podman)\s(?:.*\s)?build\b/.test(
    command.words.map(({ text }) => text).join(" "),
  );
  const answer = isBuild ? ' ("docker buildx build requires 1 argument")' : "";
  return {
    at,
    message:
      kind === "dash"
        ? `\`${written}\` begins with a typographic dash, so the program takes it for an operand and not for an option${answer}; type ${shown}`
        : `\`${written}\` stands in typographic quotes, which are letters to the shell: it splits the text at blanks and hands the quotes on; type ${shown}`,
    fixes: fixesFor(written, meant, at, edit),
  };
}

function fixesFor(
  written: string,
  meant: readonly string[],
  at: Origin,
  edit: (text: string) => ChunkEdit | undefined,
): readonly FixDraft[] {
  // Over several lines, or with escapes in it, the file holds something else than the shell gets.
  if (textAt(at) !== written) return [];
  return meant.flatMap((text): readonly FixDraft[] => {
    const made = edit(text);
    const safety = meant.length === 1 ? "safe" : "suggested";
    return made === undefined ? [] : [{ title: `Type \`${text}\``, safety, edits: [made] }];
  });
}
