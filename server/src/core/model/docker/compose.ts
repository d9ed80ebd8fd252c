// Compose files as far as a pipeline depends on them: each service's image, build and privileges, with places.
// https://docs.docker.com/reference/compose-file/services/
import { defineQuery, type QueryContext } from "../../query/query";
import { keyText, valueOf, type YamlMap, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import type { Located, Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { aliasTarget, rootPairsOf, yamlOf } from "../pipeline/yaml-of";
import type { Argument, ContainerCommand } from "./command";
import { pathText } from "./path-text";
import { directoryAt, joinPath } from "./working-directory";

export interface ComposeBuild {
  /** As written; undefined where it is not: "." then. */
  readonly context: Located<string> | undefined;
  readonly dockerfile: Located<string> | undefined;
  readonly target: Located<string> | undefined;
}

export interface ComposeService {
  readonly name: string;
  readonly nameAt: Origin;
  /** As written, variables unexpanded. */
  readonly image: Located<string> | undefined;
  readonly build: ComposeBuild | undefined;
  /** Undefined where it is not written as `true` or `false`. */
  readonly privileged: boolean | undefined;
  /** Names of the service's keys, those of merge keys included. */
  readonly keys: ReadonlySet<string>;
  /** The service's own mapping, where keys can be added; undefined where an alias stands for it. */
  readonly body: YamlMap | undefined;
  /** The words of `command`; undefined where it is not written. */
  readonly command: readonly string[] | undefined;
}

export interface ComposeFile {
  readonly path: FilePath;
  readonly services: readonly ComposeService[];
}

const composeFiles = defineQuery<FilePath, ComposeFile | undefined>({
  name: "composeFileOf",
  compute: (ctx, path) => {
    const yaml = ctx.get(yamlOf, path);
    if (yaml === undefined || yaml.problems.length > 0) return undefined;
    const services = rootPairsOf(yaml).findLast((pair) => keyText(pair) === "services");
    const map = services && mapOf(ctx, services.value);
    return { path, services: map?.pairs.flatMap((pair) => serviceOf(ctx, pair)) ?? [] };
  },
});

/** A Compose file; undefined where it is not loaded or cannot be read. */
export const composeFileOf = (ctx: QueryContext, path: FilePath): ComposeFile | undefined =>
  ctx.get(composeFiles, path);

function serviceOf(ctx: QueryContext, { key, value }: YamlPair): readonly ComposeService[] {
  const map = mapOf(ctx, value);
  if (map === undefined || key.kind !== "scalar") return [];
  const entries = entriesOf(ctx, map, 0);
  const privileged = entries.get("privileged");
  return [
    {
      name: key.text,
      nameAt: key.at,
      image: textOf(entries.get("image")),
      build: buildOf(ctx, entries.get("build")),
      privileged:
        privileged?.kind === "scalar" && typeof privileged.value === "boolean" ? privileged.value : undefined,
      keys: new Set(entries.keys()),
      body: value.kind === "map" ? value : undefined,
      command: wordsOf(entries.get("command")),
    },
  ];
}

/** `build: ./folder` is the context alone. */
function buildOf(ctx: QueryContext, node: YamlNode | undefined): ComposeBuild | undefined {
  if (node === undefined) return undefined;
  const map = mapOf(ctx, node);
  if (map === undefined) return { context: textOf(node), dockerfile: undefined, target: undefined };
  const entries = entriesOf(ctx, map, 0);
  return {
    context: textOf(entries.get("context")),
    dockerfile: textOf(entries.get("dockerfile")),
    target: textOf(entries.get("target")),
  };
}

function wordsOf(node: YamlNode | undefined): readonly string[] | undefined {
  if (node?.kind === "scalar") return node.value === null ? undefined : node.text.split(/\s+/);
  if (node?.kind !== "seq") return undefined;
  return node.items.map((item) => (item.kind === "scalar" ? item.text : ""));
}

const textOf = (node: YamlNode | undefined): Located<string> | undefined =>
  node?.kind === "scalar" && node.value !== null ? { value: node.text, at: node.at, via: [] } : undefined;

function mapOf(ctx: QueryContext, node: YamlNode | undefined): YamlMap | undefined {
  const target = node?.kind === "alias" ? aliasTarget(ctx, node) : node;
  return target?.kind === "map" ? target : undefined;
}

const MOST_MERGES = 10;

/** The keys of a mapping: its own win over those that `<<` brings. */
function entriesOf(ctx: QueryContext, map: YamlMap, depth: number): ReadonlyMap<string, YamlNode> {
  const entries = new Map<string, YamlNode>();
  const merged = valueOf(map, "<<");
  const sources = merged?.kind === "seq" ? merged.items : merged === undefined ? [] : [merged];
  for (const source of depth < MOST_MERGES ? [...sources].reverse() : []) {
    const parent = mapOf(ctx, source);
    if (parent === undefined) continue;
    for (const [key, value] of entriesOf(ctx, parent, depth + 1)) entries.set(key, value);
  }
  for (const pair of map.pairs) {
    const key = keyText(pair);
    if (key !== undefined && key !== "<<") entries.set(key, pair.value);
  }
  return entries;
}

// ---- Which files a command reads

/** Without `-f` the first of these that exists, and its override. https://docs.docker.com/compose/intro/compose-application-model/ */
const DEFAULT_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** The Compose files of a command, in the order in which they are merged; undefined where they are not all known. */
export function composePathsOf(
  ctx: QueryContext,
  command: ContainerCommand,
): readonly FilePath[] | undefined {
  const { job, workingDirectory } = command;
  const flags = [...command.globalFlags, ...command.flags];
  const isMoved = flags.some(({ name }) => name === "project-directory" || name === "env-file");
  if (isMoved || !workingDirectory.known || job.variables.has("COMPOSE_FILE")) return undefined;
  if (command.assignments.some(({ name }) => name === "COMPOSE_FILE")) return undefined;
  const named = flags.filter(({ name }) => name === "file").map(({ value }) => value);
  if (named.length === 0) return defaultPaths(ctx, workingDirectory.path);
  const paths = named.map((value) => value && pathOf(command, value));
  return paths.every((path) => path !== undefined) ? paths : undefined;
}

function pathOf({ job, workingDirectory }: ContainerCommand, { word }: Argument): FilePath | undefined {
  const text = pathText(job, word);
  const place = text === undefined ? undefined : directoryAt(workingDirectory, text);
  return place?.known === true && place.path !== "" ? place.path : undefined;
}

function defaultPaths(ctx: QueryContext, folder: FilePath): readonly FilePath[] {
  const inFolder = (name: string): FilePath => joinPath(folder, name) ?? name;
  const first = DEFAULT_NAMES.map(inFolder).find((path) => ctx.exists(path) === true);
  if (first === undefined) return [];
  const overrides = [".yaml", ".yml"].map((ending) => first.replace(/\.ya?ml$/, `.override${ending}`));
  return [first, ...overrides.filter((path) => ctx.exists(path) === true).slice(0, 1)];
}
