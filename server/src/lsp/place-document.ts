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
export function looseName(document: OpenDocument): { readonly path: FilePath; readonly kind: FileKind } | undefined {
  const { languageId, text } = document;
  const full = fsPathOf(document.uri);
  const path = full === undefined ? undefined : basename(full);
  const named = path === undefined ? undefined : kindByName(path);
  if (path !== undefined && named !== undefined) return { path, kind: named };
  if (languageId === "dockerfile") return { path: path ?? "Dockerfile", kind: "dockerfile" };
  if (languageId === "toml" && hasRunners(text)) return { path: path ?? "config.toml", kind: "runner-config" };
  const isPipeline = languageId === "gitlab-ci" || (languageId === "yaml" && path === undefined && SCRIPT_KEY.test(text));
  return isPipeline ? { path: path ?? ".gitlab-ci.yml", kind: "gitlab-ci" } : undefined;
}

/** A job with a script: what an untitled YAML document must have to be taken for a pipeline. */
const SCRIPT_KEY = /^[ ]+(?:before_|after_)?script:(?:[ ]|$)/m;
