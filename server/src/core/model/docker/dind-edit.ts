// Edits of how a dind service and its client are set up: for fixes of the rules about the connection between the two.
import { appendItem, removeItem, removePair } from "../../syntax/yaml-edit";
import { holderOf } from "../../syntax/yaml-find";
import { keyText, pairOf, type YamlMap, type YamlPair } from "../../syntax/yaml-nodes";
import { replace, type ChunkEdit } from "../../text/edit";
import { textAt } from "../../text/located";
import type { QueryContext } from "../../query/query";
import { setVariablesInScope } from "../pipeline/edit-scope";
import { setJobVariables, type NewVariables } from "../pipeline/edit";
import type { Job } from "../pipeline/job";
import { setServiceKey, setServiceVariable } from "../pipeline/service-edit";
import { yamlOf } from "../pipeline/yaml-of";
import type { DaemonAccess, DindService } from "./daemon";
import type { DockerHost } from "./docker-host";
import type { EffectiveValue } from "./effective-value";

type Edits = readonly ChunkEdit[];

/**
 * Tells dockerd that it listens without TLS on purpose, which spares the wait at its start. Nothing to do where the service says
 * so already; undefined where it can't be edited.
 */
export function startPlainly(job: Job, { service }: DindService): Edits | undefined {
  if (service === undefined) return undefined;
  const { command, value } = service;
  if (command === undefined) return setServiceKey(job, service, "command", '["--tls=false"]');
  if (command.value.some((word) => /^--tls(verify)?=/.test(word))) return [];
  const list = value.kind === "map" ? pairOf(value.node, "command")?.value : undefined;
  const last = list?.kind === "seq" ? list.items.at(-1) : undefined;
  if (list?.kind !== "seq" || last === undefined) return undefined;
  const items = [...command.value, "--tls=false"].map((word) => JSON.stringify(word)).join(", ");
  return list.flow ? [replace(list.at, `[${items}]`)] : appendItem(list, '"--tls=false"');
}

/**
 * Removes a variable where the pipeline writes it. Nothing to do where it is not set; undefined where somebody else sets it, or
 * where its entry can't be taken out.
 */
export function removeVariable(
  ctx: QueryContext,
  name: string,
  value: EffectiveValue | undefined,
): Edits | undefined {
  if (value === undefined) return [];
  const at = value.scope === "job" || value.scope === "service" ? value.at?.at : undefined;
  const yaml = at && ctx.get(yamlOf, at.chunk.file);
  const holder = at && yaml && holderOf(yaml, at);
  if (holder === undefined || keyText(holder.pair) !== name) return undefined;
  return keepComment(holder.map, holder.pair) ?? removePair(holder.map, holder.pair);
}

/** A comment behind an entry on a line of its own stays there. */
function keepComment(map: YamlMap, { at }: YamlPair): Edits | undefined {
  const behind = /^[ \t]+(?=#)/.exec(at.chunk.text.slice(at.end))?.[0];
  return map.flow || behind === undefined ? undefined : [replace({ ...at, end: at.end + behind.length }, "")];
}

/** The edits of several steps; undefined where one of them is not possible, or two write over each other. */
export function together(...steps: readonly (Edits | undefined)[]): Edits | undefined {
  if (steps.some((step) => step === undefined)) return undefined;
  const edits = steps.flatMap((step) => step ?? []);
  const overlap = edits.some((edit, index) =>
    edits.some(
      (other, place) =>
        place > index && edit.chunk === other.chunk && edit.start < other.end && other.start < edit.end,
    ),
  );
  return overlap ? undefined : edits;
}

/** Writes another address into DOCKER_HOST. Undefined where it does not stand there as text, or not in the repository's YAML. */
export function setHost(
  { effective, host, port }: DockerHost,
  name: string,
  newPort = port,
): Edits | undefined {
  const at = effective.scope === "runner" ? undefined : effective.at?.at;
  const written = at && textAt(at);
  const old = `//${host}${port === undefined ? "" : `:${String(port)}`}`;
  if (at === undefined || written?.includes(old) !== true) return undefined;
  const address = `//${name}${newPort === undefined ? "" : `:${String(newPort)}`}`;
  return [
    replace(
      at,
      written.replace(old, () => address),
    ),
  ];
}

/**
 * Sets variables for everybody who gets a service: beside it in the template or in `default` that holds it, else in the job.
 */
export function setVariablesFor(
  ctx: QueryContext,
  job: Job,
  { at }: DindService,
  variables: NewVariables,
): Edits | undefined {
  if (variables.length === 0) return [];
  const isInherited = at.via.every(
    ({ kind }) => kind === "extends" || kind === "default" || kind === "include",
  );
  return isInherited ? setVariablesInScope(ctx, at.at, variables) : setJobVariables(job, variables);
}

/** Takes `dockerd` off a service's command, so that the entrypoint starts it with listener and certificates. */
export function startThroughEntrypoint({ service }: DindService, isPlain: boolean): Edits | undefined {
  if (service?.value.kind !== "map") return undefined;
  const command = pairOf(service.value.node, "command");
  const list = command?.value;
  const first = list?.kind === "seq" ? list.items[0] : undefined;
  if (command === undefined || list?.kind !== "seq" || first === undefined) return undefined;
  // What listens without TLS should say that it means to.
  if (isPlain) return [replace(first.at, '"--tls=false"')];
  return list.items.length === 1 ? removePair(service.value.node, command) : removeItem(list, 0);
}

/** Gives a service another name, beside the aliases that are there. */
export function addAlias(job: Job, { service }: DindService, name: string): Edits | undefined {
  const before = service?.alias?.value.trim() ?? "";
  const alias = before === "" ? name : JSON.stringify(`${before},${name}`);
  return service && setServiceKey(job, service, "alias", alias);
}

/**
 * Lets the daemon's certificate stand for a name. Nothing to do for `docker` and `localhost`, which it always holds; undefined
 * where the service can't be edited.
 */
export function certifyName(job: Job, { service }: DindService, name: string): Edits | undefined {
  if (name === "docker" || name === "localhost" || service?.variables.has("DOCKER_TLS_SAN") === true)
    return [];
  return service && setServiceVariable(job, service, "DOCKER_TLS_SAN", JSON.stringify(`DNS:${name}`));
}

/** Takes away what asks the client for TLS, and tells the daemon that this is meant. */
export function withoutTls(
  ctx: QueryContext,
  job: Job,
  { tlsVerify, certPath }: Pick<DaemonAccess, "tlsVerify" | "certPath">,
  service: DindService,
): Edits | undefined {
  const verify = removeVariable(ctx, "DOCKER_TLS_VERIFY", tlsVerify);
  const path = removeVariable(ctx, "DOCKER_CERT_PATH", certPath);
  const quiet = service.certdir.scope === "image" ? [] : (startPlainly(job, service) ?? []);
  // A path alone is not looked at.
  return together(verify, path, quiet) ?? together(verify, quiet);
}
