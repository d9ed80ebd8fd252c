// The text of a report about a false alarm: what was said, what the files say, what is to be told by the person who knows
// better. Secrets are masked. It goes nowhere by itself.
import type { Finding } from "../../rules/rule";
import { CONFIGURATION_FILE } from "../../settings/table";
import type { FilePath, SourceFile } from "../../text/source-file";
import { block, bullets, code, paragraphs } from "../hover/markdown";
import { excerptsOf, type Excerpt } from "./excerpt";
import { MASK, maskSecrets } from "./mask";

export interface FalseAlarm {
  readonly finding: Finding;
  readonly file: (path: FilePath) => SourceFile | undefined;
  /** The first job that the finding is about as YAML, origins as comments; undefined where it is about none. */
  readonly effectiveJob: string | undefined;
  /** Versions of what was used: `gitlab-ci-docker 1.0.0`. */
  readonly versions: readonly string[];
  /** Where reports are read; undefined where nothing is known of such a place. */
  readonly address: string | undefined;
}

/** Writes the report as Markdown. */
export function falseAlarmReport(alarm: FalseAlarm): string {
  const { finding, file, effectiveJob, versions } = alarm;
  const places = [finding.at, ...finding.related.map(({ at }) => at)];
  const excerpts = [...excerptsOf(places, file), ...configuration(file)];
  const related = finding.related.map(({ message }) => message);
  const jobs = finding.jobs.join(", ");
  const said = [finding.message, jobs, effectiveJob ?? "", ...related, ...excerpts.map(({ text }) => text)];
  const { texts, count } = maskSecrets(said);
  const [message = "", shownJobs = "", job = ""] = texts;
  const shown = excerpts.map((each, index) => ({ ...each, text: texts[index + 3 + related.length] ?? "" }));
  const facts = [
    `Rule: ${code(finding.rule)} (${finding.severity}, ${finding.confidence})`,
    `Message: ${oneLine(message)}`,
    `At: ${placeText(finding, file)}`,
    ...related.map((_, index) => `See also: ${relatedText(alarm, index, texts[index + 3] ?? "")}`),
    ...(shownJobs === "" ? [] : [`Jobs: ${code(shownJobs)}`]),
    `Versions: ${versions.join(", ")}`,
  ];
  return `${paragraphs(
    `# False alarm of ${code(finding.rule)}`,
    notice(count, alarm.address),
    QUESTIONS,
    "## What was reported",
    bullets(facts),
    "## What the files say",
    ...shown.map((each) => excerptText(each)),
    job === "" ? undefined : `## The job as GitLab sees it\n\n${block("yaml", beginningOf(job))}`,
  )}\n`;
}

function notice(count: number, address: string | undefined): string {
  const masked =
    count === 0
      ? "Nothing in the excerpts looked like a secret"
      : `${count === 1 ? "1 value that looked" : `${count} values that looked`} like a secret ${count === 1 ? "was" : "were"} replaced by ${code(MASK)}`;
  return [
    "> Nothing was sent: this text is in your editor only.",
    `> ${masked}. Read it all before you post it: secrets may look like anything, and the names of your projects, hosts and people are still in it.`,
    ...(address === undefined ? [] : [`> Reports are read at <${address}>.`]),
  ].join("\n");
}

const QUESTIONS = `## Why it is wrong

1. What happens when the job runs? A line of its log that shows it is worth most.

2. What does the tool not know: how the runner is set up, a variable that is set in GitLab, a file that is included from elsewhere?

3. Which versions of GitLab and GitLab Runner, and which executor?
`.trim();

/** What the project told the tool decides what it says. */
function configuration(file: FalseAlarm["file"]): readonly Excerpt[] {
  const source = file(CONFIGURATION_FILE);
  if (source === undefined || source.text.trim() === "") return [];
  const end = source.text.split("\n").slice(0, MOST_OF_CONFIGURATION);
  const text = end.join("\n").trimEnd();
  return [{ file: CONFIGURATION_FILE, from: 0, to: text.split("\n").length, language: "yaml", text }];
}

const MOST_OF_CONFIGURATION = 60;

const excerptText = ({ file, from, to, language, text }: Excerpt): string => {
  const lines = to - from === 1 ? `line ${to}` : `lines ${from + 1} to ${to}`;
  return `${code(file)}, ${lines}:\n\n${block(language, text)}`;
};

function placeText({ at }: Pick<Finding, "at">, file: FalseAlarm["file"]): string {
  const position = file(at.file)?.lines.positionAt(at.start);
  const where = position === undefined ? "" : `, line ${position.line + 1}, column ${position.character + 1}`;
  return `${code(at.file)}${where}`;
}

function relatedText({ finding, file }: FalseAlarm, index: number, message: string): string {
  const related = finding.related[index];
  return related === undefined ? "" : `${placeText(related, file)}: ${oneLine(message)}`;
}

function beginningOf(text: string): string {
  const lines = text.trimEnd().split("\n");
  const left = lines.length - MOST_OF_JOB;
  return left <= 0 ? text : [...lines.slice(0, MOST_OF_JOB), `# … ${left} more lines`].join("\n");
}

const MOST_OF_JOB = 80;

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ");
