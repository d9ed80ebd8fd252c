// Names of registries, of references and of logins alike, and whether two of them mean the same registry.
import { DOCKER_HUB_NAMES, GITLAB_COM_REGISTRY, isOtherProvider } from "../../data/registries";
import type { QueryContext } from "../../query/query";
import { ownProjectOf } from "../own-project";
import type { Answer } from "../pipeline/answer";
import { registryName, type ImageReference } from "./image-reference";
import { showText, type SymbolicText } from "./symbolic";

/** Host and port, variables as `$NAME`: "docker.io" for Docker Hub, "$CI_REGISTRY", "registry.example.com:5000". */
export type RegistryName = string;

export const DOCKER_HUB: RegistryName = "docker.io";

/** The registry of the project itself. */
export const OWN_REGISTRY: RegistryName = "$CI_REGISTRY";

/** The registry of a reference; undefined where a variable hides it. */
export function registryOf(reference: ImageReference): RegistryName | undefined {
  const name = registryName(reference);
  return name === undefined ? undefined : normalise(name);
}

/**
 * The registry that a login names: docker leaves out the scheme and the path.
 * https://github.com/docker/cli/blob/master/cli/registry/auth.go (ConvertToHostname)
 */
export function registryOfServer(text: SymbolicText): RegistryName {
  const [first, ...rest] = text.parts;
  // `$CI_REGISTRY_IMAGE` is the registry with a path behind it.
  if (first?.kind === "variable" && first.name === "CI_REGISTRY_IMAGE" && first.change === undefined) {
    const tail = rest[0];
    if (tail === undefined || (tail.kind === "literal" && tail.text.startsWith("/"))) return OWN_REGISTRY;
  }
  return normalise(showText(text));
}

/** The registry that a text names: a key of `auths` in docker's config.json. */
export const registryNamed = (text: string): RegistryName => normalise(text);

function normalise(name: string): RegistryName {
  const host = name
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/(?<=.)\/.*$/s, "")
    .replace(/:443$/, "")
    .replace(/^\$\{(\w+)\}/, "$$$1");
  return DOCKER_HUB_NAMES.has(host) ? DOCKER_HUB : host;
}

const isLiteral = (name: RegistryName): boolean => name !== "" && !name.includes("$");

/** Whether two names mean one registry: "unknown" where that depends on what no file says. */
export function sameRegistry(ctx: QueryContext, a: RegistryName, b: RegistryName): Answer {
  if (a === b) return "yes";
  if (isLiteral(a) && isLiteral(b)) return "no";
  if (a === OWN_REGISTRY) return isOwn(ctx, b);
  return b === OWN_REGISTRY ? isOwn(ctx, a) : "unknown";
}

/** Whether a registry that is named another way is the project's own. */
function isOwn(ctx: QueryContext, name: RegistryName): Answer {
  if (!isLiteral(name)) return "unknown";
  if (isOtherProvider(name)) return "no";
  const host = ctx.get(ownProjectOf, null)?.host;
  if (host === undefined) return "unknown";
  if (host === "gitlab.com") return name === GITLAB_COM_REGISTRY ? "yes" : "no";
  return name === GITLAB_COM_REGISTRY ? "no" : "unknown";
}
