// "Check the Whole Workspace": the server reads everything from the disk again, and a message says what it found.
import { commands, ProgressLocation, window } from "vscode";
import type { RunningClient } from "./client";
import { plural, type Counts } from "./status";

/** Answer of `gitlabCiDocker/checkWorkspace`; null where a check is under way, or failed (the output says why). */
type Answer = {
  readonly outcome: "checked" | "stopped";
  readonly counts: Counts;
  readonly unreadCount: number;
} | null;

const SHOW = "Show Problems";

let asked = 0;

/**
 * Does more than the check that runs by itself: folders are listed anew and nothing that is known of them is used again. So it
 * also sees what no file watcher told of: network drives, `files.watcherExclude`, checkouts that the configuration names. All
 * files are checked, open or not. Cancelled, it stops between two files or pipelines, and what was found before stays.
 */
export async function checkWorkspace(client: RunningClient): Promise<Answer> {
  const answer = await window.withProgress(
    { location: ProgressLocation.Notification, title: "GitLab CI Docker: checking", cancellable: true },
    async (progress, cancel) => {
      asked += 1;
      const workDoneToken = `gitlabCiDocker.check.${asked}`;
      const hearing = client.onProgress(workDoneToken, (message) => progress.report({ message }));
      try {
        return await client.request<Answer>("gitlabCiDocker/checkWorkspace", { workDoneToken }, cancel);
      } finally {
        hearing.dispose();
      }
    },
  );
  void showSummary(answer); // it may stand there for long
  return answer;
}

async function showSummary(answer: Answer): Promise<void> {
  const chosen = await window.showInformationMessage(summaryOf(answer), ...buttonsFor(answer));
  if (chosen === SHOW) await commands.executeCommand("workbench.actions.view.problems");
}

function summaryOf(answer: Answer): string {
  if (answer === null)
    return "The workspace was not checked: a check is under way, or failed (see the output).";
  const { outcome, counts, unreadCount } = answer;
  if (outcome === "stopped")
    return "Stopped before everything was checked. What was found before still stands.";
  const found = `${plural(counts.error, "error")}, ${plural(counts.warning, "warning")}`;
  const unread = unreadCount === 0 ? "" : `; ${plural(unreadCount, "include")} not read`;
  return `${found} in ${plural(counts.files, "file")}${unread}.`;
}

const buttonsFor = (answer: Answer): readonly string[] => (answer?.outcome === "checked" ? [SHOW] : []);
