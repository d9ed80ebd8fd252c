// Variables behind a dollar sign: those of the job with their values, then GitLab's own.
import { PREDEFINED_VARIABLES } from "../../data/predefined-variables";
import { predefinedText } from "../../data/predefined-texts";
import type { Job, Variable } from "../../model/pipeline/job";
import { globalVariablesOf } from "../../model/pipeline/job-variables";
import { settingsOf } from "../../model/settings-of";
import { profileOf } from "../../model/runner/profile";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { distinct, type Item } from "./item";

/** The name that is being typed at the end of a text: `$CI_CO`, `${CI_CO`; undefined where none is. */
export function typedVariable(text: string): string | undefined {
  const match = /(?:^|[^$\\])(?:\$\$)*\$\{?([A-Za-z_]\w*|)$/.exec(text);
  return match?.[1];
}

interface Reader {
  readonly roots: readonly FilePath[];
  readonly job: Job | undefined;
  /** The jobs that a template goes into. */
  readonly users: readonly Job[];
}

/** All variables that a job can see; without a job those of the pipelines. */
export function variableItems(
  ctx: QueryContext,
  { roots, job, users }: Reader,
  script: string,
): readonly Item[] {
  const own =
    job === undefined
      ? roots.flatMap((root) => [...ctx.get(globalVariablesOf, root).values()])
      : [...job.variables.values()];
  return distinct([
    ...assignedIn(script),
    ...own.map(ownItem),
    ...users.flatMap((user) => [...user.variables.values()].map((variable) => userItem(user, variable))),
    ...outsideItems(ctx, job),
    ...predefinedItems(),
  ]);
}

const MOST_CHARACTERS = 60;

const cut = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;

function ownItem({ name, values, isKnown, scope }: Variable): Item {
  const value = isKnown ? cut(values.filter((each) => each !== "").join(", ")) : "not known";
  return { label: name, kind: "variable", detail: `${value === "" ? "empty" : value} (${scope})` };
}

const userItem = (user: Job, { name }: Variable): Item => ({
  label: name,
  kind: "variable",
  detail: `of the jobs that build on this, such as ${user.name}`,
});

/** What the lines in front of the cursor assign: `TAG=…`, `export TAG=…`. */
const assignedIn = (script: string): readonly Item[] =>
  [...script.matchAll(/(?:^|[\n;&|]|\bexport\s|- )\s*["']?([A-Za-z_]\w*)=([^\n;&|]*)/g)].map(
    ([, label = "", value = ""]): Item => ({
      label,
      kind: "variable",
      detail: `${cut(value.trim())} (script)`,
    }),
  );

/** Set by the runner, or in the user interface as the project's configuration says. */
function outsideItems(ctx: QueryContext, job: Job | undefined): readonly Item[] {
  const environment = job === undefined ? [] : [...profileOf(ctx, job).environment];
  const { known, protected: guarded } = ctx.get(settingsOf, null).settings.variables;
  return [
    ...environment.map(([label, { value }]): Item => ({
      label,
      kind: "variable",
      detail: `${cut(value)} (runner)`,
    })),
    ...[...known, ...guarded].map((label): Item => ({ label, kind: "variable", detail: "user interface" })),
  ];
}

/** What image names, logins and conditions are made of, before all that GitLab sets beside. */
const USUAL: readonly string[] = [
  ...["CI_REGISTRY_IMAGE", "CI_COMMIT_SHORT_SHA", "CI_COMMIT_REF_SLUG", "CI_COMMIT_TAG", "CI_COMMIT_SHA"],
  ...["CI_REGISTRY", "CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD", "CI_COMMIT_BRANCH", "CI_DEFAULT_BRANCH"],
  ...["CI_PROJECT_DIR", "CI_PIPELINE_IID", "CI_PIPELINE_SOURCE", "CI_JOB_TOKEN"],
  "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX",
];

const usualFirst = (names: Iterable<string>): readonly string[] => {
  const all = new Set(names);
  return [...new Set([...USUAL.filter((name) => all.has(name)), ...all])];
};

const predefinedItems = (): readonly Item[] =>
  usualFirst(PREDEFINED_VARIABLES.keys()).map((label): Item => {
    const emptyWhen = PREDEFINED_VARIABLES.get(label)?.emptyWhen ?? "";
    const text = predefinedText(label);
    const empty = emptyWhen === "" ? "" : `\n\nEmpty ${emptyWhen}.`;
    return {
      label,
      kind: "variable",
      detail: "GitLab",
      ...(text === undefined ? {} : { documentation: `${text}.${empty}` }),
    };
  });
