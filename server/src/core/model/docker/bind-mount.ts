// Folders that `docker run` mounts into a container, and where they lie as the job sees them. The daemon resolves them where it
// runs, which is another file system than the job's. https://docs.docker.com/engine/storage/bind-mounts/
import type { Argument, ContainerCommand, Flag } from "./command";
import { flagsNamed } from "./command";
import { wordBehind } from "./command-words";
import { pathText } from "./path-text";
import { PROJECT_DIRECTORY } from "./working-directory";
import type { Located } from "../../text/located";

export interface BindMount {
  /** The flag's value as written. */
  readonly at: Located<string>;
  /** The source as written, for messages: "$(pwd)/data". */
  readonly source: string;
  /** "checkout": below the project's directory. "absolute": a literal path anywhere, `path` is it. */
  readonly lies: "checkout" | "absolute";
  readonly path: string;
}

/** The bind mounts of `docker run` and `docker create` whose source is known; named volumes are none. */
export function bindMountsOf(command: ContainerCommand): readonly BindMount[] {
  if (command.tool !== "docker" || (command.verb !== "run" && command.verb !== "create")) return [];
  return flagsNamed(command, "volume", "mount").flatMap((flag) => bindMount(command, flag));
}

function bindMount(command: ContainerCommand, { name, value }: Flag): readonly BindMount[] {
  const separator = name === "mount" ? "," : ":";
  const from = name === "mount" ? mountSource(value) : 0;
  if (value === undefined || from === undefined) return [];
  const path = pathText(command.job, from === 0 ? value.word : wordBehind(value.word, from)) ?? "";
  const [source = "", target] = path.split(separator);
  // `-v /data` is a volume without a name.
  const lies = name === "volume" && target === undefined ? undefined : liesAt(command, source);
  if (lies === undefined) return [];
  const at = { value: value.text, at: value.at, via: command.via };
  return [{ at, source: writtenSource(value.text.slice(from), separator), lies, path: source }];
}

/** Where the source begins in `type=bind,source=…`; undefined for other types and where it is not written. */
function mountSource(value: Argument | undefined): number | undefined {
  const text = value?.text ?? "";
  const match = /(^|,)(source|src)=/.exec(text);
  return match === null || !/(^|,)type=bind(,|$)/.test(text) ? undefined : match.index + match[0].length;
}

/** A path of the shell goes to the first separator that is not inside `$(…)` or `${…}`. */
const writtenSource = (text: string, separator: string): string =>
  (separator === ":" ? /^(\$\([^)]*\)|\$\{[^}]*\}|[^:])*/ : /^(\$\([^)]*\)|\$\{[^}]*\}|[^,])*/).exec(
    text,
  )?.[0] ?? text;

function liesAt(command: ContainerCommand, source: string): BindMount["lies"] | undefined {
  if (source.startsWith(PROJECT_DIRECTORY)) return "checkout";
  if (/^\.{1,2}(\/|$)/.test(source)) return command.workingDirectory.known ? "checkout" : undefined;
  return source.startsWith("/") ? "absolute" : undefined;
}
