// Whether a runner lets a service run privileged. https://docs.gitlab.com/runner/configuration/advanced-configuration/
import { globMatcher } from "../../text/glob";
import type { Located } from "../../text/located";
import type { ImageReference } from "../docker/image-reference";
import { literalText } from "../docker/symbolic";
import type { RunnerProfile } from "./profile";

export type Allowed = "yes" | "no" | "unknown";

/**
 * `privileged` covers the job and its services, `services_privileged` the services alone; a list of allowed images limits
 * either. "unknown" where neither is known, or the image is not known as text.
 */
export function allowsPrivileged(profile: RunnerProfile, image: ImageReference): Allowed {
  if (!profile.isKnown) return "unknown";
  const { privileged, servicesPrivileged } = profile;
  if (privileged === undefined && servicesPrivileged?.value !== true) return "unknown";
  if (privileged?.value !== true && servicesPrivileged?.value !== true) return "no";
  if (profile.allowedPrivilegedServices === undefined) return "yes";
  const text = literalText(image.text);
  if (text === undefined) return "unknown";
  return profile.allowedPrivilegedServices.some((allowed) => matches(allowed, text)) ? "yes" : "no";
}

/** Runner compares the image's full name with the pattern: `docker.io/library/docker:*-dind`, also without the prefix. */
function matches(allowed: Located<string>, image: string): boolean {
  const short = image.replace(/^docker\.io\/(library\/)?/, "");
  return [image, short, `docker.io/library/${short}`, `docker.io/${short}`].some((name) =>
    globMatcher(allowed.value)(name),
  );
}
