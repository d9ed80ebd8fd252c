// Credentials in `DOCKER_AUTH_CONFIG`: docker's config.json as a variable. Runner pulls images with them, and newer clients
// use them as well.
// https://docs.gitlab.com/ci/docker/using_docker_images/#determine-your-docker_auth_config-data
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import { expandText } from "./expand";
import { registryNamed, type RegistryName } from "./registry-name";
import { showText } from "./symbolic";

export const AUTH_CONFIG = "DOCKER_AUTH_CONFIG";

export interface AuthConfig {
  /** The registries that it has credentials for. */
  readonly registries: readonly RegistryName[];
  /** Where it is set; undefined for a setting without a place. */
  readonly at: Pick<Located<string>, "at" | "via"> | undefined;
}

/** What the job's `DOCKER_AUTH_CONFIG` holds; undefined where it has none, or one that no file shows. */
export function authConfigOf(ctx: QueryContext, job: Job): AuthConfig | undefined {
  const variable = job.variables.get(AUTH_CONFIG);
  if (variable !== undefined) {
    const [text, ...others] = variable.isKnown ? expandText(ctx, job, variable.text ?? variable.value) : [];
    return text === undefined || others.length > 0
      ? undefined
      : { registries: registriesIn(showText(text)), at: variable };
  }
  const setting = profileOf(ctx, job).environment.get(AUTH_CONFIG);
  if (setting === undefined) return undefined;
  return { registries: registriesIn(setting.value), at: setting.at && { at: setting.at, via: [] } };
}

/** Keys of `auths` with an `auth` of their own; none where the text is no such JSON: docker then looks elsewhere. */
function registriesIn(text: string): readonly RegistryName[] {
  const auths = objectOf(objectOf(parsed(text))["auths"]);
  return Object.entries(auths).flatMap(([key, entry]) => {
    const { auth } = objectOf(entry);
    return typeof auth === "string" && auth !== "" ? [registryNamed(key)] : [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
