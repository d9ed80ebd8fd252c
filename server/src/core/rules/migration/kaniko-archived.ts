// kaniko, whose repository was archived, and what its image needs to run a job.
// https://github.com/GoogleContainerTools/kaniko , https://docs.gitlab.com/ci/docker/using_kaniko/
import { kanikoUseOf, type KanikoUse } from "../../model/docker/kaniko";
import { clearEntrypoint } from "../../model/pipeline/image-edit";
import type { Job } from "../../model/pipeline/job";
import type { ChunkEdit } from "../../text/edit";
import { textAt } from "../../text/located";
import { replaceText } from "../edits";
import { kanikoFixes } from "../kaniko-fix";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const kanikoArchived = defineRule({
  id: "kaniko-archived",
  title: "kaniko is not maintained any more",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",
  alsoTemplates: true,

  docs: {
    what: "Reports jobs that build with Google's kaniko, whose repository was archived on 3 June 2025, and what keeps such a job from starting: an image without a shell, and an entrypoint that was not taken away. Images of forks are not reported; where `/kaniko/executor` comes from another image it is information.",
    why: 'Nobody mends its faults and security holes any more, and GitLab took its page away. The image needs the `debug` variant (else `exec: "sh": executable file not found in $PATH`) and, with the Docker executor, `entrypoint: [""]` (else `Error: unknown command "sh" for "executor"`).',
    fix: "Move to rootless BuildKit or to Buildah. The fixes translate the flags, keep the credentials file, and are offered where every flag has a counterpart; look at the result, and at what your runner allows.",
    example: {
      bad: `
build:
  image:
    name: gcr.io/kaniko-project/executor:v1.24.0-debug
    entrypoint: [""]
  before_script:
    - mkdir -p /kaniko/.docker
    - echo "$CREDENTIALS" > /kaniko/.docker/config.json
  script:
    - /kaniko/executor --context $CI_PROJECT_DIR --destination $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
`,
      good: `
build:
  image:
    name: moby/buildkit:v0.33.0-rootless
    entrypoint: [""]
  variables:
    BUILDKITD_FLAGS: --oci-worker-no-process-sandbox
  before_script:
    - mkdir -p $HOME/.docker
    - echo "$CREDENTIALS" > $HOME/.docker/config.json
  script:
    - buildctl-daemonless.sh build --frontend dockerfile.v0 --local context=$CI_PROJECT_DIR --local dockerfile=$CI_PROJECT_DIR --output type=image,name=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA,push=true
`,
    },
    references: [
      "https://github.com/GoogleContainerTools/kaniko",
      "https://docs.gitlab.com/ci/docker/using_kaniko/",
      "https://docs.gitlab.com/ci/docker/using_buildkit/",
      "https://docs.gitlab.com/ci/docker/using_buildah/",
      "https://github.com/GoogleContainerTools/kaniko#debug-image",
    ],
  },

  *check(job, ctx) {
    const use = kanikoUseOf(ctx, job);
    if (use === undefined) return;
    if (use.source === "other") yield* unknownSource(use);
    else if (job.image !== undefined) {
      yield archived(job, use, ctx);
      yield* cannotStart(job, use, ctx);
    }
  },
});

const ENDED = "was archived on 3 June 2025 and gets no security fixes; move to rootless BuildKit or Buildah";

const archived = (job: Job, use: KanikoUse, ctx: RuleContext): Report => ({
  at: job.image?.name ?? job.nameAt,
  message: `kaniko (\`GoogleContainerTools/kaniko\`) ${ENDED}`,
  related: use.commands.map(({ nameAt }) => ({ at: nameAt, message: "used here" })),
  fixes: kanikoFixes(ctx, job, use),
});

function unknownSource({ commands: [first] }: KanikoUse): readonly Report[] {
  if (first === undefined) return [];
  const message = `kaniko of Google (\`GoogleContainerTools/kaniko\`) ${ENDED}, or see that the image holds a fork that is maintained`;
  return [{ at: { at: first.nameAt, via: first.via }, severity: "info", confidence: "likely", message }];
}

/** One cause at a time: without a shell the entrypoint does not matter. */
function cannotStart(job: Job, use: KanikoUse, ctx: RuleContext): readonly Report[] {
  const { image } = job;
  if (image === undefined) return [];
  if (use.hasShell === false) {
    const message = `The image has no shell, so the job ends with "exec: "sh": executable file not found in $PATH"; use its \`debug\` variant`;
    return [{ at: image.name, severity: "error", message, fixes: debugFix(job, use, ctx) }];
  }
  if (use.entrypoint === "set") return [];
  const isSure = use.entrypoint === "missing";
  return [
    {
      at: image.name,
      severity: isSure ? "error" : "info",
      message: `The image's entrypoint takes the script for its own arguments${isSure ? "" : " on runners of the Docker executor"}, so the job ends with "Error: unknown command "sh" for "executor""; add \`entrypoint: [""]\``,
      fixes: fix('Add `entrypoint: [""]`', clearEntrypoint(ctx, image)),
    },
  ];
}

/** https://github.com/GoogleContainerTools/kaniko#debug-image */
function debugFix(job: Job, { tag, entrypoint }: KanikoUse, ctx: RuleContext): readonly FixDraft[] {
  const { image } = job;
  const written = image === undefined ? "" : textAt(image.name.at);
  if (image === undefined || !/^[\w./:-]+$/.test(written)) return [];
  const name = tag === "latest" ? `${written.replace(/:latest$/, "")}:debug` : `${written}-debug`;
  if (entrypoint === "set") return fix("Use the `debug` variant", [replaceText(image.name.at, name)]);
  return fix('Use the `debug` variant with `entrypoint: [""]`', clearEntrypoint(ctx, image, name));
}

const fix = (title: string, edits: readonly ChunkEdit[] | undefined): readonly FixDraft[] =>
  edits === undefined ? [] : [{ title, safety: "suggested", edits }];
