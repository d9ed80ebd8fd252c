// What pipelines cache for the next run, and what builds leave for later jobs: by the names that tools and their documentation give
// to folders. https://docs.gitlab.com/ci/caching/#common-use-cases-for-caches

/** Folders in which tools keep what they download or reuse, at any depth. Hidden folders (`.m2`, `.npm`) are taken for the same. */
export const DEPENDENCY_FOLDERS: ReadonlySet<string> = new Set(
  `node_modules bower_components jspm_packages vendor venv virtualenv env site-packages __pycache__ Pods deps _build pkg mod
  cache caches ccache _ccache sccache gocache go-cache go-build gopath gradle maven m2 npm pip yarn pnpm composer nuget packages cargo
  Library Carthage elm-stuff dist-newstyle conan vcpkg downloads`.split(/\s+/),
);

/** Folders into which builds write what is shipped, by their first name. Not `target`, which Cargo reuses between runs. */
export const OUTPUT_FOLDERS: ReadonlySet<string> = new Set(
  "dist build out output public bin release www _site site target artifacts".split(" "),
);

/** Files that a build makes. Archives may hold anything and are none of them. */
export const OUTPUT_FILES = /^[^/]+\.(js|mjs|cjs|css|jar|war|ear|whl|gem|deb|rpm|apk|nupkg|wasm|exe|dll|so)$/;

/** Commands that make such files, by how they begin. A build of an image is none. */
export const BUILD_COMMANDS =
  /^(?:(?:npm|pnpm|yarn|bun)\s(?:run\s(?:-\S+\s)*)?(?:\S+:)?(?:build|compile|bundle|package|dist|generate|export)\b|(?:npx\s)?(?:tsc|webpack|rollup|vite\sbuild|parcel\sbuild|esbuild|ng\sbuild|next\sbuild|nuxt\s(?:build|generate)|gatsby\sbuild|hugo|gulp|grunt|brunch\sbuild)\b|(?:g?make|ninja|cmake\s--build|meson\scompile|scons|ant|sbt|lein|bazel\sbuild)\b|(?:\.\/)?(?:mvnw?|gradlew?)\b.*\b(?:package|install|verify|assemble|build|jar|bootJar|war|shadowJar)\b|go\s(?:build|install)\b|cargo\s(?:build|install)\b|dotnet\s(?:build|publish|pack)\b|msbuild\b|python3?\s(?:-m\sbuild|setup\.py)\b|poetry\sbuild\b|uv\sbuild\b|(?:bundle\sexec\s)?(?:jekyll|middleman|nanoc)\s(?:build|compile)\b|mkdocs\sbuild\b|sphinx-build\b|composer\s(?:run|dump-autoload)\b|mix\srelease\b|swift\sbuild\b|stack\sbuild\b|cabal\sbuild\b)/;

/** Programs that read the files they are given, and fail without them. */
export const READS_FILES: ReadonlySet<string> = new Set(
  `cp mv rsync scp tar zip unzip gzip cat cd pushd java node python python3 ruby php aws gsutil gcloud az s3cmd rclone mc lftp sftp curl
  twine gem cosign gpg sha256sum md5sum sha512sum kubectl oc helm firebase netlify vercel surge wrangler serve http-server dpkg rpm
  install chmod file jfrog glab`.split(/\s+/),
);

/** Of these the last operand is where the files go. */
export const COPIES_TO_LAST: ReadonlySet<string> = new Set(["cp", "mv", "rsync", "scp", "install"]);
