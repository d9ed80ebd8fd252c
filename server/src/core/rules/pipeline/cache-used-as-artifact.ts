// A cache that carries what one job builds to a later one. A cache is there or it is not: on another runner, after a failed upload, in
// a first run it is missing, or older. https://docs.gitlab.com/ci/caching/#how-cache-is-different-from-artifacts
import { transportsOf, type Transport } from "../../model/docker/cache-transport";
import { passAsArtifacts } from "../artifact-fix";
import { defineRule, type Report, type RuleContext } from "../rule";

export const cacheUsedAsArtifact = defineRule({
  id: "cache-used-as-artifact",
  title: "Cache that carries build output between jobs",
  severity: "warning",
  since: "0.1.0",
  inspects: "pipeline",

  docs: {
    what: "Reports paths of a `cache` that one job builds and a later one uses (in a command, or as a source of the image that it builds), and that are no artifacts. Folders in which tools keep dependencies are left alone, and so is Cargo's `target`.",
    why: "A cache speeds a job up and may be missing or older at any time: on another runner without a shared cache, after a failed upload, in the first pipeline. The later job then fails, or ships what an earlier commit built. Files of the repository in a cache are overwritten with older ones.",
    fix: "Pass the files as `artifacts` with `expire_in`.",
    example: {
      bad: `
stages: [build, deploy]

build:
  stage: build
  script: npm run build
  cache:
    key: $CI_COMMIT_SHA
    paths: [dist]

deploy:
  stage: deploy
  script: scp -r dist www.example.com:/srv
  cache:
    key: $CI_COMMIT_SHA
    paths: [dist]
`,
      good: `
stages: [build, deploy]

build:
  stage: build
  script: npm run build
  artifacts:
    paths: [dist]
    expire_in: 1 hour

deploy:
  stage: deploy
  script: scp -r dist www.example.com:/srv
`,
    },
    references: [
      "https://docs.gitlab.com/ci/caching/#how-cache-is-different-from-artifacts",
      "https://docs.gitlab.com/ci/jobs/job_artifacts/",
    ],
  },

  *check({ root }, ctx) {
    for (const transport of ctx.get(transportsOf, root)) yield* report(transport, ctx);
  },
});

function* report(transport: Transport, ctx: RuleContext): Iterable<Report> {
  const { producer, consumers, paths, versioned, isPerCommit } = transport;
  const [first, ...others] = paths;
  if (first === undefined) return;
  const names = listed(consumers.map(({ job }) => job.name));
  const files =
    versioned.length === 0
      ? ""
      : `; ${listed(versioned.map(({ path }) => path))} of the repository is overwritten by it`;
  yield {
    at: first.item,
    confidence: isPerCommit ? "certain" : "likely",
    message: `${listed(paths.map(({ path }) => path))} of \`${producer.name}\` ${paths.length > 1 ? "reach" : "reaches"} ${names} only through a cache, which may be missing there or be an older one${files}; pass ${paths.length > 1 ? "them" : "it"} as \`artifacts\` with \`expire_in\``,
    related: [
      ...others.map(({ item }) => ({ at: item.at, message: "the same here" })),
      ...consumers.map(({ job, at }) => ({ at, message: `used by job \`${job.name}\`` })),
    ],
    fixes: passAsArtifacts(ctx, transport),
  };
}

const listed = (words: readonly string[]): string => {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1) ?? ""}`;
};
