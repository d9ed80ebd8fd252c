// The value of an environment variable as a container of the job sees it: who wins, and where that is written.
import type { QueryContext } from "../../query/query";
import type { Located, Origin } from "../../text/located";
import type { Job, Variable } from "../pipeline/job";
import type { RunnerProfile, Setting } from "../runner/profile";
import type { JobCommand } from "./command";
import { expandArgument, expandText, expandVariable } from "./expand";
import { known, unknown, type Resolved } from "./resolved";
import { shellValuesOf } from "./shell-variables";
import { literalText, showText, type SymbolicText } from "./symbolic";

/** A variable as it takes effect for one container of a job. */
export interface EffectiveValue {
  /** Fully expanded; not known where it depends on something that no file says. */
  readonly value: Resolved<string>;
  /** Where it is written; undefined for the default of an image and for settings without a place. */
  readonly at: Located<string> | undefined;
  readonly scope: "service" | "script" | "job" | "runner" | "image";
}

/**
 * A variable in the job's container before the script starts: YAML wins over the runner's `environment`. Undefined where
 * neither sets it.
 */
export function jobValue(
  ctx: QueryContext,
  job: Job,
  profile: RunnerProfile,
  name: string,
): EffectiveValue | undefined {
  const variable = job.variables.get(name);
  if (variable !== undefined) return variableValue(ctx, job, variable, "job");
  return runnerValue(profile.environment.get(name));
}

/**
 * A variable as one command sees it: an assignment in front of it, then what the shell assigned before, then the job's.
 */
export function commandValue(
  ctx: QueryContext,
  command: JobCommand,
  profile: RunnerProfile,
  name: string,
): EffectiveValue | undefined {
  const own = command.assignments.findLast((assignment) => assignment.name === name);
  if (own !== undefined && command.argv.length > 0) {
    if (own.value === undefined) return { value: known(""), at: located("", own.at), scope: "script" };
    const value = textOf(expandArgument(ctx, command, own.value));
    return { value, at: { value: own.value.text, at: own.value.at, via: command.via }, scope: "script" };
  }
  const { values, isCertain } = shellValuesOf(ctx, command, name);
  const last = values.at(-1);
  if (last?.kind !== "assignment") return jobValue(ctx, command.job, profile, name);
  const at = last.assignment.value?.at ?? last.assignment.at;
  const value =
    isCertain && values.length === 1
      ? textOf(expandVariable(ctx, command, name))
      : unknown("branches of the script set it differently");
  return {
    value,
    at: { value: last.assignment.value?.text ?? "", at, via: last.assignment.command.via },
    scope: "script",
  };
}

/**
 * A variable in a service's container: its own `variables`, the job's, the runner's `environment`. Undefined where none sets it:
 * the image's default then counts. https://docs.gitlab.com/ci/services/#using-variables-in-services
 */
export function serviceValue(
  ctx: QueryContext,
  job: Job,
  profile: RunnerProfile,
  own: ReadonlyMap<string, Variable>,
  name: string,
): EffectiveValue | undefined {
  const variable = own.get(name);
  return variable === undefined
    ? jobValue(ctx, job, profile, name)
    : variableValue(ctx, job, variable, "service");
}

export const runnerValue = (setting: Setting<string> | undefined): EffectiveValue | undefined =>
  setting && {
    value: known(setting.value),
    at: setting.at && located(setting.value, setting.at),
    scope: "runner",
  };

function variableValue(
  ctx: QueryContext,
  job: Job,
  variable: Variable,
  scope: "job" | "service",
): EffectiveValue {
  const at = { value: variable.value, at: variable.at, via: variable.via };
  if (!variable.isKnown) return { value: unknown(`\`${variable.name}\` could not be worked out`), at, scope };
  if (variable.values.length > 1)
    return { value: unknown(`\`${variable.name}\` differs between variants of the job`), at, scope };
  if (!variable.expand) return { value: known(variable.value), at, scope };
  return { value: textOf(expandText(ctx, job, variable.text ?? variable.value)), at, scope };
}

function textOf(variants: readonly SymbolicText[]): Resolved<string> {
  const [only, ...others] = variants;
  if (only === undefined || others.length > 0) return unknown("it differs between variants of the job");
  const text = literalText(only);
  return text === undefined ? unknown(`\`${showText(only)}\` is not known`) : known(text);
}

const located = (value: string, at: Origin): Located<string> => ({ value, at, via: [] });
