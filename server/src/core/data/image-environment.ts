// Environment variables that official images set, so that a Dockerfile may read them without declaring anything.
// They stand in the `ENV` lines of the Dockerfiles in github.com/docker-library and the maintainers' own repositories. Written
// down from memory in November 2026: compare a row with its Dockerfile before you rest anything new on it.

/** Variables that every image, shell or builder brings: a Dockerfile that reads them needs no `ARG`. */
export const COMMON_ENVIRONMENT: ReadonlySet<string> = new Set(
  "HOME HOSTNAME IFS LANG LC_ALL OLDPWD PATH PWD RANDOM SHELL SHLVL TERM USER".split(" "),
);

/** By name of the official image; `<NAME>_VERSION` counts as set in each of them. Sorted. */
export const IMAGE_ENVIRONMENT: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    alpine: "",
    busybox: "",
    centos: "",
    debian: "",
    docker: "DOCKER_TLS_CERTDIR DOCKER_BUILDX_VERSION DOCKER_COMPOSE_VERSION DIND_COMMIT",
    "eclipse-temurin": "JAVA_HOME JAVA_VERSION LANGUAGE",
    golang: "GOLANG_VERSION GOPATH GOTOOLCHAIN",
    gradle: "GRADLE_HOME GRADLE_VERSION JAVA_HOME JAVA_VERSION LANGUAGE",
    httpd: "HTTPD_PREFIX HTTPD_PATCHES HTTPD_SHA256",
    maven: "MAVEN_CONFIG MAVEN_HOME JAVA_HOME JAVA_VERSION LANGUAGE",
    nginx: "NJS_VERSION NJS_RELEASE PKG_RELEASE DYNPKG_RELEASE ACME_VERSION",
    node: "YARN_VERSION",
    openjdk: "JAVA_HOME JAVA_VERSION",
    php: "PHPIZE_DEPS PHP_INI_DIR PHP_CFLAGS PHP_CPPFLAGS PHP_LDFLAGS PHP_URL PHP_ASC_URL PHP_SHA256 GPG_KEYS",
    postgres: "GOSU_VERSION PGDATA PG_MAJOR PG_VERSION PG_SHA256 DOCKER_PG_LLVM_DEPS",
    python:
      "GPG_KEY PYTHON_SHA256 PYTHON_PIP_VERSION PYTHON_SETUPTOOLS_VERSION PYTHON_GET_PIP_URL PYTHON_GET_PIP_SHA256",
    redis: "GOSU_VERSION REDIS_DOWNLOAD_URL REDIS_DOWNLOAD_SHA",
    ruby: "BUNDLE_APP_CONFIG BUNDLE_SILENCE_ROOT_WARNING GEM_HOME RUBY_MAJOR RUBY_DOWNLOAD_URL RUBY_DOWNLOAD_SHA256",
    rust: "CARGO_HOME RUSTUP_HOME",
    ubuntu: "",
  }).map(([name, variables]) => [name, variables.split(" ").filter((each) => each !== "")]),
);

/** Whether an official image sets a variable; undefined for an image that is not in the table. */
export function imageSets(name: string, variable: string): boolean | undefined {
  const variables = IMAGE_ENVIRONMENT.get(name);
  if (variables === undefined) return undefined;
  return variables.includes(variable) || variable === `${name.toUpperCase().replaceAll("-", "_")}_VERSION`;
}
