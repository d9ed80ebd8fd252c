// `explain`: the page of one rule.
import { didYouMean, rulePage, rules } from "../core/index";
import { ruleUrl } from "../host/version";
import { EXIT, type ExitCode, type Io } from "./io";
import { UsageError } from "./usage-error";

/** Prints a rule's page; an unknown rule is a `UsageError`. */
export function explain(id: string, io: Io): ExitCode {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const near = didYouMean(
      id,
      rules.map((each) => each.id),
    );
    throw new UsageError(`there is no rule \`${id}\`${near}; \`gitlab-ci-docker rules\` lists all`);
  }
  io.out(rulePage(rule, { links: new Map([["This page", ruleUrl(id)]]) }));
  return EXIT.clean;
}
