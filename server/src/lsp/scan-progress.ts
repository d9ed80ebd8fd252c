// Shows that a folder is being read, where that takes long enough to be noticed.
import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver";

const NOTICED_AFTER = 1000;

/** For one folder: takes the number of files so far, and undefined when its scan has ended. */
export function createScanProgress(
  connection: Connection,
  isSupported: boolean,
): (files: number | undefined) => void {
  const started = performance.now();
  let reporter: Promise<WorkDoneProgressServerReporter | undefined> | undefined;
  return (files) => {
    if (!isSupported) return;
    if (files === undefined) {
      void reporter?.then((shown) => shown?.done());
      reporter = undefined;
      return;
    }
    if (performance.now() - started < NOTICED_AFTER) return;
    reporter ??= begin(connection);
    void reporter.then((shown) => shown?.report(`${files} files`));
  };
}

async function begin(connection: Connection): Promise<WorkDoneProgressServerReporter | undefined> {
  try {
    const shown = await connection.window.createWorkDoneProgress();
    shown.begin("gitlab-ci-docker: reading files");
    return shown;
  } catch {
    // A client that can't show progress after all must not stop the scan.
    return undefined;
  }
}
