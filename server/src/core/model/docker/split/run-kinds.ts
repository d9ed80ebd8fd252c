// Whether a RUN leaves something that a program needs when it runs: what compiles and what installs tools stays in the build, what
// makes users and folders is needed in the image that runs, and everything else may be needed there.
import { BUILD_PACKAGES, type RuntimeImage } from "../../../data/runtime-images";
import { absolutePath, folderOf, isWithin } from "./container-path";
import type { SplitPlan } from "./plan";
import type { BuildCommand, BuildStep, SingleStage } from "./single-stage";

/** "users": makes users, before files are given to them. "folders": makes folders or gives them away, behind the files. */
export type RunKind = "build" | "users" | "folders";

const LEAVES_NOTHING =
  /^(?:(?:strip|upx|ls|set|echo|true|apt-get (?:update|clean)|apk update)(?: |$)|rm -r?f(?: \/(?:var|root|tmp)\/\S+)+$)/;
const MAKES_USERS = /^(?:adduser|addgroup|useradd|groupadd)(?: |$)/;
const MAKES_FOLDERS = /^(?:mkdir|chown|chmod)(?: |$)/;

interface Grounds {
  /** The commands of the language that leave nothing else. */
  readonly builds: RegExp;
  readonly plan: SplitPlan;
  readonly runtime: RuntimeImage;
}

/** Undefined where it cannot be known. */
export function runKindOf(
  single: SingleStage,
  run: BuildStep,
  { builds, plan, runtime }: Grounds,
): RunKind | undefined {
  const commands = single.commands.filter((each) => each.run === run);
  const texts = commands.map(({ command }) => command.text);
  if (commands.every((each) => isBuild(single, each, { builds, plan, runtime }))) return "build";
  // The tools differ: BusyBox on Alpine, `useradd` on Debian, where `adduser` is a package.
  const family = /alpine/.test(single.tag) ? "alpine" : "debian";
  if (!texts.every((text) => MAKES_USERS.test(text) || MAKES_FOLDERS.test(text)) || runtime.shell !== family)
    return undefined;
  if (family === "debian" && texts.some((text) => /^add/.test(text))) return undefined;
  if (texts.every((text) => MAKES_USERS.test(text))) return "users";
  return texts.some((text) => MAKES_USERS.test(text)) ? undefined : "folders";
}

function isBuild(
  single: SingleStage,
  { run, command }: BuildCommand,
  { builds, plan, runtime }: Grounds,
): boolean {
  const { text, words } = command;
  if (builds.test(text) || LEAVES_NOTHING.test(text)) return true;
  if (/^(?:apk add|apt-get install) /.test(text))
    return packagesOf(words).every((name) => BUILD_PACKAGES.has(name) || runtime.brings.includes(name));
  const paths = words
    .slice(1)
    .filter((word) => !word.startsWith("-"))
    .map((word) => absolutePath(run.directory, word.replaceAll("*", "STAR")));
  const isTaken = (path: string | undefined): boolean =>
    plan.artifacts.some(({ from }) => path !== undefined && (from === path || folderOf(from) === path));
  switch (words[0]) {
    case "cp":
    case "mv":
      return isTaken(paths.at(-1));
    case "chmod":
      return paths.slice(1).every(isTaken);
    // The folder in which the stage works is made anew by WORKDIR.
    case "mkdir":
      return paths.every(
        (path) => path !== undefined && single.steps.some(({ directory }) => isWithin(directory, path)),
      );
    default:
      return false;
  }
}

/** Whether everything whose owner or mode a RUN changes is there behind the files of the second stage. */
export function changesWhatIsThere(single: SingleStage, run: BuildStep, kept: readonly string[]): boolean {
  const commands = single.commands.filter((each) => each.run === run).map(({ command }) => command.words);
  const operands = (words: readonly string[]): readonly (string | undefined)[] =>
    words
      .slice(1)
      .filter((word) => !word.startsWith("-"))
      .map((word) => absolutePath(run.directory, word));
  const made = commands.filter(([program]) => program === "mkdir").flatMap(operands);
  const there = [...kept, single.buildDirectory, ...made];
  return commands
    .filter(([program]) => program !== "mkdir")
    .flatMap((words) => operands(words).slice(1))
    .every((path) => path !== undefined && there.includes(path));
}

const packagesOf = (words: readonly string[]): readonly string[] =>
  words
    .slice(2)
    .filter((word, index, all) => !word.startsWith("-") && !/^(?:-t|--virtual)$/.test(all[index - 1] ?? ""))
    .map((word) => word.replace(/[=<>~].*$/, ""));
