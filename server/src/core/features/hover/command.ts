// Hover on a container command: what it will do, with its values filled in.
import { flagText, verbText, verbUrl } from "../../data/docker-texts";
import { buildOf, type Build } from "../../model/docker/build";
import type { ContainerCommand, Flag } from "../../model/docker/command";
import { referenceUsesOf, type ReferenceUse } from "../../model/docker/reference-uses";
import { usesOf } from "../../model/flow/image-flow";
import type { ImageUse } from "../../model/flow/image-use";
import type { QueryContext } from "../../query/query";
import { isIn, type Spot } from "../position/spot";
import type { InJob } from "../position/jobs-at";
import {
  argumentText,
  buildLines,
  contextText,
  dockerfileText,
  labelled,
  pushLines,
  targetText,
} from "./build-text";
import { daemonText } from "./daemon";
import { hoverText, type HoverText } from "./hover-text";
import { bullets, code, link, listed, paragraphs } from "./markdown";
import { referencesText } from "./references";

type Found = InJob<ContainerCommand>;

/** The flag or reference at the spot, else the command as a whole. */
export function commandHover(ctx: QueryContext, spot: Spot, found: Found): HoverText | undefined {
  const command = found.found;
  const isName = isIn(spot, command.nameAt) || isIn(spot, command.verbAt);
  if (!isName) {
    const flag = [...command.globalFlags, ...command.flags].find(({ at }) => isIn(spot, at));
    const partial = flag === undefined ? operandHover(ctx, spot, found) : flagHover(ctx, found, flag);
    if (partial !== undefined) return partial;
  }
  return hoverText(wholeText(ctx, found), isName ? spanOfName(command) : command.at);
}

const spanOfName = ({ nameAt, verbAt }: ContainerCommand) =>
  nameAt.chunk === verbAt.chunk && nameAt.start <= verbAt.start ? { ...nameAt, end: verbAt.end } : nameAt;

// ---- The command as a whole

function wholeText(ctx: QueryContext, found: Found): string {
  const command = found.found;
  const build = buildOf(ctx, command);
  const names = namesOf(ctx, command);
  return paragraphs(
    headline(command),
    inJob(found),
    bullets([
      ...(build === undefined ? [] : buildLines(ctx, build)),
      ...labelled("Daemon", daemonText(ctx, command)),
      ...pushLines(build),
    ]),
    ...names.map(({ heading, uses }) =>
      paragraphs(
        heading,
        referencesText(
          ctx,
          command.job,
          uses.map(({ reference }) => reference),
        ),
      ),
    ),
    build === undefined ? otherUses(ctx, command) : undefined,
    command.isOpen
      ? "*A variable in it may be any number of words: there may be more options than stand here.*"
      : undefined,
    verbText(command.verb) === undefined || command.tool !== "docker"
      ? undefined
      : link("Reference", verbUrl(command.verb)),
  );
}

function headline({ tool, verb }: ContainerCommand): string {
  const name = code(
    tool === "kaniko" ? "/kaniko/executor" : `${tool === "docker-compose" ? "docker" : tool} ${verb}`.trim(),
  );
  const text = tool === "kaniko" ? "Builds an image without a daemon" : verbText(verb);
  return text === undefined ? `**${name}**` : `**${name}** — ${text}`;
}

function inJob({ job, others }: Found): string {
  const more = others === 0 ? "" : ` and ${others} other ${others === 1 ? "job" : "jobs"}`;
  return `In job ${code(job.name)}${more}`;
}

// ---- References

interface Names {
  readonly heading: string;
  readonly uses: readonly ReferenceUse[];
}

const HEADINGS: Readonly<Partial<Record<ReferenceUse["role"], string>>> = {
  name: "The image's name",
  source: "From",
  pull: "Fetched",
  push: "Sent",
  run: "Runs",
};

/** The references of one command, by the word that holds them; the word is named where there are several. */
function namesOf(ctx: QueryContext, command: ContainerCommand): readonly Names[] {
  const byWord = new Map<unknown, { heading: string; uses: ReferenceUse[] }>();
  for (const use of referenceUsesOf(ctx, command.job)) {
    const heading = HEADINGS[use.role];
    if (use.command !== command || heading === undefined) continue;
    const known = byWord.get(use.at.at);
    if (known === undefined) byWord.set(use.at.at, { heading: `**${heading}**`, uses: [use] });
    else known.uses.push(use);
  }
  const names = [...byWord.values()];
  if (names.length < 2) return names;
  return names.map(({ heading, uses }) => ({ heading: `${heading} ${code(uses[0]?.at.value ?? "")}`, uses }));
}

const DONE: Readonly<Partial<Record<ImageUse["action"], string>>> = { build: "built", push: "pushed" };

/** The image that a word at the spot names, filled in: what stands below the hover of one of its variables. */
export function imageAtText(
  ctx: QueryContext,
  spot: Spot,
  { found: command, job }: Found,
): string | undefined {
  const here = (use: ReferenceUse): boolean => use.command === command && isIn(spot, use.at.at);
  const uses = referenceUsesOf(ctx, job).filter(here);
  return uses.length === 0
    ? undefined
    : paragraphs(
        `The whole name in job ${code(job.name)}:`,
        referencesText(
          ctx,
          job,
          uses.map(({ reference }) => reference),
        ),
      );
}

/** Which other jobs build or push what this command names. */
function otherUses(ctx: QueryContext, command: ContainerCommand): string | undefined {
  const references = referenceUsesOf(ctx, command.job).flatMap((use) =>
    use.command === command ? [use.reference] : [],
  );
  if (references.length === 0) return undefined;
  const uses = usesOf(ctx, command.job.root, references, "build", "push");
  const done = uses.flatMap((use) =>
    use.command === command ? [] : [`${DONE[use.action] ?? use.action} by job ${code(use.job.name)}`],
  );
  return done.length === 0 ? undefined : `In this pipeline it is ${listed([...new Set(done)])}.`;
}

// ---- Parts

function flagHover(ctx: QueryContext, found: Found, flag: Flag): HoverText | undefined {
  const command = found.found;
  const text = flagText(command.verb, flag.name);
  const head = `**${code(flag.written)}**${text === undefined ? "" : ` — ${text}`}`;
  const build = buildOf(ctx, command);
  const detail = build === undefined ? undefined : buildFlagText(ctx, build, flag);
  const uses = referenceUsesOf(ctx, command.job).filter(
    (use) => use.command === command && use.at.at.chunk === flag.at.chunk && isWithin(use, flag),
  );
  const references =
    uses.length === 0
      ? undefined
      : referencesText(
          ctx,
          command.job,
          uses.map(({ reference }) => reference),
        );
  if (text === undefined && detail === undefined && references === undefined) return undefined;
  return hoverText(paragraphs(head, inJob(found), detail, references), flag.at);
}

const isWithin = ({ at: { at } }: ReferenceUse, flag: Flag): boolean =>
  flag.at.start <= at.start && at.end <= flag.at.end;

function buildFlagText(ctx: QueryContext, build: Build, flag: Flag): string | undefined {
  if (flag === build.target?.flag) return labelled("Stage", targetText(ctx, build))[0];
  if (flag === build.file?.flag) return `Dockerfile: ${dockerfileText(ctx, build)}`;
  const argument = build.arguments.find((each) => each.flag === flag);
  return argument === undefined ? undefined : argumentText(ctx, build, argument.name);
}

function operandHover(ctx: QueryContext, spot: Spot, found: Found): HoverText | undefined {
  const command = found.found;
  const operand = command.operands.find(({ at }) => isIn(spot, at));
  if (operand === undefined) return undefined;
  const uses = referenceUsesOf(ctx, command.job).filter(
    (use) => use.command === command && use.at.at === operand.at,
  );
  if (uses.length > 0) {
    const heading = HEADINGS[uses[0]?.role ?? "run"] ?? "Image";
    const references = referencesText(
      ctx,
      command.job,
      uses.map(({ reference }) => reference),
    );
    return hoverText(paragraphs(heading, inJob(found), references, otherUses(ctx, command)), operand.at);
  }
  const build = buildOf(ctx, command);
  if (build?.contexts[0] !== operand) return undefined;
  return hoverText(
    paragraphs(`**Context**: ${contextText(build)}`, bullets(buildLines(ctx, build).slice(1, 3))),
    operand.at,
  );
}
