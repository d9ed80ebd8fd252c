// `rules`: all rules with their severities.
import { rules } from "../core/index";
import { ruleUrl } from "../host/version";
import { valueOf, type GivenOption } from "./args";
import { EXIT, type ExitCode, type Io } from "./io";

export function listRules(options: readonly GivenOption[], io: Io): ExitCode {
  if (valueOf(options, "format") === "json") {
    const list = rules.map(({ id, title, severity, since }) => ({
      id,
      title,
      severity,
      since,
      url: ruleUrl(id),
    }));
    io.out(`${JSON.stringify(list, undefined, 2)}\n`);
    return EXIT.clean;
  }
  const width = Math.max(...rules.map(({ id }) => id.length));
  io.out(
    rules.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`).join(""),
  );
  return EXIT.clean;
}
