// A Dockerfile of one stage that can be cut into a build and an image that only runs the program. Everything that the program reads
// is known, or there is no cut. https://docs.docker.com/build/building/multi-stage/
import type { RuntimeImage } from "../../../data/runtime-images";
import type { QueryContext } from "../../../query/query";
import type { DockerfileInstruction } from "../../../syntax/dockerfile-nodes";
import type { Dockerfile } from "../dockerfile";
import { absolutePath, isWithin } from "./container-path";
import { contextOf, dataCopies, type DataCopy } from "./context-roles";
import { dotnetLanguage } from "./dotnet";
import { goLanguage } from "./go";
import { javaLanguage } from "./java";
import { nodeLanguage } from "./node";
import type { Language, SplitPlan } from "./plan";
import { changesWhatIsThere, runKindOf, type RunKind } from "./run-kinds";
import { rustLanguage } from "./rust";
import { singleStageOf, type SingleStage } from "./single-stage";

const LANGUAGES: readonly Language[] = [goLanguage, rustLanguage, nodeLanguage, javaLanguage, dotnetLanguage];

export interface SplitStage {
  readonly single: SingleStage;
  readonly plan: SplitPlan;
  readonly runtime: RuntimeImage;
  readonly data: readonly DataCopy[];
  /** RUNs that the second stage needs too: in front of its files, and behind them. */
  readonly users: readonly DockerfileInstruction[];
  readonly folders: readonly DockerfileInstruction[];
}

/** Undefined where it is not known what the program needs when it runs. */
export function splitStageOf(ctx: QueryContext, dockerfile: Dockerfile): SplitStage | undefined {
  if (dockerfile.stages.length !== 1) return undefined;
  const single = singleStageOf(ctx, dockerfile);
  const language = LANGUAGES.find(({ images }) => single !== undefined && images.includes(single.image));
  if (single === undefined || language === undefined) return undefined;
  const context = contextOf(ctx, single, language.manifest);
  const plan = context && language.plan(ctx, single, context);
  if (context === undefined || plan === undefined || !staysKnown(single, plan)) return undefined;
  const data = dataCopies(single, context, plan.sources, plan.holds);
  if (data === undefined) return undefined;
  const splits = plan.runtimes.flatMap(
    (runtime) => splitFor({ single, plan, runtime, data }, language) ?? [],
  );
  return splits.find((split) => hasItsUser(split) && hasItsFiles(split));
}

function splitFor(
  split: Omit<SplitStage, "users" | "folders">,
  { builds }: Language,
): SplitStage | undefined {
  const { single, plan, runtime } = split;
  const kinds = new Map<DockerfileInstruction, RunKind>();
  for (const step of single.steps) {
    if (step.instruction.keyword !== "RUN") continue;
    const kind = runKindOf(single, step, { builds, plan, runtime });
    if (kind === undefined || (kind === "folders" && !changesWhatIsThere(single, step, keptPaths(split))))
      return undefined;
    kinds.set(step.instruction, kind);
  }
  const runs = (kind: RunKind): readonly DockerfileInstruction[] =>
    [...kinds].flatMap(([instruction, each]) => (each === kind ? [instruction] : []));
  return { ...split, users: runs("users"), folders: runs("folders") };
}

/** What the second stage has, without the slash of folders. */
const keptPaths = ({ plan, data }: Pick<SplitStage, "plan" | "data">): readonly string[] => [
  ...plan.artifacts.map(({ to }) => to.replace(/\/$/, "")),
  ...data.flatMap(({ targets }) => targets),
];

/** Instructions that come to the second stage and whose variables are filled in when the image is built. */
const FILLED_IN: ReadonlySet<string> = new Set("ENV EXPOSE LABEL STOPSIGNAL USER VOLUME".split(" "));

/** Whether the second stage knows the variables that it reads: its own ENV, and none of the build's arguments or of its image. */
function staysKnown({ steps }: SingleStage, { sources }: SplitPlan): boolean {
  const known = new Set(["PATH"]);
  for (const { instruction } of steps) {
    if (!FILLED_IN.has(instruction.keyword)) continue;
    if (instruction.keyword === "ENV" && isBuildOnly(instruction, sources.variables)) continue;
    const read = [...instruction.rest.text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name ?? "");
    if (read.some((name) => !known.has(name))) return false;
    if (instruction.keyword === "ENV") for (const { name } of instruction.assignments) known.add(name);
  }
  return true;
}

/** Whether an ENV sets nothing but what the tools of the build read. */
export const isBuildOnly = ({ assignments }: DockerfileInstruction, variables: RegExp): boolean =>
  assignments.length > 0 && assignments.every(({ name }) => variables.test(name));

/** A user by number, one of the image, or one that the stage makes. */
function hasItsUser({ single, runtime, users, data }: SplitStage): boolean {
  const made = users.map(({ rest }) => rest.text).join(" ");
  const isKnown = (name: string): boolean =>
    /^\d+$/.test(name) || runtime.users.includes(name) || made.split(/\s+/).includes(name);
  const written = single.steps.flatMap(({ instruction }) =>
    instruction.keyword === "USER" ? instruction.rest.text.trim().split(":") : [],
  );
  const owners = data.flatMap(({ flags }) =>
    flags.flatMap((flag) => /^--chown=(\S+)/.exec(flag)?.[1]?.split(":") ?? []),
  );
  return [...written, ...owners].every(isKnown);
}

const LOOKS_LIKE_FILE =
  /^\.{0,2}\/|\/|\.(?:ya?ml|json|toml|conf|cfg|ini|env|pem|crt|key|properties|xml|sql|db|jar|dll|py|sh|js)$/;

/** Whether every argument that names a file of the build's names one that is taken along. */
function hasItsFiles(split: SplitStage): boolean {
  const { single } = split;
  const kept = keptPaths(split);
  const built = single.steps.flatMap(({ instruction, directory }) => {
    const words = instruction.json ?? instruction.words;
    const target = /^(?:COPY|ADD)$/.test(instruction.keyword)
      ? absolutePath(directory, words.at(-1)?.text ?? "")
      : undefined;
    return target === undefined ? [] : [target];
  });
  return single.program.words.slice(1).every((word) => {
    const value = word.replace(/^-[^=]*=/, "");
    if (value.startsWith("-") || /:\/\/|\*/.test(value) || !LOOKS_LIKE_FILE.test(value)) return true;
    const path = absolutePath(single.finalDirectory, value);
    if (path === undefined) return false;
    const isOfBuild = [...built, single.finalDirectory].some(
      (folder) => folder !== "/" && isWithin(path, folder),
    );
    return !isOfBuild || kept.some((place) => isWithin(path, place));
  });
}
