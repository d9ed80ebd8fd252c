// Which files of a repository a program cannot need when it runs: what people read, what tools read, and the sources of compiled
// languages. From the conventions of each tool, November 2026.

/** Paths below the build context that are for people and tools, whatever the language. */
export const NEVER_AT_RUN_TIME: readonly RegExp[] = [
  /^\.(?:git|github|gitlab|gitea|circleci|vscode|idea|devcontainer|husky|mvn|cargo|run|settings)(?:\/|$)/,
  /^docs?\/.*\.(?:md|rst|adoc|txt|png|svg|jpe?g|gif|drawio|puml|go)$/,
  /^(?:test|tests|testdata|__tests__|e2e|spec|scripts|hack|examples?|benches|\.?ci|deploy|deployments?|charts?|helm|k8s|kubernetes|terraform)\//,
  /(?:^|\/)(?:README|LICEN[CS]E|NOTICE|CHANGELOG|CHANGES|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|AUTHORS|MAINTAINERS|CODEOWNERS|TODO|HISTORY)(?:\.\w+)*$/i,
  /^[^/]+\.(?:md|adoc|rst)$/i,
  /(?:^|\/)(?:\.dockerignore|\.gitignore|\.gitattributes|\.gitkeep|\.keep|\.gitmodules|\.editorconfig|\.DS_Store|\.envrc|\.tool-versions)$/,
  /(?:^|\/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$/i,
  /^(?:\.gitlab-ci[\w.-]*\.ya?ml|\.travis\.yml|Jenkinsfile|azure-pipelines\.yml|bitbucket-pipelines\.yml|appveyor\.yml)$/,
  /^(?:docker-)?compose[\w.-]*\.ya?ml$/,
  /^(?:Makefile|GNUmakefile|Taskfile\.ya?ml|justfile|Tiltfile|Procfile|Vagrantfile|skaffold\.yaml)$/,
  /^(?:renovate\.json5?|\.renovaterc(?:\.json)?|\.pre-commit-config\.yaml|\.gitleaks\.toml|\.hadolint\.ya?ml|sonar-project\.properties|codecov\.ya?ml|\.codecov\.ya?ml|\.gitlab-ci-docker\.ya?ml)$/,
];

export interface Sources {
  /** Paths that only the build reads. */
  readonly files: readonly RegExp[];
  /** Variables that only the build reads, as whole names. */
  readonly variables: RegExp;
  /** Page of the conventions. */
  readonly docs: string;
}

export const GO_SOURCES: Sources = {
  files: [
    /\.go$/,
    /(?:^|\/)go\.(?:mod|sum|work)$/,
    /\.proto$/,
    /^\.?(?:golangci|goreleaser|air|mockery)\.(?:ya?ml|toml)$/,
    /^vendor\//,
  ],
  variables:
    /^(?:CGO_\w+|GO(?:111MODULE|OS|ARCH|ARM|AMD64|PATH|PROXY|PRIVATE|NOPROXY|NOSUMDB|SUMDB|FLAGS|CACHE|MODCACHE|TOOLCHAIN))$/,
  docs: "https://pkg.go.dev/cmd/go#hdr-Environment_variables",
};

export const RUST_SOURCES: Sources = {
  files: [
    /\.rs$/,
    /(?:^|\/)Cargo\.(?:toml|lock)$/,
    /^(?:rust-toolchain|rustfmt|\.rustfmt|clippy|deny)(?:\.toml)?$/,
    /\.proto$/,
  ],
  variables: /^(?:CARGO_\w+|RUSTFLAGS|RUSTUP_\w+|SQLX_OFFLINE|CC|CXX)$/,
  docs: "https://doc.rust-lang.org/cargo/guide/project-layout.html",
};

/** The folder `src` goes into the archive, resources included. */
export const JAVA_SOURCES: Sources = {
  files: [
    /^src\//,
    /^(?:pom\.xml|mvnw|mvnw\.cmd|gradlew|gradlew\.bat|(?:build|settings)\.gradle(?:\.kts)?|gradle\.properties|lombok\.config)$/,
    /^gradle\//,
    /^buildSrc\//,
    /\.(?:java|kt)$/,
  ],
  variables: /^(?:MAVEN_(?:OPTS|ARGS|CONFIG)|GRADLE_(?:OPTS|USER_HOME))$/,
  docs: "https://maven.apache.org/guides/introduction/introduction-to-the-standard-directory-layout.html",
};

export const DOTNET_SOURCES: Sources = {
  files: [
    /\.(?:cs|fs|vb|cshtml|razor|csproj|fsproj|vbproj|sln|slnx|resx|props|targets|user|http|css\.map)$/,
    /^(?:nuget\.config|global\.json|packages\.lock\.json|dotnet-tools\.json|omnisharp\.json)$/i,
    /^(?:Properties|bin|obj|\.config)\//,
  ],
  variables: /^(?:NUGET_\w+|DOTNET_CLI_TELEMETRY_OPTOUT|DOTNET_NOLOGO|DOTNET_SKIP_FIRST_TIME_EXPERIENCE)$/,
  docs: "https://learn.microsoft.com/dotnet/core/tools/dotnet-publish",
};

/** Plain JavaScript may be what runs, outside `src`. */
export const NODE_SOURCES: Sources = {
  files: [
    /\.(?:[cm]?tsx?|jsx|vue|svelte|s[ac]ss|less|snap)$/,
    /^src\/.*\.(?:[cm]?js|css)$/,
    /^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|\.npmrc|\.yarnrc|\.nvmrc|\.node-version|\.npmignore)$/,
    /^(?:[jt]sconfig[\w.-]*|nest-cli|nodemon|biome|components)\.jsonc?$/,
    /^\.(?:eslint|prettier|stylelint|babel|swc|mocha|lintstaged|commitlint|browserslist|nyc)(?:rc|ignore)?(?:\.\w+)?$/,
    /^(?!next\.config\.)[\w.-]+\.config\.[cm]?[jt]s$/,
    /^node_modules\//,
  ],
  variables: /^(?:NPM_CONFIG_\w+|npm_config_\w+|PNPM_HOME|YARN_\w+|CI)$/,
  docs: "https://nodejs.org/api/packages.html",
};
