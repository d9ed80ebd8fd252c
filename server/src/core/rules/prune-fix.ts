// How to clean up a Docker daemon within limits.
import { flagNamed, isFlagOn, type ContainerCommand, type Flag } from "../model/docker/command";
import { listOf } from "../model/pipeline/script-edit";
import { insertItemBefore } from "../syntax/yaml-edit";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { endOf, replaceInScript, startsLine } from "./edits";
import type { FixDraft } from "./rule";

/** Age that fixes insert: longer than jobs run. */
const AGE = "until=24h";

/** Limits a prune to what is old; volumes know no age, so they are left out. Nothing where that is all. */
export function pruneAfter(command: ContainerCommand): readonly FixDraft[] {
  if (!/^(system|image|container|builder) prune$/.test(command.verb)) return [];
  const last = [...command.flags, ...command.operands].at(-1)?.at ?? command.verbAt;
  const insert = replaceInScript(command.item, endOf(last), ` --filter ${AGE}`);
  const volumes = isFlagOn(command, "volumes") ? flagNamed(command, "volumes") : undefined;
  const removed = volumes === undefined ? [] : [without(volumes)];
  if (insert === undefined || isBrought(command)) return [];
  const title =
    volumes === undefined
      ? "Prune what is older than 24 hours"
      : "Prune what is older than 24 hours, and no volumes";
  return [{ title, safety: "suggested", edits: [...removed, insert] }];
}

/** A word that a variable brought stands somewhere else. */
const isBrought = ({ at, flags }: ContainerCommand): boolean =>
  flags.some((flag) => flag.at.chunk !== at.chunk || flag.at.start < at.start || flag.at.end > at.end);

/** The flag with the blank in front of it. */
function without({ at }: Flag): ChunkEdit {
  const blanks = /[ \t]+$/.exec(at.chunk.text.slice(0, at.start))?.[0].length ?? 0;
  return { chunk: at.chunk, start: at.start - blanks, end: at.end, newText: "" };
}

/** `docker system prune` without volumes, and `docker volume prune` behind it. */
export function splitVolumes(command: ContainerCommand): readonly FixDraft[] {
  const volumes = flagNamed(command, "volumes");
  if (volumes === undefined || isBrought(command)) return [];
  const { at, nameAt } = command;
  const name = textAt({ chunk: at.chunk, start: at.start, end: nameAt.end });
  const force = flagNamed(command, "force");
  const second = `${name} volume prune${force === undefined ? "" : ` ${force.written}`}`.replace(
    / -\w*f\w*$/,
    " -f",
  );
  const edits = ownItem(command, second) ?? behind(command, second);
  return edits === undefined
    ? []
    : [
        {
          title: "Prune volumes in a command of their own",
          safety: "suggested",
          edits: [without(volumes), ...edits],
        },
      ];
}

/** A list item of its own where the command is one. */
function ownItem(command: ContainerCommand, line: string): readonly ChunkEdit[] | undefined {
  const { item, job, at } = command;
  const place = listOf(job, item);
  const isWhole = textAt(item.at) === textAt(at) && !/[:#'"&*!|>%@`]/.test(line);
  if (place === undefined || place.list.node.flow || !isWhole) return undefined;
  return insertItemBefore(place.list.node, place.index + 1, line);
}

function behind(command: ContainerCommand, line: string): readonly ChunkEdit[] | undefined {
  const { at, item } = command;
  const end = endOf(at);
  const indent = /\n([ ]*)[^\n]*$/.exec(`\n${at.chunk.text.slice(0, at.start)}`)?.[1] ?? "";
  const isLine =
    startsLine(at) &&
    at.chunk.text[item.at.start] === "|" &&
    /^[ \t]*(\n|$)/.test(at.chunk.text.slice(at.end));
  if (isLine) return [{ chunk: at.chunk, start: at.end, end: at.end, newText: `\n${indent}${line}` }];
  const edit = replaceInScript(item, end, ` && ${line}`);
  return edit === undefined ? undefined : [edit];
}
