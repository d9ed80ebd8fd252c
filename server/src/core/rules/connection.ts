// What the rules about the connection to a dind service share: which of them speaks, how loud, and how values are named.
import { missingClientVariables } from "../model/docker/client-variables";
import type { DindService } from "../model/docker/daemon";
import { connectionOf, type Connection, type ConnectionFault } from "../model/docker/daemon-connection";
import type { EffectiveValue } from "../model/docker/effective-value";
import type { NewVariables } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import type { RunnerProfile } from "../model/runner/profile";
import type { QueryContext } from "../query/query";
import type { Severity } from "../settings/settings";
import type { FixDraft } from "./rule";

export interface FaultyConnection<Kind extends ConnectionFault["kind"]> extends Connection {
  readonly fault: Extract<ConnectionFault, { kind: Kind }>;
}

/** A job's connection where its first fault is of one kind. */
export function connectionWith<Kind extends ConnectionFault["kind"]>(
  ctx: QueryContext,
  job: Job,
  kind: Kind,
): FaultyConnection<Kind> | undefined {
  const connection = connectionOf(ctx, job);
  return connection !== undefined && isOf(connection, kind) ? connection : undefined;
}

const isOf = <Kind extends ConnectionFault["kind"]>(
  connection: Connection,
  kind: Kind,
): connection is FaultyConnection<Kind> => connection.fault?.kind === kind;

/** One step lower where no command is in sight that uses the daemon: a script that is not read may reach it in another way. */
export const asFarAsSeen = ({ isVisible }: Connection, severity: Severity): Severity =>
  isVisible ? severity : lowered(severity);

/** One step lower where the conclusion rests on a configuration that may be an example. */
export const asFarAsTrue = ({ profile }: Connection, severity: Severity): Severity =>
  profile.isDoubtful ? lowered(severity) : severity;

const lowered = (severity: Severity): Severity => (severity === "error" ? "warning" : "info");

/** `DOCKER_TLS_CERTDIR: ""`, with the file where the runner sets it. */
export function assigned(name: string, value: EffectiveValue, profile: RunnerProfile): string {
  const text = value.value.known ? value.value.value : "";
  const where = value.scope === "runner" && profile.file !== undefined ? ` in \`${profile.file}\`` : "";
  return `\`${name}: ${JSON.stringify(text)}\`${where}`;
}

/** What the client needs to reach a daemon with TLS and is not set yet; undefined where that can't be told. */
export const clientVariables = (
  ctx: QueryContext,
  job: Job,
  { access, profile }: Connection,
  target: DindService | undefined = access.target,
): NewVariables | undefined => missingClientVariables(ctx, job, { ...access, target }, profile);

/** One fix, or none where its edits are not possible. */
export const fixOf = (
  title: string,
  edits: FixDraft["edits"] | undefined,
  safety: FixDraft["safety"] = "suggested",
): readonly FixDraft[] => (edits === undefined || edits.length === 0 ? [] : [{ title, safety, edits }]);
