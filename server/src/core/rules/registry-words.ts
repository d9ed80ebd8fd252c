// Words that the rules about registries share: how a registry is called in a message, and how sure one can be of a refusal.
import type { Job } from "../model/pipeline/job";
import type { QueryContext } from "../query/query";
import { isOpaque } from "../model/docker/find-commands";
import type { ImageReference } from "../model/docker/image-reference";
import { DOCKER_HUB, OWN_REGISTRY, type RegistryName } from "../model/docker/registry-name";
import { hostOf, isOwnRegistry } from "../model/docker/registry-use";
import { showText } from "../model/docker/symbolic";
import { profileOf } from "../model/runner/profile";

/** A registry in a message. */
export const nameOfRegistry = (registry: RegistryName): string =>
  registry === DOCKER_HUB ? "Docker Hub" : `\`${registry}\``;

/** The registry of a reference in a message. */
export function nameOfRegistryIn(reference: ImageReference): string {
  if (isOwnRegistry(reference)) return nameOfRegistry(OWN_REGISTRY);
  const host = hostOf(reference);
  if (host === "") return nameOfRegistry(DOCKER_HUB);
  return host === undefined ? `the registry of \`${showText(reference.text)}\`` : `\`${host}\``;
}

/** Registries near the runner: they often ask for no credentials. */
export const isNearRunner = (host: string): boolean =>
  /^(localhost|127\.|[^.]*\.local\b|[^.:]+:\d+$)|\.(local|internal|lan)(:\d+)?$/.test(host);

/** Shells and scripts that are not read may have credentials that nobody sees here. */
export function mayHaveHiddenCredentials(ctx: QueryContext, job: Job): boolean {
  const profile = profileOf(ctx, job);
  const mayBeShell = profile.isKnown
    ? profile.ignoresImages !== false
    : job.image === undefined && job.tags.length > 0;
  return mayBeShell || isOpaque(ctx, job);
}
