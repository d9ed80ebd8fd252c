// Completion in pipeline files: names behind keywords, images, hosts, variables, and container commands in scripts.
import { commandIn, rootsAround } from "../position/jobs-at";
import { joined, joinedLinesAt } from "../position/joined-lines";
import { commandStart, shellLineAt, type ShellLine } from "../position/shell-line";
import { isIn, spotAt, type Spot } from "../position/spot";
import { yamlLineAt, type YamlLine } from "../position/yaml-line";
import { dindServicesOf, imageHostnames } from "../../model/docker/dind-service";
import { expandImages } from "../../model/docker/image-of";
import type { Job } from "../../model/pipeline/job";
import { jobOf, rootKey, visibleJobsOf } from "../../model/pipeline/resolve";
import { profileOf } from "../../model/runner/profile";
import { splitAliases } from "../../model/runner/profile-of-runner";
import type { QueryContext } from "../../query/query";
import { lineStartAt } from "../../text/line-start";
import type { FilePath, SourceFile } from "../../text/source-file";
import { dockerOffer } from "./docker";
import { dockerItems, imageItems } from "./images";
import { inputItems, typedInput } from "./inputs";
import { distinct, NOTHING, type Item, type Offer } from "./item";
import { needItems, parentItems, referenceItems, stageItems } from "./names";
import { includeItems } from "./paths";
import { typedVariable, variableItems } from "./variables";

/** What is offered at an offset of a pipeline file. */
export function pipelineOffer(ctx: QueryContext, file: SourceFile, offset: number): Offer | undefined {
  const line = yamlLineAt(file.text, offset);
  if (line === undefined) return undefined;
  const input = typedInput(line.typed);
  if (input !== undefined)
    return { items: inputItems(ctx, file.path), at: { start: offset - input.length, end: offset } };
  const site = siteOf(ctx, file.path, line);
  const name = typedVariable(line.typed);
  // A text without quotes may go on where a key could stand.
  if (name !== undefined && (line.on !== "key" || SCRIPTS.has(site.keyword))) {
    const above = SCRIPTS.has(site.keyword) ? textAbove(file.text, offset) : "";
    const items = variableItems(
      ctx,
      { ...site, users: usersAt(ctx, spotAt(ctx, file.path, offset), site) },
      above,
    );
    // A variable cannot be made of itself.
    const own = site.path.startsWith("variables:") ? line.keys.at(-1) : undefined;
    return {
      items: items.filter(({ label }) => label !== own),
      at: { start: offset - name.length, end: offset },
    };
  }
  if (SCRIPTS.has(site.keyword) && line.before === undefined)
    return scriptOffer(ctx, file, offset, line, site);
  const items = line.on === "text" || line.typed.includes("$") ? NOTHING : itemsFor(ctx, site, line);
  // Half a name is a name too, and nothing to be offered.
  return { items: items.filter(({ label }) => label !== line.typed), at: { start: line.start, end: offset } };
}

/** The jobs that a template's script goes into: what it reads is often theirs. */
function usersAt(ctx: QueryContext, spot: Spot | undefined, { roots, job }: Site): readonly Job[] {
  if (spot === undefined || job?.isHidden !== true) return [];
  const jobs = roots.flatMap((root) => visibleJobsOf(ctx, root));
  return jobs.filter((each) => each.script.some((item) => isIn(spot, item.at)));
}

const SCRIPTS = new Set(["script", "before_script", "after_script"]);

interface Site {
  readonly file: FilePath;
  readonly typed: string;
  readonly roots: readonly FilePath[];
  /** The job that holds the cursor, as far as it can be read. */
  readonly job: Job | undefined;
  /** Name of the root entry. */
  readonly entry: string;
  /** Keywords below the entry, joined: "services:alias". Of a root keyword the keyword itself. */
  readonly path: string;
  /** The first of them. */
  readonly keyword: string;
}

const ROOT_KEYWORDS = /^(image|services|before_script|after_script|variables|stages|include|workflow|cache)$/;

function siteOf(ctx: QueryContext, path: FilePath, { keys, typed }: YamlLine): Site {
  const roots = rootsAround(ctx, path);
  const [entry = "", ...rest] = keys;
  const below = ROOT_KEYWORDS.test(entry) ? keys : rest;
  const job = roots.flatMap((root) => ctx.get(jobOf, rootKey(root, entry)) ?? [])[0];
  return { file: path, typed, roots, job, entry, path: below.join(":"), keyword: below[0] ?? "" };
}

// ---- Values of keywords

function itemsFor(ctx: QueryContext, site: Site, line: YamlLine): readonly Item[] {
  if (line.before !== undefined) return referenceItems(ctx, site.roots, line.before);
  if (line.on === "key") return NOTHING;
  const items = Object.hasOwn(BY_KEYWORD, site.path) ? BY_KEYWORD[site.path] : undefined;
  return items === undefined ? choiceItems(site.path) : items(ctx, site);
}

type ItemsOf = (ctx: QueryContext, site: Site) => readonly Item[];

const needs: ItemsOf = (ctx, { roots, entry }) => needItems(ctx, roots, entry);
const images: ItemsOf = (ctx, { roots }) => [...imageItems(ctx, roots), ...dockerItems(ctx, "image")];
const includes: ItemsOf = (ctx, { file, typed }) => includeItems(ctx, file, typed.startsWith("/") ? "/" : "");
const services: ItemsOf = (ctx, { roots }) =>
  distinct([...dockerItems(ctx, "service"), ...serviceImages(ctx, roots)]);

/** By the path of keywords below a job. */
const BY_KEYWORD: Readonly<Record<string, ItemsOf>> = {
  dependencies: needs,
  extends: (ctx, { roots, entry }) => parentItems(ctx, roots, entry),
  image: images,
  include: includes,
  "include:local": includes,
  "image:name": images,
  needs,
  "needs:job": needs,
  services,
  "services:alias": (_ctx, site) => aliasItems(site),
  "services:name": services,
  "trigger:include": includes,
  "trigger:include:local": includes,
  stage: (ctx, { roots }) => stageItems(ctx, roots),
  "variables:DOCKER_HOST": (ctx, site) => hostItems(ctx, site),
};

/** Images that are services somewhere come first. */
function serviceImages(ctx: QueryContext, roots: readonly FilePath[]): readonly Item[] {
  const images = imageItems(ctx, roots);
  const isService = ({ detail }: Item): boolean => detail?.startsWith("service of") === true;
  return [...images.filter(isService), ...images.filter((item) => !isService(item))];
}

/** Values of variables that Docker reads. What GitLab's own schema lists, other extensions offer. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  "variables:DOCKER_TLS_CERTDIR": ["/certs", '""'],
  "variables:DOCKER_BUILDKIT": ['"1"', '"0"'],
};

const choiceItems = (path: string): readonly Item[] =>
  (Object.hasOwn(CHOICES, path) ? (CHOICES[path] ?? []) : []).map((label) => ({
    label,
    kind: "value",
    detail: undefined,
  }));

/** Host names that DOCKER_HOST of the job or its neighbours asks for, and the usual one. */
function aliasItems({ job }: Site): readonly Item[] {
  const host = /^tcp:\/\/([\w.-]+)/.exec(job?.variables.get("DOCKER_HOST")?.value ?? "")?.[1];
  const names = [...(host === undefined ? [] : [host]), "docker"];
  return [...new Set(names)].map((label) => ({
    label,
    kind: "host",
    detail: label === host ? "DOCKER_HOST names it" : "where Docker's client looks by default",
  }));
}

/** Addresses of the job's services; those of daemons with their ports. */
function hostItems(ctx: QueryContext, { job }: Site): readonly Item[] {
  const usual: Item = { label: "tcp://docker:2376", kind: "host", detail: "Docker-in-Docker with TLS" };
  const plain: Item = { label: "tcp://docker:2375", kind: "host", detail: "Docker-in-Docker without TLS" };
  if (job === undefined) return [usual, plain];
  const daemons = dindServicesOf(ctx, job, profileOf(ctx, job)).flatMap(({ hostnames, ports, at }) =>
    hostnames.flatMap((name) =>
      ports.map((port): Item => ({
        label: `tcp://${name}:${port}`,
        kind: "host",
        detail: `service ${at.value}`,
      })),
    ),
  );
  const aliases = job.services.flatMap((service) => [
    ...splitAliases(service.alias?.value),
    ...expandImages(ctx, job, service).flatMap(({ reference }) => imageHostnames(reference).hostnames),
  ]);
  const named = aliases.map((name): Item => ({
    label: `tcp://${name}:2376`,
    kind: "host",
    detail: "service",
  }));
  return daemons.length > 0 ? distinct(daemons) : distinct([...named, usual, plain]);
}

// ---- Scripts

/** The lines of the entry in front of the cursor, for the variables that they assign. */
function textAbove(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const start = before.search(/(?:^|\n)\S[^\n]*(?:\n(?:[ \t#][^\n]*)?)*$/);
  return before.slice(Math.max(start, 0));
}

function scriptOffer(
  ctx: QueryContext,
  file: SourceFile,
  offset: number,
  line: YamlLine,
  site: Site,
): Offer | undefined {
  const shell = shellAt(file.text, offset, line);
  const found = dockerOffer(ctx, shell, {
    roots: site.roots,
    job: site.job,
    folder: folderAt(ctx, file, offset, site),
    spot: spotAt(ctx, file.path, offset),
  });
  return found && { items: found.items, at: { start: shell.start + found.skipped, end: offset } };
}

/** The command around the cursor, whose lines YAML or the shell makes one of. */
function shellAt(text: string, offset: number, line: YamlLine): ShellLine {
  const lines = joinedLinesAt(text, offset, line);
  if (lines !== undefined) return shellLineAt(joined(text, lines), lines.start, offset);
  const from = line.on === "text" ? commandStart(text, lineStartAt(text, offset)) : line.start;
  return shellLineAt(text, from, offset);
}

/** The folder that the model knows for the command, else the root. */
function folderAt(ctx: QueryContext, file: SourceFile, offset: number, { job }: Site): FilePath {
  const blanks = /[ \t]*$/.exec(file.text.slice(lineStartAt(file.text, offset), offset))?.[0].length ?? 0;
  const spot = spotAt(ctx, file.path, offset - blanks);
  const command = job === undefined || spot === undefined ? undefined : commandIn(ctx, job, spot);
  return command?.workingDirectory.known === true ? command.workingDirectory.path : "";
}
