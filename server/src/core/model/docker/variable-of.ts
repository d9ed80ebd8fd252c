// What is known of one variable before the pipeline runs: a text, a text in terms of others, or nothing, and why.
// https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
import { predefinedVariable } from "../../data/predefined-variables";
import type { QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import { resultsOf } from "../pipeline/order";
import { jobOf, rootKey } from "../pipeline/resolve";
import { profileOf } from "../runner/profile";
import { settingsOf } from "../settings-of";
import { expandText } from "./expand";
import { literalText, type SymbolicText } from "./symbolic";

export type UnknownVariableReason =
  /** GitLab sets it when the pipeline runs. */
  | "predefined"
  /** The project configuration names it as set in GitLab's user interface. */
  | "external"
  /** A job whose artifacts come here writes a dotenv report, whose names no file says. */
  | "dotenv"
  /** A part of the configuration could not be read. */
  | "open"
  /** Nobody in sight sets it. */
  | "undefined";

export type VariableValue =
  | { readonly kind: "text"; readonly value: string }
  /** At least one text, with variables in it, or several texts of which rules or a matrix choose one. */
  | { readonly kind: "symbolic"; readonly variants: readonly SymbolicText[] }
  | { readonly kind: "unknown"; readonly reason: UnknownVariableReason; readonly explanation: string };

/**
 * A variable as the job's containers get it. Pipeline variables and variables of the user interface win over YAML; no file
 * says whether they are set, so they are not counted.
 */
export function variableOf(ctx: QueryContext, job: Job, name: string): VariableValue {
  if (job.variables.has(name)) {
    const variants = expandText(ctx, job, `\${${name}}`);
    const [only, ...others] = variants;
    const text = only === undefined || others.length > 0 ? undefined : literalText(only);
    return text === undefined ? { kind: "symbolic", variants } : { kind: "text", value: text };
  }
  const predefined = predefinedVariable(name);
  if (predefined !== undefined) {
    const when = predefined.mayBeEmpty ? `, empty ${predefined.emptyWhen}` : "";
    return unknown("predefined", `GitLab sets it when the pipeline runs${when}`);
  }
  const setting = profileOf(ctx, job).environment.get(name);
  if (setting !== undefined) return { kind: "text", value: setting.value };
  if (ctx.get(settingsOf, null).settings.variables.known.includes(name)) {
    return unknown("external", "it is set in GitLab's user interface");
  }
  const reporting = dotenvSources(ctx, job);
  if (reporting.length > 0)
    return unknown(
      "dotenv",
      `the dotenv report of ${reporting.map((each) => `\`${each}\``).join(", ")} may set it`,
    );
  return job.isClosed
    ? unknown("undefined", "no file sets it; it may be set in GitLab's user interface")
    : unknown("open", "a part of the configuration could not be read");
}

const unknown = (reason: UnknownVariableReason, explanation: string): VariableValue => ({
  kind: "unknown",
  reason,
  explanation,
});

/**
 * Names of the jobs that hand variables to a job by `artifacts:reports:dotenv`: any name may then be set.
 * https://docs.gitlab.com/ci/variables/job_scripts/#pass-an-environment-variable-to-another-job
 */
export function dotenvSources(ctx: QueryContext, job: Job): readonly string[] {
  return resultsOf(ctx, job).jobs.filter((name) => {
    const other = ctx.get(jobOf, rootKey(job.root, name));
    const artifacts = other?.keywords.get("artifacts")?.value;
    const reports = artifacts?.kind === "map" ? artifacts.entries.get("reports")?.value : undefined;
    return reports?.kind === "map" && reports.entries.has("dotenv");
  });
}
