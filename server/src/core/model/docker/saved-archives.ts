// Archives of images that a job writes to files (`docker save`), and whether their folder is there when it does.
import type { QueryContext } from "../../query/query";
import type { Word } from "../../syntax/shell-nodes";
import type { Located } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { flagNamed, type ContainerCommand, type JobCommand } from "./command";
import { madeBefore, type Made } from "./created-paths";
import { commandsOf, jobCommandsOf } from "./find-commands";
import { pathText } from "./path-text";
import { presenceOf } from "./repository-paths";
import { directoryAt } from "./working-directory";
import { baseName } from "./wrappers";

export interface SavedArchive {
  readonly save: ContainerCommand;
  /** The command that opens the file: `save` itself, or the one that it is piped into. */
  readonly writer: JobCommand;
  /** The folder below the repository's root. */
  readonly folder: FilePath;
  /** The folder as written, for people and for `mkdir`. */
  readonly written: string;
  readonly at: Located<string>;
  /** The shell opens the file, not Docker. */
  readonly isRedirect: boolean;
}

/** The archives that a job saves into a folder of the checkout. */
export function savedArchivesOf(ctx: QueryContext, job: Job): readonly SavedArchive[] {
  const saves = commandsOf(ctx, job).filter(({ verb, tool }) => verb === "save" && tool !== "docker-compose");
  if (saves.length === 0) return [];
  return saves.flatMap((save) => {
    const output = flagNamed(save, "output")?.value;
    if (output !== undefined) return archive(save, save, output.word, false);
    const piped = jobCommandsOf(ctx, job).find(({ use }) => use.pipedFrom === save.use.command);
    return [save, ...(piped === undefined || !packs(piped) ? [] : [piped])].flatMap((writer) =>
      redirectsOf(writer).flatMap((target) => archive(save, writer, target, true)),
    );
  });
}

const packs = ({ argv }: JobCommand): boolean =>
  /^(gzip|pigz|zstd|xz|bzip2|lz4)$/.test(baseName(argv[0]?.text ?? ""));

const redirectsOf = ({ use }: JobCommand): readonly Word[] =>
  use.command.redirects.flatMap(({ operator, descriptor, target }) =>
    (operator === ">" || operator === ">|") && (descriptor ?? "1") === "1" && target !== undefined
      ? [target]
      : [],
  );

function archive(
  save: ContainerCommand,
  writer: JobCommand,
  word: Word,
  isRedirect: boolean,
): readonly SavedArchive[] {
  const path = pathText(writer.job, word);
  const folder = path === undefined ? undefined : parentOf(path);
  if (folder === undefined || /^[/~]/.test(folder)) return [];
  const at = directoryAt(writer.workingDirectory, folder);
  if (!at.known || at.path === "") return [];
  const place = { value: word.text, at: writer.place(word.start, word.end), via: writer.via };
  const written = parentOf(word.text) ?? at.path;
  return [{ save, writer, folder: at.path, written, at: place, isRedirect }];
}

/** Undefined for a file without a folder. */
function parentOf(path: string): string | undefined {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? undefined : path.slice(0, slash);
}

/** Whether the folder of an archive is there in the first run: in the repository, or made before. A cache is empty then. */
export function hasFolder(ctx: QueryContext, { writer, folder }: SavedArchive): Made {
  const presence = presenceOf(ctx, folder);
  if (presence === "folder" || presence === "file") return "yes";
  const made = madeBefore(ctx, writer, folder, false);
  return made === "no" && presence === "unknown" ? "maybe" : made;
}
