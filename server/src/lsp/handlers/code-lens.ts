// Code lenses: above each job, the way to its effective form.
import type { ClientCapabilities, CodeLens } from "vscode-languageserver";
import { rangeOf } from "../convert";
import type { Placed } from "../folders";
import type { EffectiveJobParams } from "./effective-job";

/** A command of the client's: only one that knows it is offered lenses. */
const SHOW_EFFECTIVE_JOB = "gitlabCiDocker.showEffectiveJob";

/** Whether the client says, in `experimental.gitlabCiDocker.effectiveJob`, that it can show effective jobs. */
export function canShowEffectiveJobs({ experimental }: ClientCapabilities): boolean {
  const own = entryOf(experimental, "gitlabCiDocker");
  return entryOf(own, "effectiveJob") === true;
}

const entryOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && key in value
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/** One lens above each visible job that a document writes. */
export function codeLenses({ session, path }: Placed, uri: string): readonly CodeLens[] {
  const { speech } = session;
  const jobs = session.ask((analysis) => analysis.jobsAround(path));
  return jobs.flatMap(({ root, name, isHidden, written }) => {
    if (isHidden || written === undefined) return [];
    const job: EffectiveJobParams = { uri, root, name };
    const command = { title: "Effective job", command: SHOW_EFFECTIVE_JOB, arguments: [job] };
    return [{ range: rangeOf(written.nameAt, speech), command }];
  });
}
