// The only input of the core: every file that the analysis may see, frozen at one moment.
import type { FilePath, SourceFile } from "../text/source-file";
import type { Settings } from "../settings/settings";

export interface Workspace {
  /** Files whose text is loaded. */
  readonly files: ReadonlyMap<FilePath, SourceFile>;
  /**
   * Every file of the repository by path, loaded or not; undefined where the host cannot list (a single file on
   * standard input). Identity says whether the listing changed.
   */
  readonly paths: ReadonlySet<FilePath> | undefined;
  /** Settings of the editor or the command line; the repository's own configuration file wins over them. */
  readonly settings: Settings;
}
