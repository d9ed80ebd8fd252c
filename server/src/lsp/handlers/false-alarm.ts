// The text of a report about a false alarm at a place, and the code action that leads to it.
import { CodeActionKind, type CodeAction, type Position } from "vscode-languageserver";
import {
  effectiveYaml,
  falseAlarmReport,
  type Analysis,
  type EffectiveYaml,
  type Finding,
} from "../../core/index";
import { HOMEPAGE, VERSION } from "../../host/version";
import { rangeOf, toOffset, type Speech } from "../convert";
import type { Placed } from "../folders";

export const FALSE_ALARM_REQUEST = "gitlabCiDocker/falseAlarm";
export interface FalseAlarmParams {
  readonly uri: string;
  /** In the finding. */
  readonly position: Position;
  readonly rule: string;
  /** The editor and its version, for the report. */
  readonly client?: string;
}

export interface FalseAlarmAnswer {
  /** Markdown. */
  readonly text: string;
}

/** A command of the client's. */
const REPORT_FALSE_ALARM = "gitlabCiDocker.reportFalseAlarm";

/** Null where no such finding is there (any more). */
export function falseAlarm(
  { session, path }: Placed,
  { position, rule, client }: FalseAlarmParams,
): FalseAlarmAnswer | null {
  const { speech } = session;
  const findings = session.findingsOf(path).filter((finding) => finding.rule === rule);
  const lines = speech.file(path)?.lines;
  if (lines === undefined) return null;
  const offset = toOffset(lines, position, speech.encoding);
  const finding = findings.find(({ at }) => at.start <= offset && offset <= at.end);
  if (finding === undefined) return null;
  const job = session.ask((analysis) => jobOf(analysis, finding, speech.file));
  const versions = [
    `gitlab-ci-docker ${VERSION}`,
    ...(client === undefined ? [] : [client]),
    process.platform,
  ];
  const text = falseAlarmReport({
    finding,
    file: speech.file,
    effectiveJob: job?.text,
    versions,
    address: HOMEPAGE === "" ? undefined : HOMEPAGE,
  });
  return { text };
}

/** The finding's first job: in a pipeline of its file, else in the first pipeline that has one of that name. */
function jobOf(
  analysis: Analysis,
  { at, jobs }: Finding,
  file: Parameters<typeof effectiveYaml>[1],
): EffectiveYaml | undefined {
  const [name] = jobs;
  if (name === undefined) return undefined;
  const near = analysis.jobsAround(at.file).find((job) => job.name === name);
  for (const root of [...(near === undefined ? [] : [near.root]), ...analysis.pipelines()]) {
    const job = analysis.effectiveJob(root, name);
    if (job !== undefined) return effectiveYaml([job], file);
  }
  return undefined;
}

/**
 * One action for all findings at the cursor. It changes no text and mends nothing, so it is of no kind: it stands in the menu of
 * the light bulb behind everything else, and neither among the quick fixes of a problem nor in what is applied on saving.
 */
export function reportAction(uri: string, findings: readonly Finding[], speech: Speech): CodeAction[] {
  if (findings.length === 0) return [];
  const title = "Report a false alarm…";
  const choices = findings.map(({ rule, message, at }) => ({
    rule,
    message,
    position: rangeOf(at, speech).start,
  }));
  const command = { title, command: REPORT_FALSE_ALARM, arguments: [{ uri, findings: choices }] };
  return [{ title, kind: CodeActionKind.Empty, command }];
}
