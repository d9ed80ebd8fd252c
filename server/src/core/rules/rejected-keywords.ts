// Keywords with which GitLab refuses a pipeline: `type` and `types`, which are gone, and `only` and `except` beside `rules`.
import { ownBody } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { rootPairOf } from "../model/pipeline/yaml-of";
import { setKey } from "../syntax/yaml-edit";
import { isNull, pairOf, type YamlFile, type YamlPair } from "../syntax/yaml-nodes";
import { replaceText } from "./edits";
import type { FixDraft, Report, RuleContext } from "./rule";

/** `types:` at the root of a file. https://gitlab.com/gitlab-org/gitlab/-/issues/346823 */
export function* stageTypes({ path }: YamlFile, ctx: RuleContext): Iterable<Report> {
  const pair = rootPairOf(ctx, path, "types");
  // A mapping of that name is a job today.
  if (pair === undefined || pair.value.kind === "map" || isNull(pair.value)) return;
  const isFree = rootPairOf(ctx, path, "stages") === undefined;
  yield {
    at: pair.key.at,
    severity: "error",
    message:
      "`types` was removed in GitLab 15, which takes it for a job and refuses the pipeline; call it `stages`",
    fixes: isFree ? [rename(pair, "stages")] : [],
  };
}

const rename = ({ key }: YamlPair, name: string): FixDraft => ({
  title: `Call it \`${name}\``,
  safety: "suggested",
  edits: [replaceText(key.at, name)],
});

/** What GitLab refuses in one job, as it is in effect: a keyword that is `null` is none. */
export function* rejectedKeywords(job: Job): Iterable<Report> {
  const { keywords } = job;
  const type = keywords.get("type");
  if (type !== undefined) {
    const written = ownBody(job)?.pairs.find(({ key }) => key.at === type.keyAt);
    yield {
      at: { at: type.keyAt, via: type.value.via },
      severity: "error",
      message: `GitLab 15 removed \`type\` and refuses the pipeline ("jobs:${job.name} config contains unknown keys: type"); call it \`stage\``,
      fixes: written !== undefined && !keywords.has("stage") ? [rename(written, "stage")] : [],
    };
  }
  const policy = keywords.get("only") ?? keywords.get("except");
  if (policy === undefined || !keywords.has("rules") || !job.isClosed) return;
  yield {
    at: { at: policy.keyAt, via: policy.value.via },
    severity: "error",
    message: `\`${policy.key}\` and \`rules\` cannot stand in one job, so GitLab refuses the pipeline ("jobs:${job.name} config key may not be used with \`rules\`: ${policy.key}"); keep \`rules\` alone`,
    fixes: dropInherited(job, policy.key),
  };
}

/** `only: null` takes away what `extends` brings. https://docs.gitlab.com/ci/yaml/yaml_optimization/#exclude-a-key-from-extends */
function dropInherited(job: Job, keyword: string): readonly FixDraft[] {
  const body = ownBody(job);
  const isInherited = body !== undefined && pairOf(body, keyword) === undefined;
  if (!isInherited || pairOf(body, "extends") === undefined) return [];
  const title = `Drop the inherited \`${keyword}\``;
  return [{ title, safety: "suggested", edits: setKey(body, keyword, "null") }];
}
