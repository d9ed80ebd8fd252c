// GitLab's registry finds the project in a path only where at most two levels stand below it.
// https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images
import { buildOf } from "../../model/docker/build";
import { commandsOf } from "../../model/docker/find-commands";
import {
  hasNoProject,
  levelsOf,
  mayBeOwnRegistry,
  MOST_LEVELS,
  type Levels,
} from "../../model/docker/registry-levels";
import { normaliseName } from "../../model/docker/image-reference";
import { plainPlace } from "../../model/docker/reference-grammar";
import { sureUsesOf, wayTo, type ReferenceUse } from "../../model/docker/reference-uses";
import { showText } from "../../model/docker/symbolic";
import { settingsOf } from "../../model/settings-of";
import { sameOrigin } from "../../text/located";
import { replaceText } from "../edits";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";
import { onePerPlace, reportFirst } from "../variable-uses";

export const registryPathTooDeep = defineRule({
  id: "registry-path-too-deep",
  title: "More levels than GitLab's registry takes",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: `Reports images in the project's registry with more than two levels below the project's path, and, as an information, pushes to
\`$CI_REGISTRY/name\`, where no project is named at all.`,
    why: `GitLab looks for the project in the path without its last two components. Where it finds none, it grants no access: "denied:
requested access to the resource is denied", "insufficient_scope: authorization failed". Silent where \`CI_REGISTRY\` or
\`CI_REGISTRY_IMAGE\` are defined as something else.`,
    example: {
      bad: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE/apps/web/nginx:1.0" .
    - docker push "$CI_REGISTRY_IMAGE/apps/web/nginx:1.0"
`,
      good: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE/apps/web-nginx:1.0" .
    - docker push "$CI_REGISTRY_IMAGE/apps/web-nginx:1.0"
`,
    },
    references: [
      "https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images",
      "https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/container_registry/path.rb",
    ],
  },

  *check(job, ctx) {
    const images = [...(job.image === undefined ? [] : [job.image]), ...job.services];
    if (!images.some(({ text }) => text.text.includes("$")) && commandsOf(ctx, job).length === 0) return;
    if (isElsewhere(ctx)) return;
    const uses = sureUsesOf(ctx, job).filter(({ reference }) => mayBeOwnRegistry(reference));
    const texts = new Set(uses.filter((use) => reachesRegistry(ctx, use)).map(textOf));
    for (const text of texts) {
      const same = uses.filter((use) => textOf(use) === text);
      const [first] = same;
      const levels = first && levelsOf(first.reference);
      if (levels !== undefined && levels.count > MOST_LEVELS) yield* tooDeep(same, levels, text);
      else if (first !== undefined && hasNoProject(first.reference)) yield* noProject(same, text);
    }
  },
});

/** Registry and path: tags do not count. */
const textOf = ({ reference }: ReferenceUse): string => showText(normaliseName(reference));

/** The user interface sets another registry. */
function isElsewhere(ctx: RuleContext): boolean {
  const { known } = ctx.get(settingsOf, null).settings.variables;
  return known.includes("CI_REGISTRY") || known.includes("CI_REGISTRY_IMAGE");
}

/** What is only built stays where it is. */
const reachesRegistry = (ctx: RuleContext, { role, command }: ReferenceUse): boolean =>
  role !== "source" &&
  role !== "run" &&
  (role !== "name" || (command !== undefined && buildOf(ctx, command)?.pushes === true));

function* tooDeep(same: readonly ReferenceUse[], { count }: Levels, text: string): Iterable<Report> {
  const uses = same.map((use) => {
    const part = levelsOf(use.reference)?.part;
    if (part === undefined) return { at: use.at.at, via: use.at.via };
    return { at: plainPlace(part) ?? part.at ?? use.at.at, via: wayTo(use, part) };
  });
  yield* reportFirst(uses, {
    message: `\`${text}\` has ${count} levels below the project's path, and GitLab's registry takes ${MOST_LEVELS}, so it answers "denied: requested access to the resource is denied"; join them with \`-\``,
    related: onePerPlace(uses)
      .slice(1)
      .map(({ at }) => ({ at, message: "the same image" })),
    fixes: joinLevels(same),
  });
}

function joinLevels(same: readonly ReferenceUse[]): readonly FixDraft[] {
  const surplus = same.map(({ reference }) => levelsOf(reference)?.surplus);
  const places = surplus.filter((each) => each !== undefined).flat();
  if (surplus.includes(undefined) || places.length === 0) return [];
  const unique = places.filter(
    (place, index) => places.findIndex((other) => sameOrigin(other, place)) === index,
  );
  const edits = unique.map((place) => replaceText(place, "-"));
  return [{ title: "Join the surplus levels with `-`", safety: "suggested", edits }];
}

function* noProject(same: readonly ReferenceUse[], text: string): Iterable<Report> {
  const pushes = same.filter(({ role }) => role === "push");
  yield* reportFirst(
    pushes.map(({ at: { at, via } }) => ({ at, via })),
    {
      severity: "info",
      message: `\`${text}\` names no project, so GitLab's registry answers "denied: requested access to the resource is denied", unless \`CI_REGISTRY\` is set to another registry; use \`$CI_REGISTRY_IMAGE\``,
    },
  );
}
