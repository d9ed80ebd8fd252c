// Keywords and a program that GitLab or Docker want to be rid of, and those that are gone.
// https://docs.gitlab.com/ci/yaml/deprecated_keywords/
import { RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "../../model/pipeline/keywords";
import { moveToDefault, rootKeywordsOf } from "../../model/pipeline/move-to-default";
import { rewritePolicies } from "../../model/pipeline/policy-edit";
import { rootPairsOf } from "../../model/pipeline/yaml-of";
import { isNull, keyText, type YamlFile, type YamlMap, type YamlPair } from "../../syntax/yaml-nodes";
import { composeInFiles, composeInJob } from "../compose-v1";
import { rejectedKeywords, stageTypes } from "../rejected-keywords";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const deprecatedKeywords = defineRule({
  id: "deprecated-keywords",
  title: "Deprecated keyword",
  severity: "info",
  since: "0.1.0",
  inspects: "ci-file",
  rejectsPipeline: true,

  docs: {
    what: "Reports `only` and `except`, `image`, `services`, `cache`, `before_script` and `after_script` at the root of a file, and `docker-compose` in scripts: each once in a file, as information (further `only` and `except` are hints). What GitLab refuses is an error: `only` or `except` beside `rules` in one job, `type` and `types`. `docker-compose` in an official `docker` image of before 20.10, which does not have it, is a warning.",
    why: 'The root keywords clash with `default:`, `only` and `except` know less than `rules` and get no new features, and the two cannot be mixed in one job: "jobs:deploy config key may not be used with `rules`: only". `type` and `types` were removed in GitLab 15: "jobs:build config contains unknown keys: type". Compose v1 ended in 2023: "docker-compose: not found".',
    fix: "Write root keywords below `default:`, and `rules` instead of `only` and `except`. A fix is offered where the job runs in the same pipelines as before; a name counts for branches and tags in `only`, which the shorter of two fixes leaves to you.",
    example: {
      bad: `
image: node:24

deploy:
  script: ./deploy.sh
  only:
    - tags
`,
      good: `
default:
  image: node:24

deploy:
  script: ./deploy.sh
  rules:
    - if: $CI_COMMIT_TAG
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/deprecated_keywords/",
      "https://docs.gitlab.com/ci/jobs/job_rules/",
      "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/106895",
      "https://gitlab.com/gitlab-org/gitlab/-/issues/346823",
      "https://www.docker.com/blog/new-docker-compose-v2-and-v1-deprecation/",
    ],
  },

  *check(yaml, ctx) {
    yield* rootKeywords(yaml, ctx);
    yield* policies(yaml, ctx);
    yield* stageTypes(yaml, ctx);
  },

  alsoInspects: {
    job: (job, ctx) => [...rejectedKeywords(job), ...composeInJob(job, ctx)],
    pipeline: composeInFiles,
  },
});

// ---- Root keywords

function* rootKeywords({ path }: YamlFile, ctx: RuleContext): Iterable<Report> {
  const [first, ...others] = ctx.get(rootKeywordsOf, path);
  if (first === undefined) return;
  const names = [first, ...others].map((pair) => `\`${keyText(pair) ?? ""}\``);
  const edits = moveToDefault(ctx, path);
  const [are, them] = others.length > 0 ? ["are", "them"] : ["is", "it"];
  yield {
    at: first.key.at,
    message: `${listed(names)} at the root of the file ${are} deprecated, and GitLab refuses a keyword that stands below \`default:\` as well; write ${them} below \`default:\``,
    related: others.map(({ key }) => ({ at: key.at, message: "the same here" })),
    fixes:
      edits === undefined
        ? []
        : [{ title: `Move ${listed(names)} below \`default:\``, safety: "suggested", edits }],
  };
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;

// ---- `only` and `except`

const MAX_RELATED = 10;

/** One finding to see, and for each further job a hint that carries its fix. */
function* policies(yaml: YamlFile, ctx: RuleContext): Iterable<Report> {
  const uses = rootPairsOf(yaml).flatMap((pair) => policyUse(pair) ?? []);
  for (const [index, { name, pair, map }] of uses.entries()) {
    const keyword = keyText(pair) ?? "";
    const others = index === 0 ? uses.slice(1) : [];
    const count = others.length === 0 ? "" : `, here and in ${others.length} more of this file`;
    yield {
      at: pair.key.at,
      severity: index === 0 ? "info" : "hint",
      message: `\`${keyword}\` is deprecated${count}: it cannot be mixed with \`rules\` and gets no new features; say with \`rules\` when \`${name}\` runs`,
      related: others
        .slice(0, MAX_RELATED)
        .map((other) => ({ at: other.pair.key.at, message: "the same here" })),
      fixes: policyFixes(ctx, yaml, name, map),
    };
  }
}

interface PolicyUse {
  readonly name: string;
  readonly map: YamlMap;
  readonly pair: YamlPair;
}

function policyUse(entry: YamlPair): PolicyUse | undefined {
  const name = keyText(entry) ?? "";
  const map = entry.value;
  if (map.kind !== "map" || RESERVED_ROOT_KEYS.has(name) || SOFT_ROOT_KEYS.has(name)) return undefined;
  const pair = map.pairs.find((each) => /^(?:only|except)$/.test(keyText(each) ?? "") && !isNull(each.value));
  return pair && { name, map, pair };
}

function policyFixes(ctx: RuleContext, { path }: YamlFile, name: string, map: YamlMap): readonly FixDraft[] {
  return rewritePolicies(ctx, path, map).map(({ edits, namesAreBranches }) => ({
    title: `Say with \`rules\` when \`${name}\` runs${namesAreBranches ? ", for branches of that name alone" : ""}`,
    // That no tag is called like a branch, only a person knows.
    safety: namesAreBranches ? "manual" : "suggested",
    edits,
  }));
}
