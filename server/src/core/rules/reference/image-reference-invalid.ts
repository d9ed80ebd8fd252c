// A reference that no registry ever sees: the client refuses it, whatever its variables hold.
// https://github.com/distribution/reference/blob/main/regexp.go
import type { ContainerCommand } from "../../model/docker/command";
import { dockerfileOf, type Dockerfile } from "../../model/docker/dockerfile";
import { commandsOf } from "../../model/docker/find-commands";
import { grammarProblem, plainPlace, type GrammarProblem } from "../../model/docker/reference-grammar";
import { sureUsesOf, wayTo, type ReferenceUse } from "../../model/docker/reference-uses";
import { parseReference, type ImageReference } from "../../model/docker/image-reference";
import { literal, showText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { sameOrigin, type Located, type Origin } from "../../text/located";
import { isTemplate } from "../dockerfile-template";
import { fixesFor, messageFor } from "../grammar-words";
import { defineRule, type Report, type RuleContext } from "../rule";
import { onePerPlace, reportFirst } from "../variable-uses";

export const imageReferenceInvalid = defineRule({
  id: "image-reference-invalid",
  title: "This is no image reference",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: `Reports image references that break the grammar whatever their variables hold, in \`image:\`, services, container commands, and
in \`FROM\` and \`COPY --from\` of Dockerfiles: \`https://\` in front, blanks, \`<tag>\`, \`//\`, nothing behind a colon, two colons, tags
that begin with a dot or a dash or are longer than 128 characters, malformed digests.`,
    why: `The client refuses it with "invalid reference format" before it asks any registry; of \`-t\` it says "invalid argument … for
\\"-t, --tag\\" flag".`,
    example: {
      bad: `
test:
  image: https://registry.example.com/app:1.0
  script: make test
`,
      good: `
test:
  image: registry.example.com/app:1.0
  script: make test
`,
    },
    references: [
      "https://github.com/distribution/reference/blob/main/regexp.go",
      "https://docs.docker.com/reference/cli/docker/image/tag/",
    ],
  },

  *check(job, ctx) {
    const isSuspicious = [...(job.image === undefined ? [] : [job.image]), ...job.services].some(
      ({ text }) => !PLAIN.test(text.text),
    );
    if (!isSuspicious && commandsOf(ctx, job).length === 0) return;
    const problems = sureUsesOf(ctx, job).flatMap(problemOf);
    const reported: Origin[] = [];
    for (const key of new Set(problems.map(keyOf))) {
      const found = problems.filter((each) => keyOf(each) === key);
      const places = found.map(placeOf);
      // One placeholder in a variable spoils every reference that is made of it.
      if (places.every((place) => reported.some((each) => sameOrigin(each, place)))) continue;
      reported.push(...places);
      yield* reportUses(found);
    }
    yield* loginServers(job, ctx);
  },

  alsoInspects: {
    *dockerfile(tree, ctx) {
      const dockerfile = isTemplate(tree) ? undefined : dockerfileOf(ctx, tree.path);
      if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return;
      for (const { reference, written } of referencesIn(dockerfile)) {
        const problem = grammarProblem(reference.text);
        // What an ARG holds may be replaced by a build argument.
        if (problem === undefined || problem.part.via.length > 0) continue;
        yield { at: written, message: messageFor(reference, problem), fixes: fixesFor([problem]) };
      }
    },
  },
});

/** What nearly every image looks like: nothing to be looked at. */
const PLAIN = /^[a-z0-9][a-z0-9.-]*(?:[/_]{1,2}[a-z0-9][a-z0-9.-]*)*(?::[\w][\w.-]{0,127})?$/;

interface UseProblem {
  readonly use: ReferenceUse;
  readonly problem: GrammarProblem;
}

/** Equal references with the same fault are one cause. */
const keyOf = ({ use, problem }: UseProblem): string => `${problem.fault}\0${showText(use.reference.text)}`;

/** Where the fault is written. */
const placeOf = ({ use, problem: { part } }: UseProblem): Origin => plainPlace(part) ?? part.at ?? use.at.at;

function problemOf(use: ReferenceUse): readonly UseProblem[] {
  const problem = grammarProblem(use.reference.text);
  if (problem === undefined) return [];
  // An id of 64 digits names an image that is there: only as a name it is refused.
  if (problem.fault === "hexadecimal" && (use.role === "source" || use.role === "run")) return [];
  // The shell splits an unquoted variable at blanks.
  if (problem.fault === "blank" && use.command !== undefined && problem.part.via.length > 0) return [];
  return [{ use, problem }];
}

function* reportUses(found: readonly UseProblem[]): Iterable<Report> {
  const uses = found.map(({ use, problem }) => ({
    problem,
    at: placeOf({ use, problem }),
    via: wayTo(use, problem.part),
  }));
  const places = onePerPlace(uses);
  const [first] = found;
  if (first === undefined) return;
  yield* reportFirst(uses, {
    message: messageFor(first.use.reference, first.problem),
    related: places.slice(1).map(({ at }) => ({ at, message: "the same reference" })),
    fixes: fixesFor(places.map(({ problem }) => problem)),
  });
}

// ---- Other places

function* referencesIn({ stages }: Dockerfile): Iterable<{
  readonly reference: ImageReference;
  readonly written: Located<string>;
}> {
  for (const { base, written, edges } of stages) {
    if (base.kind === "image" && written.value !== "") yield { reference: base.reference, written };
    for (const { from, stage } of edges) {
      // A name alone is that of a stage or of a named context.
      const isImage = stage === undefined && /[/:@]/.test(from.value) && !from.value.includes("$");
      if (isImage)
        yield { reference: parseReference({ parts: [literal(from.value, from.at)] }), written: from };
    }
  }
}

/** `docker login host:tag`: what stands behind the colon is a port; `https://` in front is taken away by the client. */
function* loginServers(job: Job, ctx: RuleContext): Iterable<Report> {
  for (const command of commandsOf(ctx, job)) {
    const server = command.verb === "login" ? command.operands[0] : undefined;
    if (server?.isStatic !== true || !isSureOf(command)) continue;
    const port = /^(?:https?:\/\/)?[\w.-]+:(?!\/\/)([^/]*)/.exec(server.text)?.[1];
    if (port === undefined || /^\d+$/.test(port)) continue;
    yield {
      at: { at: server.at, via: command.via },
      message: `\`${server.text}\` names no registry: \`${port}\` behind the colon is read as a port, so the login fails with "invalid port"; name the registry alone`,
    };
  }
}

const isSureOf = (command: ContainerCommand): boolean =>
  !command.isOpen && command.flags.every(({ isKnown }) => isKnown);
