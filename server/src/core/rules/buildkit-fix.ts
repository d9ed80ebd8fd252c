// What a job that builds with BuildKit, buildah or podman lacks, written into it.
import { ROOTLESS_FLAG } from "../data/builder-images";
import type { FileAsFolder } from "../model/docker/buildkit-job";
import { flagsNamed, type ContainerCommand } from "../model/docker/command";
import type { NewVariables } from "../model/pipeline/edit";
import { clearEntrypoint, setVariablesBesideImage } from "../model/pipeline/image-edit";
import type { ImageUse, Job } from "../model/pipeline/job";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft, RuleContext } from "./rule";

const fix = (title: string, edits: readonly ChunkEdit[] | undefined): readonly FixDraft[] =>
  edits === undefined ? [] : [{ title, safety: "suggested", edits }];

/** `buildctl` becomes the script that starts a daemon for the build. */
export function daemonlessFix({ nameAt }: ContainerCommand): readonly FixDraft[] {
  const written = textAt(nameAt);
  if (!written.endsWith("buildctl")) return [];
  return fix("Use `buildctl-daemonless.sh`", [replaceText(nameAt, `${written}-daemonless.sh`)]);
}

export const entrypointFix = (image: ImageUse, ctx: RuleContext): readonly FixDraft[] =>
  fix('Add `entrypoint: [""]`', clearEntrypoint(ctx, image));

/** Behind the flags that are set already. */
export function flagFix(job: Job, ctx: RuleContext): readonly FixDraft[] {
  const old = job.variables.get("BUILDKITD_FLAGS")?.value ?? "";
  if (/["\\]/.test(old)) return [];
  const value = old === "" ? ROOTLESS_FLAG : `"${old} ${ROOTLESS_FLAG}"`;
  return variableFix(job, ctx, `Set \`BUILDKITD_FLAGS: ${ROOTLESS_FLAG}\``, [["BUILDKITD_FLAGS", value]]);
}

export const storageFix = (job: Job, ctx: RuleContext): readonly FixDraft[] =>
  variableFix(job, ctx, "Set `STORAGE_DRIVER: vfs`", [["STORAGE_DRIVER", "vfs"]]);

const variableFix = (
  { image }: Job,
  ctx: RuleContext,
  title: string,
  variables: NewVariables,
): readonly FixDraft[] => fix(title, image && setVariablesBesideImage(ctx, image, variables));

/** Cuts the file's name off, and gives it in an option of its own where it is not `Dockerfile`. */
export function folderFix({ command, flag }: FileAsFolder): readonly FixDraft[] {
  const at = flag.value?.at;
  if (at === undefined) return [];
  const [, head, name = "", quote = ""] =
    /^("?dockerfile=(?:[^\s'"]*\/)?)([\w.-]+)("?)$/.exec(textAt(at)) ?? [];
  if (head === undefined) return [];
  const isNamed = flagsNamed(command, "opt").some(
    ({ value }) => value?.text.startsWith("filename=") === true,
  );
  const directory = head.endsWith("=") ? `${head}.` : head.replace(/(=\/|[^/])\/?$/, "$1");
  const option = name === "Dockerfile" || isNamed ? "" : ` --opt filename=${name}`;
  return fix("Name the directory of the Dockerfile", [replaceText(at, `${directory}${quote}${option}`)]);
}
