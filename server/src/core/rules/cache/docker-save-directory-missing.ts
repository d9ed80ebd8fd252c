// `docker save` into a folder that nobody makes: a cache that is empty in the first run brings none.
// https://docs.docker.com/reference/cli/docker/image/save/
import { surelyEndsJob } from "../../model/docker/certain-commands";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { hasFolder, savedArchivesOf, type SavedArchive } from "../../model/docker/saved-archives";
import { commandBefore } from "../command-edit";
import { defineRule, type FixDraft } from "../rule";

export const dockerSaveDirectoryMissing = defineRule({
  id: "docker-save-directory-missing",
  title: "`docker save` into a folder that is not there",
  severity: "warning",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`docker save\` (also of podman and nerdctl, and through \`>\` or a packer) into a folder of the checkout that neither the repository
nor an earlier command nor artifacts of another job bring. A folder of the job's \`cache\` counts as missing: in the first run there is
no cache.`,
    why: `Nothing makes the folder: docker ends with "invalid output path: directory "cache" does not exist", the shell with
"No such file or directory" or "nonexistent directory". The cache is never saved then, so the next run fails alike.`,
    fix: "Make the folder first.",
    example: {
      bad: `
build:
  cache:
    key: images
    paths: [images]
  script:
    - docker load -i images/app.tar || true
    - docker build -t app .
    - docker save -o images/app.tar app
`,
      good: `
build:
  cache:
    key: images
    paths: [images]
  script:
    - docker load -i images/app.tar || true
    - docker build -t app .
    - mkdir -p images
    - docker save -o images/app.tar app
`,
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/image/save/",
      "https://github.com/docker/cli/blob/master/cli/command/image/save.go",
    ],
  },

  *check(job, ctx) {
    if (!commandsOf(ctx, job).some(({ verb }) => verb === "save") || dialectOf(ctx, job) !== "posix") return;
    const seen = new Set<string>();
    for (const archive of savedArchivesOf(ctx, job)) {
      const { folder, written, writer, isRedirect } = archive;
      if (seen.has(folder) || !surelyEndsJob(ctx, writer) || hasFolder(ctx, archive) !== "no") continue;
      seen.add(folder);
      const error = isRedirect
        ? "No such file or directory"
        : `invalid output path: directory "${written}" does not exist`;
      yield {
        at: archive.at,
        message: `Nothing makes the folder \`${written}/\`, and in the first run no cache brings it, so the job ends with "${error}"; add \`mkdir -p ${written}\``,
        fixes: fixesFor(archive),
      };
    }
  },
});

function fixesFor({ save, written }: SavedArchive): readonly FixDraft[] {
  const edit = commandBefore(save, `mkdir -p ${written}`);
  return edit === undefined || /[\s"']/.test(written)
    ? []
    : [{ title: `Make the folder \`${written}\` first`, safety: "safe", edits: [edit] }];
}
