// The project that the checkout belongs to: host and path, as Git's own configuration names them. Says nothing where there
// is none, or where the repository lives on a host that is no GitLab.
// https://git-scm.com/docs/git-config#_configuration_file
import { defineQuery } from "../query/query";
import type { FilePath } from "../text/source-file";

/**
 * Git's configuration of a checkout: the one file of Git's folder that hosts list, and read where it is asked for. It may hold
 * passwords: nothing of it but host and path leaves this file.
 */
export const GIT_CONFIG_FILE: FilePath = ".git/config";

export interface OwnProject {
  /** Without a port: "gitlab.com". */
  readonly host: string;
  /** Group and project in lower case, as in image references: "group/sub/project". */
  readonly path: string;
}

/** Hosts of Git repositories that run no GitLab: the project of the pipeline is then a mirror of unknown path. */
const OTHER_HOSTS =
  /^(?:github\.com|bitbucket\.org|codeberg\.org|gitea\.com|dev\.azure\.com|ssh\.dev\.azure\.com)$/;

/** The project by the remote `origin`, or by the only remote there is. */
export const ownProjectOf = defineQuery<null, OwnProject | undefined>({
  name: "ownProjectOf",
  compute: (ctx) => {
    if (ctx.exists(GIT_CONFIG_FILE) === false) return undefined;
    const remotes = remotesIn(ctx.file(GIT_CONFIG_FILE)?.text ?? "");
    const url = remotes.get("origin") ?? (remotes.size === 1 ? [...remotes.values()][0] : undefined);
    return url === undefined ? undefined : projectOfUrl(url);
  },
  equals: (a, b) => a?.host === b?.host && a?.path === b?.path,
});

/** Name of each remote and its URL. */
function remotesIn(text: string): ReadonlyMap<string, string> {
  const remotes = new Map<string, string>();
  let remote: string | undefined;
  for (const line of text.split("\n")) {
    const section = /^\s*\[\s*([\w.-]+)(?:\s+"([^"]*)")?\s*\]/.exec(line);
    if (section !== null) remote = section[1]?.toLowerCase() === "remote" ? section[2] : undefined;
    const url = /^\s*url\s*=\s*"?([^"\s]+)/i.exec(line)?.[1];
    if (remote !== undefined && url !== undefined && !remotes.has(remote)) remotes.set(remote, url);
  }
  return remotes;
}

/** `git@host:group/project.git`, `ssh://git@host:22/…`, `https://user:token@host/…`. https://git-scm.com/docs/git-clone#_git_urls */
export function projectOfUrl(url: string): OwnProject | undefined {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(url) ??
    /^(?:[\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(url);
  const host = match?.[1]?.toLowerCase();
  const path = match?.[2]
    ?.replace(/^\/+|\/+$/g, "")
    .replace(/\.git$/, "")
    .toLowerCase();
  if (host === undefined || path === undefined || !path.includes("/") || OTHER_HOSTS.test(host))
    return undefined;
  return { host, path };
}
