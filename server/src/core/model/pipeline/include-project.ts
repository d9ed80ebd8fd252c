// Files of other projects: the checkouts that stand in for them, and where in them a component lies.
// https://docs.gitlab.com/ci/yaml/#includeproject , https://docs.gitlab.com/ci/components/#use-a-component
import { defineQuery, type QueryContext } from "../../query/query";
import { normalFolder } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { settingsOf } from "../settings-of";

/** The pipeline's own project, which includes name by this variable; its files are those of the repository. */
const OWN_PROJECT = /^\$(?:CI_PROJECT_PATH|\{CI_PROJECT_PATH\})$/;

/**
 * The folder that holds a project's files ("" is the repository itself); undefined where nobody said where they are.
 * GitLab compares paths of projects without regard to case (lib/gitlab/ci/config/external/file/project.rb).
 */
export const checkoutOf = defineQuery<string, FilePath | undefined>({
  name: "checkoutOf",
  compute: (ctx, project) => {
    const { includeProjects } = ctx.get(settingsOf, null).settings;
    for (const [path, folder] of includeProjects) {
      if (path.toLowerCase() === project.toLowerCase()) return normalFolder(folder);
    }
    return OWN_PROJECT.test(project) ? "" : undefined;
  },
});

/** The folder of the checkout that a file lies in; "" for a file of this repository. */
export function folderOfProjectFile(ctx: QueryContext, path: FilePath): FilePath {
  const folders = [...ctx.get(settingsOf, null).settings.includeProjects.values()].map(normalFolder);
  const around = folders.filter((folder) => folder !== "" && path.startsWith(`${folder}/`));
  return around.reduce((longest, folder) => (folder.length > longest.length ? folder : longest), "");
}

/** `host/group/project/name@version` */
export interface ComponentAddress {
  readonly project: string;
  readonly name: string;
}

/** Reads a component's address; undefined where it is none. lib/gitlab/ci/components/instance_path.rb */
export function readComponent(address: string): ComponentAddress | undefined {
  const match = /^[^/@]+\/([^@]+)\/([^/@]+)@/.exec(address);
  return match === null ? undefined : { project: match[1] ?? "", name: match[2] ?? "" };
}

/** Where a component's template may lie in its project. https://docs.gitlab.com/ci/components/#directory-structure */
export const componentPaths = ({ name }: ComponentAddress): readonly string[] => [
  `templates/${name}.yml`,
  `templates/${name}/template.yml`,
];
