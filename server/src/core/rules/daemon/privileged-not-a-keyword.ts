// `privileged` in the pipeline file: it is a setting of the runner, and GitLab rejects keys that it does not know.
// https://docs.gitlab.com/ci/yaml/ , https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section
import { profileOf } from "../../model/runner/profile";
import { referencedOf } from "../../model/pipeline/reference";
import { rootKey } from "../../model/pipeline/resolve";
import type { Entry, Value } from "../../model/pipeline/value";
import { setTomlKey } from "../../syntax/toml-edit";
import type { ChunkEdit } from "../../text/edit";
import { removeEntry } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const privilegedNotAKeyword = defineRule({
  id: "privileged-not-a-keyword",
  title: "`privileged` in the pipeline file",
  severity: "error",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,
  rejectsPipeline: true,

  docs: {
    what: "Reports `privileged` (also `docker_privileged`, and `privileged` below `docker`) as a key of a job, of `default`, of `image` or of a service.",
    why: `GitLab knows no such keyword and rejects the pipeline: "config contains unknown keys: privileged". Whether a
container is privileged is decided by the runner that takes the job, in its config.toml.`,
    fix: "Delete the key, and set `privileged = true` below `[runners.docker]` in the runner's config.toml.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services:
    - docker:29.6.2-dind
  privileged: true
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services:
    - docker:29.6.2-dind
  script:
    - docker info
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/",
      "https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section",
    ],
  },

  *check(job, ctx) {
    const defaults = ctx.get(referencedOf, rootKey(job.root, "default")).value;
    const places = [job.keywords, entriesOf(defaults)].flatMap((entries) => [
      ...wrongKeys(entries, false),
      ...wrongKeys(entriesOf(entries?.get("image")?.value), true),
      ...itemsOf(entries?.get("services")?.value).flatMap((service) => wrongKeys(entriesOf(service), true)),
    ]);
    for (const { entry, key, isAlone, answer } of new Map(
      places.map((place) => [place.entry.keyAt, place]),
    ).values()) {
      const remove = removeEntry(entry.keyAt, entry.value.at);
      const { section, privileged } = profileOf(ctx, job);
      const atRunner =
        section === undefined || privileged?.value === true
          ? []
          : (setTomlKey(section, "privileged", "true") ?? []);
      yield {
        at: { at: entry.keyAt, via: entry.value.via },
        message: `\`${key}\` is no keyword of \`.gitlab-ci.yml\`, so GitLab rejects the pipeline (${answer}); it is set on the runner: \`[runners.docker] privileged = true\` in config.toml`,
        fixes: remove === undefined || isAlone ? [] : fixesFor(key, [remove], atRunner),
      };
    }
  },
});

type Entries = ReadonlyMap<string, Entry> | undefined;

const entriesOf = (value: Value | undefined): Entries => (value?.kind === "map" ? value.entries : undefined);

const itemsOf = (value: Value | undefined): readonly Value[] => (value?.kind === "list" ? value.items : []);

interface WrongKey {
  readonly entry: Entry;
  readonly key: string;
  /** The only key of its mapping, which would be left empty. */
  readonly isAlone: boolean;
  /** Why GitLab rejects it, in its words where they are known. */
  readonly answer: string;
}

/** `docker` is a key of images and services, with keys of its own. https://docs.gitlab.com/ci/yaml/#imagedocker */
function wrongKeys(entries: Entries, isImage: boolean): readonly WrongKey[] {
  const isAlone = entries?.size === 1;
  const direct = ["privileged", "docker_privileged"].flatMap((name) => entries?.get(name) ?? []);
  const docker = entries?.get("docker");
  const below = entriesOf(docker?.value)?.has("privileged") === true ? docker : undefined;
  const all = direct.map((entry) => ({ entry, key: entry.key, isAlone, answer: unknownKey(entry.key) }));
  return below === undefined
    ? all
    : [
        ...all,
        {
          entry: below,
          key: "docker: privileged",
          isAlone,
          answer: isImage ? "below `docker` it takes `platform` and `user` only" : unknownKey("docker"),
        },
      ];
}

const unknownKey = (key: string): string => `"config contains unknown keys: ${key}"`;

function fixesFor(
  key: string,
  remove: readonly ChunkEdit[],
  atRunner: readonly ChunkEdit[],
): readonly FixDraft[] {
  const title = `Delete \`${key}\``;
  const both: FixDraft = {
    title: `${title} and set \`privileged = true\` in config.toml`,
    safety: "suggested",
    edits: [...remove, ...atRunner],
  };
  return [...(atRunner.length === 0 ? [] : [both]), { title, safety: "safe", edits: remove }];
}
