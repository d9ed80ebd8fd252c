// The rule pages that ship with the extension (`docs/rules/<id>.md`), so that they match the installed version and
// open without a network.
import { FileType, Uri, workspace } from "vscode";

/** Rule id -> its page. */
export type RulePages = ReadonlyMap<string, Uri>;

const SUFFIX = ".md";

/** Lists the pages; empty if the folder can't be read (links then go where the server says). */
export async function bundledRulePages(extension: Uri): Promise<RulePages> {
  const folder = Uri.joinPath(extension, "docs", "rules");
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return new Map(entries.flatMap(([name, type]) => pageOf(folder, name, type)));
  } catch {
    return new Map();
  }
}

function pageOf(folder: Uri, name: string, type: FileType): [string, Uri][] {
  const isPage = type === FileType.File && name.endsWith(SUFFIX) && name !== "index.md";
  return isPage ? [[name.slice(0, -SUFFIX.length), Uri.joinPath(folder, name)]] : [];
}
