// Whether a RUN leaves something that a program needs when it runs: what compiles and what installs tools stays in the build, what
// makes users and folders is needed in the image that runs, and everything else may be needed there.
import { BUILD_PACKAGES, type RuntimeImage } from "../../../data/runtime-images";
import { absolutePath, isWithin } from "./container-path";
import type { BuildCommand, BuildStep, SingleStage } from "./single-stage";

/** "users": makes users, before files are given to them. "folders": makes folders or gives them away, behind the files. */
export type RunKind = "build" | "users" | "folders";

const HANDLES_FILES =
  /^(?:cp|mv|chmod|strip|upx|rm -r?f|ls|set|echo|true|apt-get (?:update|clean)|apk update)(?: |$)/;
const MAKES_USERS = /^(?:adduser|addgroup|useradd|groupadd)(?: |$)/;
const MAKES_FOLDERS = /^(?:mkdir|chown|chmod)(?: |$)/;

/** Undefined where it cannot be known. */
export function runKindOf(
  single: SingleStage,
  run: BuildStep,
  builds: RegExp,
  runtime: RuntimeImage,
): RunKind | undefined {
  const commands = single.commands.filter((each) => each.run === run);
  const texts = commands.map(({ command }) => command.text);
  if (commands.every((each) => isBuild(single, each, builds, runtime))) return "build";
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
  builds: RegExp,
  runtime: RuntimeImage,
): boolean {
  const { text, words } = command;
  if (builds.test(text) || HANDLES_FILES.test(text)) return true;
  if (/^(?:apk add|apt-get install) /.test(text))
    return packagesOf(words).every((name) => BUILD_PACKAGES.has(name) || runtime.brings.includes(name));
  // The folder in which the stage works is made anew by WORKDIR.
  return (
    words[0] === "mkdir" &&
    words.slice(1).every((word) => {
      const path = word.startsWith("-") ? undefined : absolutePath(run.directory, word);
      return (
        word.startsWith("-") ||
        (path !== undefined && single.steps.some(({ directory }) => isWithin(directory, path)))
      );
    })
  );
}

const packagesOf = (words: readonly string[]): readonly string[] =>
  words
    .slice(2)
    .filter((word, index, all) => !word.startsWith("-") && !/^(?:-t|--virtual)$/.test(all[index - 1] ?? ""))
    .map((word) => word.replace(/[=<>~].*$/, ""));
