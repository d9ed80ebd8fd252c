// Where the names of registries in one job do not fit each other: a logout of another registry than the login's, and
// `CI_REGISTRY` set anew beside GitLab's own `CI_REGISTRY_IMAGE`.
import { GITLAB_COM_REGISTRY } from "../../data/registries";
import type { QueryContext } from "../../query/query";
import type { Job, Variable } from "../pipeline/job";
import { hasOtherCredentials, loginsOf, logoutsOf, type Login, type Logout } from "./credentials";
import { expandText } from "./expand";
import { OWN_REGISTRY, registryOf, registryOfServer, sameRegistry, type RegistryName } from "./registry-name";
import type { RegistryUse } from "./registry-use";

export interface LogoutElsewhere {
  readonly logout: Logout;
  readonly login: Login;
  readonly from: RegistryName;
  readonly to: RegistryName;
  /** False where both are one registry on gitlab.com, and only there. */
  readonly isSure: boolean;
}

/** The logouts of a job with one login that leave its credentials where they are. */
export function logoutsElsewhereOf(ctx: QueryContext, job: Job): readonly LogoutElsewhere[] {
  const [login, ...others] = loginsOf(ctx, job);
  const [to] = login?.registries ?? [];
  if (login === undefined || to === undefined || others.length > 0) return [];
  const logouts = logoutsOf(ctx, job).filter(
    ({ command }) => !command.flags.some(({ name }) => name === "all"),
  );
  if (logouts.length === 0 || hasOtherCredentials(ctx, job)) return [];
  return logouts.flatMap((logout): readonly LogoutElsewhere[] => {
    const [from] = logout.registries;
    const answer = from === undefined ? "yes" : sameRegistry(ctx, from, to);
    if (from === undefined || answer === "yes") return [];
    const isSure = answer === "no";
    return isSure || areOneOnGitlabCom(from, to) ? [{ logout, login, from, to, isSure }] : [];
  });
}

const areOneOnGitlabCom = (...names: readonly RegistryName[]): boolean =>
  names.includes(GITLAB_COM_REGISTRY) && names.includes(OWN_REGISTRY);

export interface RedefinedRegistry {
  readonly variable: Variable;
  readonly name: RegistryName;
  /** False where the value may be GitLab's own registry after all. */
  readonly isSure: boolean;
}

/** `CI_REGISTRY` set anew in a job whose pushes go to `$CI_REGISTRY_IMAGE`, which GitLab still fills with its own registry. */
export function redefinedRegistryOf(
  ctx: QueryContext,
  job: Job,
  pushes: readonly RegistryUse[],
): RedefinedRegistry | undefined {
  const variable = job.variables.get("CI_REGISTRY");
  if (variable === undefined || job.variables.has("CI_REGISTRY_IMAGE")) return undefined;
  const uses = pushes.some(({ references }) => references.some((each) => registryOf(each) === OWN_REGISTRY));
  const [value, ...others] = uses ? expandText(ctx, job, variable.text ?? variable.value) : [];
  if (value === undefined || others.length > 0) return undefined;
  const name = registryOfServer(value);
  if (name === "" || name.includes("$")) return undefined;
  const answer = sameRegistry(ctx, name, OWN_REGISTRY);
  return answer === "yes" ? undefined : { variable, name, isSure: answer === "no" };
}
