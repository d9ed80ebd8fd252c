// Completion of container commands in scripts: verbs, options, and the values that the repository knows.
import { BUILDKIT_FLAGS, LEGACY_FLAGS } from "../../data/buildkit-flags";
import { DOCKER_FLAGS } from "../../data/docker-flags";
import { flagText, verbText } from "../../data/docker-texts";
import { commandsOf } from "../../model/docker/find-commands";
import { builderOf } from "../../model/flow/builder";
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { commandState, tableOf, type CommandState } from "./command-state";
import { cacheItems, imageItems } from "./images";
import { distinct, NOTHING, type Item } from "./item";
import { contextItems, dockerfileItems, dockerfilesMeant } from "./paths";
import type { ShellLine } from "../position/shell-line";
import type { Spot } from "../position/spot";

/** Where a command stands. */
export interface Site {
  readonly roots: readonly FilePath[];
  readonly job: Job | undefined;
  /** The shell's folder, below the root. */
  readonly folder: FilePath;
  /** The cursor, where the file could be read. */
  readonly spot: Spot | undefined;
}

export interface DockerOffer {
  readonly items: readonly Item[];
  /** How much of the typed word stays: `--tag=`. */
  readonly skipped: number;
}

/** Undefined where no container command is being typed. */
export function dockerOffer(ctx: QueryContext, line: ShellLine, site: Site): DockerOffer | undefined {
  const state = commandState(line);
  if (state === undefined) return undefined;
  const { skipped } = state;
  switch (state.typing) {
    case "verb":
      return { items: verbItems(state), skipped };
    case "flag":
      return { items: flagItems(ctx, state, site), skipped };
    case "value":
      return { items: valueItems(ctx, state, site), skipped };
    case "operand":
      return { items: operandItems(ctx, state, site), skipped };
  }
}

// ---- Verbs and options

function verbItems({ tool, verbWords }: CommandState): readonly Item[] {
  const verbs = Object.keys(DOCKER_FLAGS[tool]?.verbs ?? {});
  const names = tool === "docker-compose" ? verbs.map((verb) => verb.replace(/^compose /, "")) : verbs;
  const prefix = verbWords.map((word) => `${word} `).join("");
  return distinct(
    names
      .filter((verb) => verb.startsWith(prefix))
      .map((verb): Item => {
        const label = verb.slice(prefix.length).split(" ")[0] ?? "";
        const isWhole = prefix + label === verb;
        const canonical = tool === "docker-compose" ? `compose ${verb}` : verb;
        return { label, kind: "command", detail: isWhole ? verbText(canonical) : "…" };
      }),
  );
}

const ARITIES = {
  value: "takes a value",
  optional: "switch, or with a value behind `=`",
  boolean: "switch",
} as const;

function flagItems(ctx: QueryContext, state: CommandState, { job }: Site): readonly Item[] {
  const { tool, verb, verbWords } = state;
  const specs = new Set(tableOf(tool, verbWords, verb).byName.values());
  const isForeign = flagsOfOtherBuilder(ctx, state, job);
  const offered = [...specs].filter(({ name }) => !isForeign.has(name));
  const sorted = offered.sort((a, b) => rankOf(verb, a.name) - rankOf(verb, b.name));
  return sorted.map(({ name, short, arity }): Item => {
    const label = name.length === 1 ? `-${name}` : `--${name}`;
    const also = short === undefined ? "" : `, or \`-${short}\``;
    return {
      label,
      kind: "flag",
      detail: flagText(verb, name) ?? ARITIES[arity],
      documentation: `${ARITIES[arity]}${also}`,
    };
  });
}

/** The options that people come to need, the most usual first: the tables go by the alphabet. */
const USUAL = (
  "tag file target build-arg pull push platform cache-from cache-to secret provenance output no-cache progress " +
  "detach env name network volume workdir entrypoint user"
).split(" ");

/** Usual options first, then those that we can say something of, then the others. */
function rankOf(verb: string, name: string): number {
  if (flagText(verb, name) === undefined) return USUAL.length + 1;
  const index = USUAL.indexOf(name);
  return index === -1 ? USUAL.length : index;
}

const NO_FLAGS: ReadonlySet<string> = new Set();

/** Options that the builder of this job does not have: by the version of its client and daemon, and `DOCKER_BUILDKIT`. */
function flagsOfOtherBuilder(
  ctx: QueryContext,
  { tool, verb }: CommandState,
  job: Job | undefined,
): ReadonlySet<string> {
  if (tool !== "docker" || !/^(buildx )?build$/.test(verb)) return NO_FLAGS;
  if (verb === "buildx build") return LEGACY_FLAGS;
  const builds = job === undefined ? [] : commandsOf(ctx, job).filter((command) => command.verb === "build");
  const [kind, ...others] = new Set(builds.map((command) => builderOf(ctx, command).kind));
  if (others.length > 0) return NO_FLAGS;
  if (kind === "buildkit") return LEGACY_FLAGS;
  return kind === "legacy" ? BUILDKIT_FLAGS : NO_FLAGS;
}

// ---- Values

const PLATFORMS = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/amd64,linux/arm64"];

/** Values that an option takes everywhere. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  platform: PLATFORMS,
  progress: ["plain", "tty", "auto", "quiet", "rawjson"],
  driver: ["docker-container", "kubernetes", "remote", "docker"],
  provenance: ["false", "true", "mode=min", "mode=max"],
  sbom: ["true", "false"],
};

function valueItems(ctx: QueryContext, state: CommandState, site: Site): readonly Item[] {
  const { flag = "", verb, typed } = state;
  const isBuild = /^(buildx )?build$/.test(verb) || state.tool === "kaniko";
  if (isBuild) {
    const items = buildValueItems(ctx, state, site, flag);
    if (items !== undefined) return items;
  }
  if (flag === "pull" && verb === "run") return choices(["always", "missing", "never"]);
  if (flag === "network" && isBuild) return choices(["default", "host", "none"]);
  const listed = Object.hasOwn(CHOICES, flag) ? CHOICES[flag] : undefined;
  return listed === undefined || typed.includes("$") ? NOTHING : choices(listed);
}

const choices = (labels: readonly string[]): readonly Item[] =>
  labels.map((label) => ({ label, kind: "value", detail: undefined }));

function buildValueItems(
  ctx: QueryContext,
  state: CommandState,
  site: Site,
  flag: string,
): readonly Item[] | undefined {
  switch (flag) {
    case "target":
      return targetItems(ctx, state, site);
    case "file":
    case "dockerfile":
      return dockerfileItems(ctx, site.folder);
    case "context":
      return contextItems(ctx, site.folder);
    case "build-arg":
      return argumentItems(ctx, state, site);
    case "cache-from":
      return cacheItems(ctx, site.roots, site.spot);
    case "cache-to":
      return cacheTargets(ctx, site);
    case "tag":
    case "destination":
      return imageItems(ctx, site.roots, site.spot);
    case "output":
      return choices(["type=registry", "type=docker", "type=image,push=true", "type=local,dest=out"]);
    case "secret":
      return choices(["id=", "type=env,id=", "type=file,id="]);
    default:
      return undefined;
  }
}

const meant = (ctx: QueryContext, { values, operands }: CommandState, { folder }: Site) =>
  dockerfilesMeant(ctx, folder, values.get("file")?.at(-1) ?? values.get("dockerfile")?.at(-1), operands[0]);

function targetItems(ctx: QueryContext, state: CommandState, site: Site): readonly Item[] {
  return distinct(
    meant(ctx, state, site).flatMap(({ stages, tree }) =>
      stages.flatMap(({ name, written }): readonly Item[] =>
        name === undefined
          ? []
          : [{ label: name.value, kind: "stage", detail: `FROM ${written.value} (${tree.path})` }],
      ),
    ),
  );
}

function argumentItems(ctx: QueryContext, state: CommandState, site: Site): readonly Item[] {
  const given = new Set(state.values.get("build-arg")?.map((value) => value.split("=")[0]));
  const declared = meant(ctx, state, site).flatMap(({ globalArguments, stages, tree }) =>
    [...globalArguments, ...stages.flatMap((stage) => stage.arguments)].map(
      ({ name, default: value }): Item => ({
        label: name,
        kind: "argument",
        detail: `${value === undefined ? "no default" : `default ${value}`} (${tree.path})`,
        insert: `${name}=`,
      }),
    ),
  );
  const inline: Item = {
    label: "BUILDKIT_INLINE_CACHE",
    kind: "argument",
    detail: "puts the cache's metadata into the image",
    insert: "BUILDKIT_INLINE_CACHE=1",
  };
  return distinct([...declared, inline]).filter(({ label }) => !given.has(label));
}

function cacheTargets(ctx: QueryContext, { roots, spot }: Site): readonly Item[] {
  const names = [
    ...new Set(
      imageItems(ctx, roots, spot).flatMap(({ label, detail }) =>
        /^(built|pushed) by/.test(detail ?? "") ? [label.replace(/:[^/]*$/, "")] : [],
      ),
    ),
  ];
  return choices([
    "type=inline",
    ...names.map((name) => `type=registry,ref=${name}/cache,mode=max`),
    "type=local,dest=.cache",
  ]);
}

// ---- Operands

const ON_IMAGES =
  /^(pull|push|run|create|tag|rmi|save|inspect|history|image inspect|manifest inspect|buildx imagetools inspect|from|copy)$/;

function operandItems(ctx: QueryContext, state: CommandState, site: Site): readonly Item[] {
  if (/^(buildx )?build$/.test(state.verb)) return contextItems(ctx, site.folder);
  // What stands behind the image of `run` is the container's command.
  if (/^(run|create)$/.test(state.verb) && state.operands.length > 0) return NOTHING;
  return ON_IMAGES.test(state.verb) ? imageItems(ctx, site.roots, site.spot) : NOTHING;
}
