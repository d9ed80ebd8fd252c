// What other language servers of the same editor say already, so that nothing is said twice. A server can't see its neighbours:
// the client may tell, in `experimental.gitlabCiDocker.yamlErrors`.
import type { Report } from "../core/index";
import type { OpenDocument } from "./document";
import type { OwnAbilities } from "./own-abilities";

type Problem = Report["problems"][number];

/** Whether a problem is left to another server, which says it of the document; undefined: a file that is not open. */
export type IsLeft = (problem: Problem, document: OpenDocument | undefined) => boolean;

/**
 * Errors of YAML itself are left to YAML's own language server, as far as it looks: in open documents of that language. A client
 * in which there is none says so; then they are said here.
 */
export const leftToOthers =
  ({ yamlErrors }: Pick<OwnAbilities, "yamlErrors">): IsLeft =>
  ({ isOfYaml }, document) =>
    !yamlErrors && isOfYaml === true && document?.languageId === "yaml";
