// The container commands of jobs, for programs and for people.
import type { PipelineCommands } from "../analysis";
import type { FilePath, SourceFile } from "../text/source-file";
import { placeJson } from "./place-json";
import { linePlace } from "./reporter";
import { printable } from "./terminal-text";

type FileOf = (path: FilePath) => SourceFile | undefined;

/** `{"jobs": {"<name>": {"commands": […]}}}`, indented by two blanks, with a line break at the end. */
export function commandsJson({ jobs }: PipelineCommands, file: FileOf): string {
  const byName = jobs.map(({ label, commands }) => {
    const list = commands.map(({ argv, section, item, at }) => ({
      argv,
      section,
      item,
      ...placeJson(at, file),
    }));
    return [label, { commands: list }] as const;
  });
  return `${JSON.stringify({ jobs: Object.fromEntries(byName) }, undefined, 2)}\n`;
}

/** One paragraph for each job that has commands, one line for each command. */
export function commandsText({ jobs }: PipelineCommands, file: FileOf): string {
  const paragraphs = jobs
    .filter(({ commands }) => commands.length > 0)
    .map(({ label, commands }) => {
      const lines = commands.map(({ argv, section, at }) => {
        const { line, column } = linePlace(file(at.file), at.start);
        const where = `${printable(at.file)}:${line}:${column}`;
        return { where, section, words: printable(argv.map(shownWord).join(" ")) };
      });
      const width = Math.max(...lines.map(({ where }) => where.length));
      const rows = lines.map(
        ({ where, section, words }) => `  ${where.padEnd(width)}  ${section.padEnd(13)}  ${words}\n`,
      );
      return `${printable(label)}\n${rows.join("")}`;
    });
  return paragraphs.join("\n");
}

/** Quotes where a word would otherwise look like none or several. */
const shownWord = (word: string): string => (word === "" || /\s/.test(word) ? JSON.stringify(word) : word);
