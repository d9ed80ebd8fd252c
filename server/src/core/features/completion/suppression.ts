// Completion of rule ids in suppression comments, in files of every kind.
import { rules } from "../../rules/index";
import { lineStartAt } from "../../text/line-start";
import type { SourceFile } from "../../text/source-file";
import type { Offer } from "./item";

const COMMENT =
  /#[ \t]*gitlab-ci-docker-disable-(?:next-line|line|file)[ \t]+(?:[\w-]+[ \t]*,[ \t]*)*([\w-]*)$/;

/** Undefined where the cursor stands in no such comment. */
export function suppressionOffer({ text }: SourceFile, offset: number): Offer | undefined {
  const line = text.slice(lineStartAt(text, offset), offset);
  const typed = COMMENT.exec(line)?.[1];
  if (typed === undefined) return undefined;
  const items = rules.map(({ id, title }) => ({ label: id, kind: "rule" as const, detail: title }));
  return { items, at: { start: offset - typed.length, end: offset } };
}
