// Dockerfiles that build a Rust project's dependencies with a dummy program first, and then the real one.
//
// cargo builds a crate again where a source is newer than what it made before; COPY keeps the time stamps of the checkout, which
// may be older than the dummy's. https://francoisbest.com/posts/2021/cargo-docker-mtime ,
// https://doc.rust-lang.org/cargo/reference/build-cache.html
import type { QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { Stage } from "./dockerfile";
import { runReadingOf, type RunCommand } from "./dockerfile-run";

export interface StaleDummy {
  /** Paths of the dummy sources as written: "src/main.rs". */
  readonly sources: readonly string[];
  /** What writes the dummy. */
  readonly dummy: RunCommand;
  /** The COPY that brings the real sources. */
  readonly copy: DockerfileInstruction;
  /** The second build, which may keep the dummy. */
  readonly build: RunCommand;
}

interface Progress {
  sources: string[];
  dummy: RunCommand | undefined;
  isBuilt: boolean;
  copy: DockerfileInstruction | undefined;
  isHelped: boolean;
}

/** The second build of a stage that may keep its dummy program; undefined where something makes cargo look again. */
export function staleDummyIn(ctx: QueryContext, stage: Stage): StaleDummy | undefined {
  const progress: Progress = {
    sources: [],
    dummy: undefined,
    isBuilt: false,
    copy: undefined,
    isHelped: false,
  };
  for (const instruction of stage.instructions) {
    const found = step(ctx, progress, instruction);
    if (found !== undefined) return found;
    if (progress.isHelped) return undefined;
  }
  return undefined;
}

function step(
  ctx: QueryContext,
  progress: Progress,
  instruction: DockerfileInstruction,
): StaleDummy | undefined {
  const { keyword } = instruction;
  if (keyword === "RUN") return stepRun(ctx, progress, instruction);
  if (keyword === "WORKDIR") changeFolder(progress, instruction);
  if (!progress.isBuilt) return undefined;
  if ((keyword === "COPY" || keyword === "ADD") && bringsSources(instruction)) progress.copy ??= instruction;
  return undefined;
}

/** `cargo new app` and `WORKDIR /app`: the dummy is `src/main.rs` from there. What is not seen from there is given up. */
function changeFolder(progress: Progress, { words }: DockerfileInstruction): void {
  const folder = words[0]?.text.replace(/\/+$/, "") ?? "";
  const prefix = `${folder.slice(folder.lastIndexOf("/") + 1)}/`;
  const isSeen = (source: string): boolean => source.startsWith("/") || source.startsWith(prefix);
  if (progress.isBuilt || !progress.sources.every(isSeen)) progress.isHelped = true;
  progress.sources = progress.sources.map((source) =>
    source.startsWith("/") ? source : source.slice(prefix.length),
  );
}

function stepRun(
  ctx: QueryContext,
  progress: Progress,
  instruction: DockerfileInstruction,
): StaleDummy | undefined {
  if (progress.isBuilt && keepsTargetElsewhere(instruction)) progress.isHelped = true;
  for (const command of runReadingOf(ctx, instruction).commands) {
    const found = stepCommand(progress, command);
    if (found !== undefined || progress.isHelped) return found;
  }
  return undefined;
}

function stepCommand(progress: Progress, command: RunCommand): StaleDummy | undefined {
  const written = dummySources(command);
  if (written.length > 0 && progress.copy === undefined) {
    progress.sources.push(...written);
    progress.dummy ??= command;
  }
  if (progress.isBuilt && (removesOutput(command) || (progress.copy !== undefined && touches(command)))) {
    progress.isHelped = true;
    return undefined;
  }
  if (!builds(command) || progress.dummy === undefined) return undefined;
  if (progress.copy !== undefined)
    return {
      sources: [...new Set(progress.sources)],
      dummy: progress.dummy,
      copy: progress.copy,
      build: command,
    };
  progress.isBuilt = true;
  return undefined;
}

const DUMMY = /(?:^|\/)(?:main|lib)\.rs$/;

/** Options whose value is the next word. https://doc.rust-lang.org/cargo/commands/cargo-new.html */
const VALUED = /^(?:--(?:name|vcs|edition|registry|color|config)|-[CZ])$/;

/** `echo … > src/main.rs`, `touch src/lib.rs`, `cargo init`. */
function dummySources({ words, use }: RunCommand): readonly string[] {
  const [program, verb] = words;
  if (program === "cargo" && (verb === "init" || verb === "new")) {
    const folder = words.find(
      (word, at) => at > 1 && !word.startsWith("-") && !VALUED.test(words[at - 1] ?? ""),
    );
    return [
      `${folder === undefined || folder === "." ? "" : `${folder}/`}src/${words.includes("--lib") ? "lib" : "main"}.rs`,
    ];
  }
  const targets = (use?.command.redirects ?? []).flatMap(({ operator, target }) =>
    operator.includes(">") && target !== undefined ? [target.text] : [],
  );
  const named = program === "touch" || program === "tee" ? words.slice(1) : [];
  return [...targets, ...named].filter((path) => DUMMY.test(path));
}

const builds = ({ words: [program, verb, ...rest] }: RunCommand): boolean =>
  program === "cargo" &&
  (verb === "build" || verb === "b" || (verb === "install" && rest.includes("--path")));

/** A COPY from the context of a whole folder or of Rust sources. */
function bringsSources({ flags, words, json }: DockerfileInstruction): boolean {
  if (flags.some(({ name }) => name === "from")) return false;
  const sources = (json ?? words).slice(0, -1).map(({ text }) => text);
  return sources.some((source) => /^(?:\.\/?)$|(?:^|\/)src(?:\/|$)|\.rs$/.test(source));
}

const touches = ({ words: [program], text }: RunCommand): boolean =>
  program === "touch" || /\btouch\b/.test(text);

/** `rm -rf target/release/deps/app*`, `cargo clean`, `cargo chef`. */
const removesOutput = ({ words: [program, verb], text }: RunCommand): boolean =>
  (program === "rm" && /target|deps|fingerprint/.test(text)) ||
  (program === "cargo" && (verb === "clean" || verb === "chef"));

const keepsTargetElsewhere = ({ flags }: DockerfileInstruction): boolean =>
  flags.some(
    ({ name, value }) =>
      name === "mount" && /type=cache/.test(value ?? "") && /target\b.*target|=\S*\/target/.test(value ?? ""),
  );
