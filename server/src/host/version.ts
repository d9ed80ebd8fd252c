// Version and addresses of this program, put in by the build.
declare const GITLAB_CI_DOCKER_VERSION: string | undefined;
declare const GITLAB_CI_DOCKER_HOMEPAGE: string | undefined;

/** Version of the package; "0.0.0" where it runs from its sources. */
export const VERSION = typeof GITLAB_CI_DOCKER_VERSION === "string" ? GITLAB_CI_DOCKER_VERSION : "0.0.0";

/** Address of the project's page, with a `/` at its end; empty where none is known. */
export const HOMEPAGE = typeof GITLAB_CI_DOCKER_HOMEPAGE === "string" ? GITLAB_CI_DOCKER_HOMEPAGE : "";

/** Address of a rule's page; relative to the project where that has no address. */
export const ruleUrl = (rule: string): string => `${HOMEPAGE}docs/rules/${rule}.md`;
