// Placeholders of documentation that were never replaced: `<tag>` in a reference, `user/` in front of an image.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Redirect, Word } from "../../syntax/shell-nodes";
import type { Hop, Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import type { ImageUse, Job, Variable, VariableLayer } from "../pipeline/job";
import type { ContainerCommand } from "./command";
import { commandsOf } from "./find-commands";
import { hostOf, pushesOf } from "./registry-use";

export interface Placeholder {
  /** As written: "<tag>". */
  readonly text: string;
  readonly at: Origin;
  readonly via: readonly Hop[];
  /** What holds it. */
  readonly in: "image" | "service" | "variable" | "command";
  /** The whole image or service; undefined elsewhere. */
  readonly image: ImageUse | undefined;
}

/** A word or two in angle brackets. Not `<a@b.c>`, which is an address. */
const BRACKETS = /<[A-Za-z][A-Za-z0-9]*(?:[ _-][A-Za-z0-9]+){0,4}>/;

/** The `<word>`s in a job's images, in variables that hold a reference or an URL, and in its container commands. */
export function placeholdersOf(ctx: QueryContext, job: Job): readonly Placeholder[] {
  return [...inImages(job), ...inVariables(ctx, job), ...inCommands(ctx, job)];
}

function inImages(job: Job): readonly Placeholder[] {
  const uses = [
    ...(job.image === undefined ? [] : [{ use: job.image, where: "image" as const }]),
    ...job.services.map((use) => ({ use, where: "service" as const })),
  ];
  return uses.flatMap(({ use, where }) =>
    found(use.text, use.name.via).map((each) => ({ ...each, in: where, image: use })),
  );
}

function found(text: MappedText, via: readonly Hop[]): readonly Pick<Placeholder, "text" | "at" | "via">[] {
  const match = BRACKETS.exec(text.text);
  if (match === null) return [];
  const { index } = match;
  return [{ text: match[0], at: text.at(index, index + match[0].length), via }];
}

/** One word with a slash, a colon or a dot besides the brackets; texts with blanks and markup are something else. */
const isReferenceLike = (value: string): boolean =>
  !/[\s"'@]/.test(value.replace(new RegExp(BRACKETS, "g"), "x")) &&
  /[/:.]/.test(value) &&
  !/<\/|\/>|>[^<]*<\/?\w+>$/.test(value);

/** By layer: all jobs share the pipeline's variables. */
const suspiciousVariables = defineQuery<VariableLayer, readonly Variable[]>({
  name: "suspiciousVariables",
  compute: (_ctx, { options }) =>
    options.flatMap((option) => [...option.values()].filter(({ value }) => value.includes("<"))),
});

function inVariables(ctx: QueryContext, job: Job): readonly Placeholder[] {
  const suspicious = job.variableLayers.flatMap((layer) => ctx.get(suspiciousVariables, layer));
  return suspicious.flatMap(({ name, text, value, via }) => {
    const isOverridden = job.variables.get(name)?.value !== value;
    if (isOverridden || text?.text !== value || !isReferenceLike(value)) return [];
    return found(text, via).map((each) => ({ ...each, in: "variable" as const, image: undefined }));
  });
}

// ---- Commands

/** Values that are no references, logins or files: anything may stand there. */
const FREE_FLAGS: ReadonlySet<string> = new Set([
  "label",
  "build-arg",
  "annotation",
  "env",
  "message",
  "format",
  "filter",
]);

/** Verbs whose operands behind the first are another program's. */
const RUNS: ReadonlySet<string> = new Set(["run", "exec", "create", "compose run", "compose exec"]);

function inCommands(ctx: QueryContext, job: Job): readonly Placeholder[] {
  if (!job.script.some(({ text }) => BRACKETS.test(text.text))) return [];
  return commandsOf(ctx, job).flatMap((command) => [...inRedirects(command), ...inWords(command)]);
}

/** To the shell `<registry>/app` reads the file `registry` and writes to `/app`. */
function inRedirects(command: ContainerCommand): readonly Placeholder[] {
  const { redirects } = command.use.command;
  return redirects.flatMap((from, index): readonly Placeholder[] => {
    const to = redirects[index + 1];
    if (to === undefined || !isBracketed(from, to)) return [];
    const at = command.place(from.start, to.start + 1);
    return [{ text: `<${from.target?.text ?? ""}>`, at, via: command.via, in: "command", image: undefined }];
  });
}

const isBracketed = (from: Redirect, to: Redirect): boolean =>
  from.operator === "<" &&
  to.operator.startsWith(">") &&
  from.target !== undefined &&
  from.target.isStatic &&
  /^[A-Za-z][\w-]*$/.test(from.target.text) &&
  from.start + 1 === from.target.start &&
  from.target.end === to.start;

function inWords(command: ContainerCommand): readonly Placeholder[] {
  const operands = RUNS.has(command.verb) ? command.operands.slice(0, 1) : command.operands;
  const values = command.flags.flatMap(({ name, value }) =>
    value === undefined || FREE_FLAGS.has(name) ? [] : [value],
  );
  return [...operands, ...values].flatMap(({ word, text }): readonly Placeholder[] => {
    const match = BRACKETS.exec(text);
    const index = word.source.indexOf(match?.[0] ?? "\n");
    if (match === null || index === -1 || !isReferenceWord(word)) return [];
    const start = word.start + index;
    const at = command.place(start, start + match[0].length);
    return [{ text: match[0], at, via: command.via, in: "command", image: undefined }];
  });
}

const isReferenceWord = ({ text }: Word): boolean => !/[\s@]/.test(text.replace(BRACKETS, "x"));

// ---- Names that stand for one's own

const STAND_INS =
  /^(?:user(?:name)?|your[-_]?\w[\w-]*|my[-_]?(?:user(?:name)?|account|dockerhub[\w-]*)|dockerhub[-_]?(?:user(?:name)?|id))$/i;

export interface StandIn {
  /** "user" of `user/image`. */
  readonly name: string;
  readonly at: Origin;
  readonly via: readonly Hop[];
}

/** The first push of a job to an account of Docker Hub that is called like an example's. */
export function standInOf(ctx: QueryContext, job: Job): StandIn | undefined {
  for (const { references, at } of pushesOf(ctx, job)) {
    const [reference] = references;
    if (reference === undefined || hostOf(reference) !== "") continue;
    const [first] = reference.repository.parts;
    const name = first?.kind === "literal" ? /^([^/]+)\//.exec(first.text)?.[1] : undefined;
    if (name !== undefined && STAND_INS.test(name)) return { name, at: at.at, via: at.via };
  }
  return undefined;
}
