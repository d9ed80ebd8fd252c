// Which folder an open document belongs to, and what it is called there.
import { basename, relative, sep, isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FileKind, FilePath } from "../core/index";
import { hasRunners, kindByName } from "../host/file-kind";
import type { OpenDocument } from "./document";

/** The path of a `file:` address; undefined for other addresses and broken ones. */
export function fsPathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export const uriOfPath = (path: string): string => pathToFileURL(path).href;

/** The path below a folder, with `/` between its parts; undefined where the address lies elsewhere. */
export function pathInFolder(root: string, uri: string): FilePath | undefined {
  const full = fsPathOf(uri);
  if (full === undefined) return undefined;
  const below = relative(root, full);
  if (below === "" || below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return below.split(sep).join("/");
}

/** What a document without a folder is called; undefined where it is none of ours. */
export function looseName(
  document: OpenDocument,
): { readonly path: FilePath; readonly kind: FileKind } | undefined {
  const full = fsPathOf(document.uri);
  const path = full === undefined ? undefined : basename(full);
  const kind =
    (path === undefined ? undefined : kindByName(path)) ?? kindByLanguage(document, path === undefined);
  return kind === undefined ? undefined : { path: path ?? USUAL_NAMES.get(kind) ?? "untitled", kind };
}

const USUAL_NAMES: ReadonlyMap<FileKind, FilePath> = new Map<FileKind, FilePath>([
  ["dockerfile", "Dockerfile"],
  ["runner-config", "config.toml"],
  ["gitlab-ci", ".gitlab-ci.yml"],
]);

/** A YAML file with a name that is none of ours is not taken for a pipeline; one without a name may be one. */
function kindByLanguage({ languageId, text }: OpenDocument, isUnnamed: boolean): FileKind | undefined {
  switch (languageId) {
    case "dockerfile":
      return "dockerfile";
    case "toml":
      return hasRunners(text) ? "runner-config" : undefined;
    case "gitlab-ci":
      return "gitlab-ci";
    case "yaml":
      return isUnnamed && SCRIPT_KEY.test(text) ? "gitlab-ci" : undefined;
    default:
      return undefined;
  }
}

/** A job with a script: what an untitled YAML document must have to be taken for a pipeline. */
const SCRIPT_KEY = /^[ ]+(?:before_|after_)?script:(?:[ ]|$)/m;
