// Package managers as far as a Dockerfile's layers need them: which commands fetch dependencies, and which files those read.
//
// Each row from the page in `docs`, read or remembered in November 2026. Commands are matched as words with single blanks
// between them, without `sudo`, assignments and redirections.

export interface PackageManager {
  readonly id: string;
  /** A command that fetches what the manifest names, and nothing that its own words name. */
  readonly installs: RegExp;
  /** Files that name the dependencies: the first that is there counts. `*.csproj` stands for a file of that ending. */
  readonly manifests: readonly string[];
  /** Where the command itself names the manifests: the first group is one, and all matches count. */
  readonly manifestInCommand: RegExp | undefined;
  /** Files that are copied with the manifest where they are there: lock files and settings. */
  readonly companions: readonly string[];
  /** Says in a manifest's text that it names dependencies. Without any, nothing is gained by an earlier install. */
  readonly dependencies: RegExp;
  /** The project's own sources: where none is in sight, the repository is only an excerpt. */
  readonly sources: RegExp;
  /** What to do where no edit is safe, in the imperative. */
  readonly advice: string;
  /** Undefined: no edit is offered. */
  readonly fix: ManifestFix | undefined;
  readonly docs: string;
}

export interface ManifestFix {
  /** True where the install that stood behind COPY goes: a second `npm ci` would start over. */
  readonly moves: boolean;
  /** Options that the early install needs, since the sources are not there yet. */
  readonly options: string;
  /** Says in a manifest's text that the install needs more than these files: hooks, local packages, workspaces. */
  readonly needsMore: RegExp;
  /** Files and folders of which the install may read something: where one is there, no edit is offered. */
  readonly unless: readonly string[];
  /** Folders that the install reads, and that change seldom: where one is there, it is copied with the manifest. */
  readonly folders?: readonly string[];
  /** The same as `needsMore` for the companions that are there, without lock files. */
  readonly companionNeedsMore?: RegExp;
  /** Says in the command that it leaves the project itself out already, so that it moves as it is. */
  readonly movesWith?: RegExp;
  /** Words of the command with which it is another install than the one that can go first. */
  readonly refuses?: RegExp;
  /** The command that only fetches, where it is another one. */
  readonly fetch?: FetchCommand;
}

export interface FetchCommand {
  /** `{program}` stands for the program as written, `{options}` for the options that are passed on. */
  readonly command: string;
  /** Options that are passed on. */
  readonly keeps: RegExp;
  /** Options that mean nothing to it and fall away, their operands too where they take one. */
  readonly drops: RegExp;
  /** Environment in front of the command that falls away; the rest stays. */
  readonly dropsEnvironment: RegExp;
}

/**
 * Commands in front of an install that read nothing of the project, so that they go first with it. Matched without blanks at the
 * ends; a word that may be a path of the project makes it another command.
 */
const SETS_UP =
  /^(?:corepack (?:enable|prepare)|npm (?:i|install) (?:-g|--global)|(?:npm|yarn|pnpm|poetry|bundle|composer) config|(?:python[\d.]* -m )?pip[\d.]* install|pipx install|gem install|apk (?:add|update|upgrade)|apt(?:-get)? (?:update|upgrade|install)|set)(?: |$)/;
const MAY_BE_PATH =
  /(?:^| )(?:\.|\/|~|-[erc](?: |$)|--(?:editable|requirement|constraint|local)\b|\S*(?:\/\S*|\.(?:txt|tgz|gz|whl|deb|apk|gem))(?: |$))/;

/** Whether a command reads nothing of the project: it sets up a package manager, or installs packages by name. */
export const setsUp = (command: string): boolean => SETS_UP.test(command) && !MAY_BE_PATH.test(command);

const PIP_FILE = /(?:^| )(?:-r|--requirement)[ =]?(\S+)/g;

/** Scripts of package.json that run after an install, and dependencies that are folders. https://docs.npmjs.com/cli/using-npm/scripts */
const NODE_NEEDS_MORE =
  /"(?:workspaces|preinstall|install|postinstall|prepare|prepublish|patchedDependencies)"\s*:|"(?:file|link|workspace|portal|patch):/;

const NODE = {
  manifests: ["package.json"],
  manifestInCommand: undefined,
  dependencies: /"(?:dependencies|devDependencies|optionalDependencies)"\s*:\s*\{\s*"/,
  sources: /\.(?:[cm]?[jt]sx?|vue|svelte|json)$/,
} as const;

/** In the order in which they are asked. */
export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    ...NODE,
    id: "npm",
    installs: /^npm (?:ci|clean-install|i|install)(?: -(?!g\b|-global\b|-prefix\b|C\b)\S+)*$/,
    companions: ["package-lock.json", "npm-shrinkwrap.json", ".npmrc"],
    advice: "copy `package.json` and `package-lock.json` first, install, then copy the rest",
    fix: { moves: true, options: "", needsMore: NODE_NEEDS_MORE, unless: ["patches"] },
    docs: "https://docs.npmjs.com/cli/commands/npm-ci",
  },
  {
    ...NODE,
    id: "yarn",
    installs: /^yarn(?: install)?(?: -(?!-cwd\b)\S+)*$/,
    companions: ["yarn.lock", ".yarnrc", ".yarnrc.yml", ".npmrc"],
    advice: "copy `package.json` and `yarn.lock` first, install, then copy the rest",
    // `.yarn` holds the release of Yarn that `.yarnrc.yml` names, its plugins and its patches.
    // https://yarnpkg.com/getting-started/qa#which-files-should-be-gitignored
    fix: {
      moves: true,
      options: "",
      needsMore: NODE_NEEDS_MORE,
      unless: [".pnp.cjs", "patches"],
      folders: [".yarn"],
    },
    docs: "https://yarnpkg.com/cli/install",
  },
  {
    ...NODE,
    id: "pnpm",
    installs: /^pnpm (?:i|install)(?: -(?!g\b|-global\b|-dir\b|C\b|-filter\b|F\b|r\b)\S+)*$/,
    companions: ["pnpm-lock.yaml", ".npmrc"],
    advice: "copy `package.json` and `pnpm-lock.yaml` first, install, then copy the rest",
    fix: {
      moves: true,
      options: "",
      needsMore: NODE_NEEDS_MORE,
      unless: ["pnpm-workspace.yaml", ".pnpmfile.cjs", "patches"],
    },
    docs: "https://pnpm.io/docker",
  },
  {
    id: "pip",
    installs:
      /^(?:\S*\/)?(?:pip[\d.]*|python[\d.]* -m pip) install (?!(?:.* )?(?:-e|--editable)\b)(?:.* )?(?:-r|--requirement)[ =]?\S+/,
    manifests: ["requirements.txt"],
    manifestInCommand: PIP_FILE,
    companions: [],
    dependencies: /^[ \t]*[A-Za-z]/m,
    sources: /\.py$/,
    advice: "copy the requirements file first, install, then copy the rest",
    fix: { moves: true, options: "", needsMore: /^[ \t]*(?:-|\.|\/|file:)|@\s*(?:file:|\.)/m, unless: [] },
    docs: "https://pip.pypa.io/en/stable/cli/pip_install/",
  },
  {
    id: "poetry",
    installs: /^(?:\S*\/)?poetry install(?: |$)/,
    manifests: ["pyproject.toml"],
    manifestInCommand: undefined,
    companions: ["poetry.lock", "poetry.toml"],
    dependencies: /^\[tool\.poetry(?:\.group\.[\w-]+)?\.dependencies\]|^dependencies\s*=\s*\[\s*["\n]/m,
    sources: /\.py$/,
    advice:
      "copy `pyproject.toml` and `poetry.lock` first, run `poetry install --no-root`, then copy the rest",
    // The second run installs the project itself. `--no-root`: https://python-poetry.org/docs/cli/#options-2
    fix: {
      moves: false,
      options: "--no-root",
      needsMore: /\bpath\s*=|file:|^\s*(?:include|packages)\s*=.*\.\./m,
      unless: [],
      movesWith: / --no-root\b/,
      refuses: / (?:--only-root|-C|--directory|-P|--project)\b/,
    },
    docs: "https://python-poetry.org/docs/cli/#install",
  },
  {
    id: "uv",
    installs: /^(?:\S*\/)?uv sync(?: |$)/,
    manifests: ["pyproject.toml"],
    manifestInCommand: undefined,
    companions: ["uv.lock", "uv.toml", ".python-version"],
    dependencies: /^dependencies\s*=\s*\[\s*["\n]|^\[dependency-groups\]/m,
    sources: /\.py$/,
    advice:
      "copy `pyproject.toml` and `uv.lock` first, run `uv sync --no-install-project`, then copy the rest",
    // The second run installs the project itself. What is dynamic in it is asked of the sources.
    fix: {
      moves: false,
      options: "--no-install-project",
      needsMore: /\bpath\s*=|\bworkspace\b|file:|^dynamic\s*=/m,
      unless: [],
      movesWith: / --no-install-project\b/,
      refuses: / --(?:directory|project|package|all-packages|no-install-workspace|only-\S+|script)\b/,
    },
    docs: "https://docs.astral.sh/uv/guides/integration/docker/#intermediate-layers",
  },
  {
    id: "bundler",
    installs: /^bundle(?: install)?(?: -\S+(?: \d+)?)*$/,
    manifests: ["Gemfile"],
    manifestInCommand: undefined,
    companions: ["Gemfile.lock"],
    dependencies: /^\s*gem[ (]/m,
    sources: /\.rb$/,
    advice: "copy `Gemfile` and `Gemfile.lock` first, install, then copy the rest",
    fix: {
      moves: true,
      options: "",
      needsMore: /^\s*(?:gemspec|eval_gemfile)\b|\bpath:|:path\b|\bfile:|File\.|require_relative/m,
      unless: ["vendor/cache"],
    },
    docs: "https://bundler.io/man/bundle-install.1.html",
  },
  {
    id: "composer",
    installs: /^(?:\S*\/)?(?:php \S*)?composer(?:\.phar)? install(?: -(?!-working-dir\b|d\b)\S+)*$/,
    manifests: ["composer.json"],
    manifestInCommand: undefined,
    companions: ["composer.lock", "auth.json"],
    dependencies: /"require(?:-dev)?"\s*:\s*\{\s*"(?!php"\s*:[^,}]*\})/,
    sources: /\.php$/,
    advice:
      "copy `composer.json` and `composer.lock` first, run `composer install --no-scripts --no-autoloader`, then copy the rest",
    // The second run makes the autoloader and runs the scripts; what is installed stays.
    fix: {
      moves: false,
      options: "--no-scripts --no-autoloader",
      needsMore: /"type"\s*:\s*"path"/,
      unless: [],
    },
    docs: "https://getcomposer.org/doc/03-cli.md#install-i",
  },
  {
    id: "go",
    installs: /^go (?:mod download|build|install|test|get)(?! \S+@)(?: |$)/,
    manifests: ["go.mod"],
    manifestInCommand: undefined,
    companions: ["go.sum"],
    dependencies: /^require\s*(?:\(|\S)/m,
    sources: /\.go$/,
    advice: "copy `go.mod` and `go.sum` first, run `go mod download`, then copy the rest",
    fix: {
      moves: false,
      options: "",
      needsMore: /^replace\b|=>\s*\./m,
      unless: ["vendor", "go.work"],
      // https://go.dev/ref/mod#go-mod-download
      fetch: {
        command: "go mod download",
        keeps: /^$/,
        drops: /^/,
        dropsEnvironment: /^(?:CGO_\w+|GOOS|GOARCH|GOARM|GOAMD64|GO111MODULE)=/,
      },
    },
    docs: "https://docs.docker.com/guides/golang/build-images/",
  },
  {
    id: "cargo",
    installs: /^cargo (?:build|b|fetch|install --path)(?: |$)/,
    manifests: ["Cargo.toml"],
    manifestInCommand: undefined,
    companions: ["Cargo.lock"],
    dependencies: /^\[(?:workspace\.|target\.[^\]]*\.)?(?:dev-|build-)?dependencies(?:\.[\w-]+)?\]/m,
    sources: /\.rs$/,
    advice:
      "make the dependencies in a layer of their own, with `cargo chef` or a `--mount=type=cache` for the registry and `target`",
    // It only downloads. Cargo reads no manifest without a source file, so it gets an empty one, which is gone before the real ones
    // come: nothing is built from it. https://doc.rust-lang.org/cargo/commands/cargo-fetch.html
    fix: {
      moves: false,
      options: "",
      needsMore: /^\[workspace|^\[\[?(?:bin|lib|example|test|bench)\]|^\s*(?:build|links)\s*=|\bpath\s*=/m,
      unless: ["vendor", ".cargo", "rust-toolchain", "rust-toolchain.toml"],
      refuses:
        / (?:--offline|--frozen|--manifest-path|-C|--config|-Z\S*|-p|--package)\b| --path(?: |=)(?!\.(?: |$))/,
      fetch: {
        command: "mkdir src && touch src/main.rs && cargo fetch {options} && rm -r src",
        keeps: /^--locked$/,
        drops: /^/,
        dropsEnvironment: /^(?:RUSTFLAGS|CARGO_PROFILE_\w+|CARGO_INCREMENTAL|RUST_BACKTRACE|SQLX_OFFLINE)=/,
      },
    },
    docs: "https://github.com/LukeMathWalker/cargo-chef",
  },
  {
    id: "maven",
    installs: /^(?:\S*\/)?mvnw?(?: .*)? (?:package|install|verify|compile|deploy|dependency:\S+)(?: |$)/,
    manifests: ["pom.xml"],
    manifestInCommand: undefined,
    companions: [],
    dependencies: /<(?:dependency|parent|plugin)>/,
    sources: /\.(?:java|kt|scala)$/,
    advice: "copy `pom.xml` first, run `mvn -B dependency:go-offline`, then copy the rest",
    // https://maven.apache.org/guides/mini/guide-multiple-modules.html , https://maven.apache.org/configure.html for `.mvn`
    fix: {
      moves: false,
      options: "",
      needsMore: /<modules>|<relativePath>\s*[^<\s]|<systemPath>|<url>\s*(?:file:|\$\{)/,
      unless: [],
      folders: [".mvn"],
      refuses: / dependency:/,
      fetch: {
        command: "{program} {options} dependency:go-offline",
        keeps: /^(?:-B|--batch-mode|-q|--quiet|-e|-U|-ntp|--no-transfer-progress|-P\S+|-D\S+)$/,
        drops: /^(?:[^-]|-T\S+$|-[XV]$|-f[ae]+$)/,
        dropsEnvironment: /^$/,
      },
    },
    docs: "https://maven.apache.org/plugins/maven-dependency-plugin/go-offline-mojo.html",
  },
  {
    id: "gradle",
    installs:
      /^(?:\S*\/)?gradlew?(?: .*)? (?:\S*:)?(?:build|assemble|jar|bootJar|shadowJar|installDist|war|dependencies)(?: |$)/,
    manifests: ["build.gradle", "build.gradle.kts"],
    manifestInCommand: undefined,
    companions: ["settings.gradle", "settings.gradle.kts", "gradle.properties"],
    dependencies: /\b(?:dependencies|plugins)\s*\{/,
    sources: /\.(?:java|kt|groovy)$/,
    advice:
      "copy the build files first, run `gradle dependencies`, then copy the rest; or give `~/.gradle` a `--mount=type=cache`",
    // Fetches Gradle itself (with the wrapper), plugins and what describes the dependencies; archives that nothing resolved yet come
    // with the build. `gradle/` holds the wrapper and `libs.versions.toml`.
    fix: {
      moves: false,
      options: "",
      needsMore:
        /\bapply\s*\(?\s*from\b|\bproject\s*\(|\b(?:files|fileTree|flatDir|mavenLocal|includeBuild)\b/,
      companionNeedsMore: /^\s*include\b|\bincludeBuild\b|\bapply\s*\(?\s*from\b/m,
      unless: ["buildSrc", "build-logic", ".gradle"],
      folders: ["gradle"],
      refuses: / (?:\S*:|dependencies$|dependencies )/,
      fetch: {
        command: "{program} {options} dependencies",
        keeps: /^(?:--no-daemon|-q|--quiet|--stacktrace|--console=\S+|--warning-mode=\S+|-P\S+|-D\S+)$/,
        drops: /^(?:[^-]|-x$|--exclude-task$|--info$|--parallel$|--build-cache$|--no-build-cache$)/,
        dropsEnvironment: /^$/,
      },
    },
    docs: "https://docs.gradle.org/current/userguide/viewing_debugging_dependencies.html",
  },
  {
    id: "dotnet",
    installs: /^dotnet restore(?: |$)/,
    manifests: ["*.csproj", "*.fsproj"],
    manifestInCommand: undefined,
    companions: ["packages.lock.json", "nuget.config", "NuGet.config", "global.json"],
    dependencies: /<PackageReference\b/,
    sources: /\.(?:cs|fs)$/,
    advice: "copy the project files first, run `dotnet restore`, then copy the rest",
    fix: {
      moves: true,
      options: "",
      needsMore: /<(?:ProjectReference|Import)\b/,
      unless: ["Directory.Build.props", "Directory.Packages.props", "Directory.Build.targets"],
    },
    docs: "https://learn.microsoft.com/dotnet/core/docker/build-container",
  },
  {
    id: "mix",
    installs: /^mix deps\.get(?: |$)/,
    manifests: ["mix.exs"],
    manifestInCommand: undefined,
    companions: ["mix.lock"],
    dependencies: /\{\s*:\w+\s*,/,
    sources: /\.exs?$/,
    advice: "copy `mix.exs` and `mix.lock` first, run `mix deps.get`, then copy the rest",
    fix: undefined,
    docs: "https://hexdocs.pm/mix/Mix.Tasks.Deps.Get.html",
  },
];

/** The manager of which a command fetches dependencies; undefined for all other commands. */
export const managerOf = (command: string): PackageManager | undefined =>
  PACKAGE_MANAGERS.find(({ installs }) => installs.test(command));
