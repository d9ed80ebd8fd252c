// Takes out findings that a comment in their file silences, and reports comments that silence nothing.
import type { FilePath, SourceFile } from "../text/source-file";
import type { Place } from "../text/located";
import { didYouMean } from "../settings/nearest";
import type { Suppression } from "../syntax/comments";
import type { Fix } from "./rule";
import { unusedSuppression } from "./files/unused-suppression";

export interface FileComments {
  readonly file: SourceFile;
  readonly suppressions: readonly Suppression[];
}

/** A comment that silenced nothing, as it will be reported. */
export interface UnusedSuppression {
  readonly at: Place;
  readonly message: string;
  readonly fix: Fix;
}

interface Silenceable {
  readonly rule: string;
  readonly at: Place;
}

export interface Suppressed<T> {
  readonly kept: readonly T[];
  /** Number of findings that were taken out. */
  readonly count: number;
  /** Comments that took something out. */
  readonly used: ReadonlySet<Suppression>;
}

/** Splits findings into those that stay and those that a comment in their own file silences. */
export function suppress<T extends Silenceable>(
  findings: readonly T[],
  comments: ReadonlyMap<FilePath, FileComments>,
): Suppressed<T> {
  const used = new Set<Suppression>();
  const byRule = new Map<FilePath, ReadonlyMap<string, readonly Suppression[]>>();
  const kept = findings.filter((finding) => {
    const inFile = comments.get(finding.at.file);
    if (inFile === undefined || inFile.suppressions.length === 0) return true;
    const known = byRule.get(finding.at.file) ?? groupByRule(inFile.suppressions);
    byRule.set(finding.at.file, known);
    const ofRule = known.get(finding.rule);
    if (ofRule === undefined) return true;
    const line = inFile.file.lines.positionAt(finding.at.start).line;
    const silencing = ofRule.filter((each) => each.firstLine <= line && line <= each.lastLine);
    silencing.forEach((each) => used.add(each));
    return silencing.length === 0;
  });
  return { kept, count: findings.length - kept.length, used };
}

/** A file may name more ids than there are findings: each finding shall look only at those of its rule. */
function groupByRule(suppressions: readonly Suppression[]): ReadonlyMap<string, readonly Suppression[]> {
  const byRule = new Map<string, Suppression[]>();
  for (const each of suppressions) {
    if (each.rule === undefined) continue;
    const ofRule = byRule.get(each.rule);
    if (ofRule === undefined) byRule.set(each.rule, [each]);
    else ofRule.push(each);
  }
  return byRule;
}

/**
 * Comments without effect. `ran` names the rules that were run to their end: nothing is said about the others, because
 * their silence proves nothing. `known` names all rules there are.
 */
export function unusedSuppressions(
  comments: ReadonlyMap<FilePath, FileComments>,
  used: ReadonlySet<Suppression>,
  ran: ReadonlySet<string>,
  known: ReadonlySet<string>,
): readonly UnusedSuppression[] {
  const found: UnusedSuppression[] = [];
  for (const [path, { suppressions }] of comments) {
    for (const each of suppressions) {
      if (used.has(each) || each.rule === unusedSuppression.id) continue;
      if (each.rule !== undefined && known.has(each.rule) && !ran.has(each.rule)) continue;
      found.push({
        at: { file: path, start: each.start, end: each.end },
        message: messageFor(each, known),
        fix: {
          title: "Delete the suppression that has no effect",
          safety: "safe",
          edits: [{ file: path, start: each.removal.start, end: each.removal.end, newText: "" }],
          creates: [],
        },
      });
    }
  }
  return found;
}

function messageFor({ rule, scope }: Suppression, known: ReadonlySet<string>): string {
  if (rule === undefined)
    return "This comment names no rule, so it suppresses nothing; write the rule's id behind it";
  if (!known.has(rule))
    return `There is no rule \`${rule}\`, so this comment suppresses nothing${didYouMean(rule, known)}`;
  const where = scope === "file" ? "in this file" : scope === "line" ? "on this line" : "on the next line";
  return `\`${rule}\` reports nothing ${where}, so this comment suppresses nothing`;
}
