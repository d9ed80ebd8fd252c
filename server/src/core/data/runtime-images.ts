// Small images on which a program runs that was built on an image with a compiler, and what is the same on both.
//
// Each row names the page that tells in `source`. Written down in November 2026; looked up then were distroless' Debian release,
// `npm prune` and pnpm's need for `CI=true`, the rest is from memory. Tags follow the image of the build, so that libraries fit: a program
// linked to one release of glibc or musl runs on the same release or a later one.

/** The working directory of images that set one; "/" for all others. The `WORKDIR` lines of github.com/docker-library and github.com/gradle/docker-gradle */
export const IMAGE_DIRECTORIES: ReadonlyMap<string, string> = new Map([
  ["golang", "/go"],
  ["gradle", "/home/gradle"],
]);

/** Where a shell looks for programs in each of the images below, and in those of the build too. */
export const PROGRAM_FOLDERS: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/** Folders of programs that only the image of the build looks in. golang: GOPATH; rust: CARGO_HOME. */
export const TOOL_FOLDERS: readonly string[] = ["/go/bin", "/usr/local/cargo/bin"];

export interface RuntimeImage {
  readonly image: string;
  /** Names of users that the image knows, besides numbers. */
  readonly users: readonly string[];
  /** Undefined: neither a shell nor programs. */
  readonly shell: "alpine" | "debian" | undefined;
  /** What the image of the build has and this one lacks, as a line of its own. */
  readonly setup: string | undefined;
  /** Packages that the build may install and that this image has, with the setup. */
  readonly brings: readonly string[];
  readonly source: string;
}

/** No libc and no shell; certificates, time zones, `/tmp`. */
export const DISTROLESS_STATIC: RuntimeImage = {
  image: "gcr.io/distroless/static-debian13",
  users: ["root", "nobody", "nonroot"],
  shell: undefined,
  setup: undefined,
  brings: ["ca-certificates", "tzdata"],
  source: "https://github.com/GoogleContainerTools/distroless/blob/main/base/README.md",
};

/** Where a program without libc needs a shell beside it. Certificates are there; time zones are not. */
export const ALPINE: RuntimeImage = {
  image: "alpine:3.23",
  users: ["root", "nobody"],
  shell: "alpine",
  setup: "apk add --no-cache ca-certificates tzdata",
  brings: ["ca-certificates", "tzdata"],
  source: "https://hub.docker.com/_/alpine",
};

/** The newest release: what was linked on an older one runs on it. Certificates are a package. */
export const DEBIAN: RuntimeImage = {
  image: "debian:trixie-slim",
  users: ["root", "nobody", "www-data"],
  shell: "debian",
  setup:
    "apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*",
  brings: ["ca-certificates"],
  source: "https://hub.docker.com/_/debian",
};

/** Releases for which Eclipse Temurin has images with a JRE, and that get fixes. https://adoptium.net/support/ */
export const TEMURIN_JRE: readonly string[] = ["8", "11", "17", "21", "25"];

/** Go modules that need cgo, so that a program without libc cannot be built: the module's README says so. */
export const CGO_MODULES =
  /\b(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|godror\/godror|h2non\/bimg|davidbyttow\/govips|libvirt\.org\/go|google\/gopacket|libgit2\/git2go|pebbe\/zmq4|gocv\.io|go-gl\/|linxGnu\/grocksdb|tecbot\/gorocksdb|DataDog\/zstd|valyala\/gozstd|marcboeker\/go-duckdb|duckdb\/duckdb-go|webview\/webview|mattn\/go-oci8|ibmdb\/go_ibm_db|microsoft\/go-sqlcmd|canonical\/go-dqlite|msteinert\/pam|miekg\/pkcs11|ThalesIgnite\/crypto11|gographics\/imagick|veandco\/go-sdl2|hajimehoshi\/ebiten)/;

/**
 * Crates that bind a library of the system and end in `-sys`, without those that bind what is there anyway or bring their own:
 * https://doc.rust-lang.org/cargo/reference/build-scripts.html#-sys-packages
 */
export const LINKED_CRATES =
  /^name = "(?!(?:linux-raw|windows|js|web|wasi|core-foundation|security-framework|fuchsia-zircon|zstd|lz4|bzip2|lzma|jemalloc|tikv-jemalloc|libmimalloc|system-configuration|aws-lc|aws-lc-fips|wasm-bindgen|inotify|mio|dirs|errno|redox|ndk|renderdoc|android|objc2?|iana-time-zone)-sys")[\w-]+-sys"/m;

/** Crates that read the certificates of the system. https://docs.rs/rustls-native-certs , https://docs.rs/openssl-probe */
export const CRATES_WITH_CERTIFICATES =
  /^name = "(?:rustls-native-certs|rustls-platform-verifier|openssl-probe|native-tls)"/m;

/** npm packages that need programs, libraries or generated files beside `node_modules`, by their installation pages. */
export const NODE_NEEDS_SYSTEM =
  /"(?:@prisma\/client|prisma|puppeteer|playwright(?:-\w+)?|canvas|oracledb|ibm_db|electron|libxmljs2?|gm|imagemagick|fluent-ffmpeg|pdf2pic|node-libcurl|usb|serialport|bcrypt-pbkdf|@tensorflow\/tfjs-node(?:-gpu)?|chromedriver|phantomjs(?:-\w+)?|lerna|nx|turbo)"\s*:/;

/** Commands of a `build` script that write one folder and nothing else, by the page of each; a folder that is named is that one. */
export const NODE_COMPILERS =
  /^(?:npx )?(?:tsc|tsc-alias|resolve-tspaths|nest build|swc|esbuild|tsup|ncc build|babel|nuxt build|nitro build|next build|rimraf|rm -rf)(?: |$)/;

export interface NodePruning {
  readonly program: string;
  /** Leaves what package.json names under `dependencies`. */
  readonly command: string;
  readonly source: string;
}

/** How each package manager takes development dependencies away. Without a terminal pnpm asks for `CI`. */
export const NODE_PRUNING: readonly NodePruning[] = [
  {
    program: "npm",
    command: "npm prune --omit=dev",
    source: "https://docs.npmjs.com/cli/v11/commands/npm-prune/",
  },
  {
    program: "yarn",
    command: "yarn install --production --ignore-scripts --prefer-offline",
    source: "https://classic.yarnpkg.com/lang/en/docs/cli/prune/",
  },
  { program: "pnpm", command: "CI=true pnpm prune --prod", source: "https://pnpm.io/cli/prune" },
];

/** Packages of distributions that only builds use. Any other package may be needed when the program runs. */
export const BUILD_PACKAGES: ReadonlySet<string> = new Set(
  `autoconf automake binutils build-base build-essential bzip2 cmake curl file g++ gcc git gnupg gzip libc-dev libc6-dev libtool
  make maven musl-dev musl-tools ninja-build openssh-client patch perl pkg-config pkgconf protobuf-compiler protobuf-dev protoc
  python3 tar unzip upx wget xz-utils zip`
    .trim()
    .split(/\s+/),
);
