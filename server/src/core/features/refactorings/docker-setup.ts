// The Docker set-up of a job as it is written in the job's own block: `image`, `services` and the DOCKER_* variables. And which other
// jobs of the file write the same.
import { daemonOf } from "../../model/docker/daemon";
import { isClosedOf, jobNamesOf, jobOf, rootKey } from "../../model/pipeline/resolve";
import { contentOf, rootPairsOf, yamlOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import { keyText, pairOf, type YamlFile, type YamlMap, type YamlPair } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import type { FilePath } from "../../text/source-file";
import { rootsAround } from "../position/jobs-at";
import { yamlPathAt } from "../position/yaml-path";
import {
  blockColumn,
  linesOf,
  removeLines,
  textAtColumn,
  withCommentsAbove,
  type EntryLines,
} from "./entry-lines";
import type { Cursor } from "./refactoring";

export interface DockerSetup {
  readonly name: string;
  readonly pair: YamlPair;
  readonly body: YamlMap;
  readonly image: EntryLines | undefined;
  readonly services: EntryLines | undefined;
  /** The job's own `variables`, and those of them that are for Docker. */
  readonly variables: YamlMap | undefined;
  readonly variablesLines: EntryLines | undefined;
  readonly docker: readonly EntryLines[];
}

/** The set-up and all jobs of the file that write the same; the one at the cursor is the first. */
export interface SharedSetup {
  readonly root: FilePath;
  readonly yaml: YamlFile;
  readonly setup: DockerSetup;
  readonly all: readonly DockerSetup[];
}

/** The set-up of the job at a cursor, which stands on its name or on a part of the set-up. */
export function setupAtCursor(ctx: QueryContext, { spot }: Cursor): SharedSetup | undefined {
  if (spot.kind !== "gitlab-ci") return undefined;
  const path = yamlPathAt(ctx, spot);
  const [pair] = path?.pairs ?? [];
  const isOnIt = path !== undefined && (path.keys.length === 1 ? path.on === "key" : PARTS.has(path.keys[1]));
  return pair === undefined || !isOnIt ? undefined : sharedSetup(ctx, spot.file.path, pair);
}

const PARTS: ReadonlySet<unknown> = new Set(["image", "services", "variables"]);

function sharedSetup(ctx: QueryContext, file: FilePath, pair: YamlPair): SharedSetup | undefined {
  const yaml = ctx.get(yamlOf, file);
  const setup = readSetup(pair);
  if (yaml === undefined || setup === undefined) return undefined;
  const root = rootsAround(ctx, file).find((each) => isDockerJob(ctx, each, setup.name));
  if (root === undefined) return undefined;
  const others = rootPairsOf(yaml)
    .filter((each) => each !== pair && isDockerJob(ctx, root, keyText(each)))
    .flatMap((each) => readSetup(each) ?? [])
    .filter((other) => isSame(setup, other) && !hasComments(other));
  return { root, yaml, setup, all: [setup, ...others] };
}

function isDockerJob(ctx: QueryContext, root: FilePath, name: string | undefined): boolean {
  if (name === undefined || !ctx.get(jobNamesOf, root).includes(name)) return false;
  const job = ctx.get(jobOf, rootKey(root, name));
  return job !== undefined && daemonOf(ctx, job).dind.some(({ from }) => from === "job");
}

/** Undefined where less than two parts are written in the block, or a part is not on lines of its own. */
function readSetup(pair: YamlPair): DockerSetup | undefined {
  const name = keyText(pair);
  const body = pair.value;
  if (name === undefined || body.kind !== "map" || blockColumn(body) === undefined) return undefined;
  const variables = ownVariables(body);
  const pairs = (variables?.pairs ?? []).filter((each) => keyText(each)?.startsWith("DOCKER_") === true);
  const docker = pairs.flatMap((each) => linesOf(each) ?? []);
  const [image, services] = [linesIn(body, "image"), linesIn(body, "services")];
  const hasTwo = services !== undefined && (image !== undefined || docker.length > 0);
  if (!hasTwo || docker.length < pairs.length) return undefined;
  const variablesLines = linesIn(body, "variables");
  return { name, pair, body, image, services, variables, variablesLines, docker };
}

function ownVariables(body: YamlMap): YamlMap | undefined {
  const value = pairOf(body, "variables")?.value;
  return value?.kind === "map" && blockColumn(value) !== undefined ? value : undefined;
}

function linesIn(body: YamlMap, key: string): EntryLines | undefined {
  const pair = pairOf(body, key);
  return pair && linesOf(pair);
}

const isSame = (a: DockerSetup, b: DockerSetup): boolean =>
  sameLines(a.image, b.image) &&
  sameLines(a.services, b.services) &&
  a.docker.length === b.docker.length &&
  a.docker.every((lines, index) => sameLines(lines, b.docker[index]));

const sameLines = (a: EntryLines | undefined, b: EntryLines | undefined): boolean =>
  (a === undefined ? "" : textAtColumn(a, 0)) === (b === undefined ? "" : textAtColumn(b, 0));

/** What `variables` of a second job says beside the same entries would be lost where it goes as a whole. */
const hasComments = (setup: DockerSetup): boolean => {
  const whole = takenLines(setup).find((lines) => lines === setup.variablesLines);
  return whole !== undefined && countComments([whole]) > countComments(setup.docker);
};

/** How many comments stand in some lines. */
export const countComments = (all: readonly EntryLines[]): number =>
  all.flatMap((lines) => [...textAtColumn(lines, 0).matchAll(/(?:^|\s)#/gm)]).length;

/** Takes the set-up out of a job; with `variables:` itself where nothing else is left in it. */
export function withoutSetup(setup: DockerSetup, withComments: boolean): readonly ChunkEdit[] {
  return takenLines(setup).map((lines) => removeLines(withComments ? withCommentsAbove(lines) : lines));
}

/** Whether something of the job's `variables` stays behind. */
const keepsVariables = ({ variables, docker }: DockerSetup): boolean =>
  variables !== undefined && docker.length < variables.pairs.length;

/** Whether the job writes nothing beside its set-up. */
export const isNothingElse = (setup: DockerSetup): boolean =>
  takenLines(setup).length === setup.body.pairs.length && !keepsVariables(setup);

/** What is taken out of a job, in the order in which it is written. */
export function takenLines({
  image,
  services,
  variables,
  variablesLines,
  docker,
}: DockerSetup): readonly EntryLines[] {
  const isWhole = variables !== undefined && docker.length === variables.pairs.length;
  const ofVariables = isWhole && variablesLines !== undefined ? [variablesLines] : docker;
  return [image, services, ...ofVariables]
    .filter((lines) => lines !== undefined)
    .sort((a, b) => a.start - b.start);
}

/** A name that no job, template or other root entry has; one of the job's own where files that are not read may have the plain ones. */
export function freeTemplateName(ctx: QueryContext, { root, yaml, setup }: SharedSetup): string | undefined {
  const taken = new Set([...ctx.get(jobNamesOf, root), ...rootPairsOf(yaml).map(keyText)]);
  const own = `.docker-for-${setup.name.replace(/[^\w-]+/g, "-").replace(/^-+/, "")}`;
  const names = ctx.get(isClosedOf, root) ? [".docker", ".docker-setup", ".docker-daemon"] : [own];
  return names.find((name) => !taken.has(name));
}

/** The first of some entries in the file. */
export const firstWritten = (yaml: YamlFile, setups: readonly DockerSetup[]): DockerSetup | undefined =>
  contentOf(yaml)
    ?.blocks.flatMap(({ pairs }) => pairs)
    .flatMap((pair) => setups.find((setup) => setup.pair === pair) ?? [])[0];
