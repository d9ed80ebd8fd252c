// What verbs and options of container tools do, in a few words of our own: for hovers and completion.
//
// Read in November 2026: https://docs.docker.com/reference/cli/docker/ , https://docs.docker.com/reference/cli/docker/buildx/

const REFERENCE = "https://docs.docker.com/reference/cli/docker/";

const VERBS: Readonly<Record<string, string>> = {
  build: "Builds an image from a Dockerfile",
  "buildx bake": "Builds the targets of a bake file",
  "buildx build": "Builds an image with BuildKit",
  "buildx create": "Makes a builder",
  "buildx du": "Shows how much the build cache takes",
  "buildx imagetools create": "Makes a manifest out of images that are in a registry",
  "buildx imagetools inspect": "Shows an image as the registry has it",
  "buildx inspect": "Shows a builder, and starts it with `--bootstrap`",
  "buildx prune": "Removes build cache",
  "buildx rm": "Removes a builder",
  "buildx use": "Chooses the builder for later builds",
  "builder prune": "Removes build cache",
  commit: "Makes an image of a container",
  "compose build": "Builds the images of a compose file",
  "compose down": "Stops and removes the containers of a compose file",
  "compose pull": "Fetches the images of a compose file",
  "compose push": "Sends the images of a compose file to their registries",
  "compose run": "Runs a command in a service of a compose file",
  "compose up": "Starts the services of a compose file",
  cp: "Copies files between a container and the client",
  create: "Makes a container without starting it",
  exec: "Runs a command in a container that runs",
  export: "Writes a container's files as a tar archive",
  history: "Shows the layers of an image",
  images: "Lists the daemon's images",
  import: "Makes an image of a tar archive of files",
  info: "Shows what the daemon is and can do",
  inspect: "Shows everything about a container, image or volume",
  load: "Loads images that `docker save` wrote",
  login: "Logs in to a registry, for the later commands of the job",
  logout: "Forgets the login to a registry",
  logs: "Shows what a container printed",
  "manifest annotate": "Adds platform details to a manifest list",
  "manifest create": "Makes a manifest list of images that are in a registry",
  "manifest inspect": "Shows an image's manifest in the registry",
  "manifest push": "Sends a manifest list to its registry",
  "network create": "Makes a network",
  ps: "Lists containers",
  pull: "Fetches an image from its registry into the daemon",
  push: "Sends an image of the daemon to its registry",
  rm: "Removes containers",
  rmi: "Removes images of the daemon",
  run: "Starts a container of an image and runs a command in it",
  save: "Writes images as a tar archive",
  start: "Starts containers that stand still",
  stop: "Stops containers",
  "system prune": "Removes what the daemon no longer uses",
  tag: "Gives an image of the daemon one more name",
  version: "Shows the versions of client and daemon",
  "volume create": "Makes a volume",
};

const BUILD: Readonly<Record<string, string>> = {
  "add-host": "A host name for the build: `name:address`",
  allow: "Rights that the build may have: `network.host`, `security.insecure`",
  annotation: "An annotation of the image",
  attest: "Attestations: `type=sbom`, `type=provenance`",
  "build-arg": "A value for an `ARG` of the Dockerfile",
  "build-context": "One more context by name: `name=path`, for `FROM name` and `COPY --from=name`",
  builder: "The builder that does the work",
  "cache-from": "Where earlier layers are taken from: an image, or `type=registry,ref=…`",
  "cache-to": "Where layers are kept for later builds: `type=registry,ref=…,mode=max`, `type=inline`",
  check: "Only checks the Dockerfile",
  compress: "Compresses the context (legacy builder)",
  file: "The Dockerfile; `Dockerfile` in the context where it is missing",
  "force-rm": "Removes intermediate containers always (legacy builder)",
  iidfile: "File that gets the image's id",
  label: "A label of the image",
  load: "Puts the result among the daemon's images",
  "metadata-file": "File that gets what is known of the result",
  network: "Network of `RUN`: `default`, `none`, `host`",
  "no-cache": "Takes no layer from the cache",
  "no-cache-filter": "Stages that take no layer from the cache",
  output: "Where the result goes: `type=registry`, `type=image,name=…,push=true`, a folder",
  platform: "Platforms to build for: `linux/amd64,linux/arm64`",
  progress: "How progress is shown: `plain` suits a job's log",
  provenance: "Attestation of where the image comes from; `false` keeps the image a plain one",
  pull: "Fetches base images although the daemon has them",
  push: "Sends the result to its registry",
  quiet: "Shows the image's id alone",
  rm: "Removes intermediate containers (legacy builder)",
  sbom: "Attestation with the list of packages",
  secret: "A secret for `RUN --mount=type=secret`: it stays out of the image",
  "security-opt": "Security options of the build",
  "shm-size": "Size of `/dev/shm` in the build",
  squash: "Makes one layer of all new ones (legacy builder, experimental)",
  ssh: "SSH keys for `RUN --mount=type=ssh`",
  tag: "Name of the image; may be given several times",
  target: "The stage to build; the last one where it is missing",
  ulimit: "Limits for processes of the build",
};

const RUN: Readonly<Record<string, string>> = {
  "add-host": "A host name for the container: `name:address`",
  "cap-add": "A capability that the container gets",
  "cap-drop": "A capability that the container loses",
  detach: "Goes on without waiting for the container",
  entrypoint: "Takes the place of the image's entrypoint",
  env: "A variable: `NAME=value`, or `NAME` for the client's own value",
  "env-file": "File with variables",
  interactive: "Keeps standard input open",
  mount: "A mount: `type=bind,source=…,target=…`. Paths are those of the daemon's machine",
  name: "Name of the container",
  network: "Network of the container",
  platform: "Platform of the image",
  privileged: "All rights of the host's root",
  publish: "A port of the host that leads to one of the container, on the daemon's machine",
  pull: "Whether the image is fetched: `always`, `missing`, `never`",
  rm: "Removes the container when it ends",
  tty: "A terminal; there is none in a job",
  user: "User that the command runs as",
  volume: "A volume, or a path of the daemon's machine, in the container",
  workdir: "Folder that the command runs in",
};

const FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  build: BUILD,
  "buildx build": BUILD,
  run: RUN,
  create: RUN,
  "buildx bake": {
    "cache-from": "Cache for all targets",
    file: "The bake file",
    load: "Puts the results among the daemon's images",
    print: "Shows what would be built",
    push: "Sends the results to their registries",
    set: "Replaces a value of a target: `target.key=value`",
  },
  "buildx create": {
    bootstrap: "Starts the builder at once",
    "buildkitd-config": "Configuration of BuildKit",
    "buildkitd-flags": "Options of BuildKit's daemon",
    driver: "`docker-container` (in a container of the daemon), `kubernetes`, `remote`, `docker`",
    "driver-opt": "Options of the driver: `network=host`, `image=…`",
    name: "Name of the builder",
    platform: "Platforms that the builder is to be used for",
    use: "Chooses the builder for later builds",
  },
  login: {
    password: "The password; everybody on the machine can see it: use `--password-stdin`",
    "password-stdin": "Reads the password from standard input",
    username: "The user",
  },
  pull: { "all-tags": "All tags of the repository", platform: "Platform of the image", quiet: "Shows less" },
  push: { "all-tags": "All tags of the repository", platform: "Platform of the image", quiet: "Shows less" },
};

/** What a verb does, without a full stop; undefined for those without a text. */
export const verbText = (verb: string): string | undefined =>
  Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;

/** What an option of a verb does, by its long name. */
export function flagText(verb: string, flag: string): string | undefined {
  const texts = Object.hasOwn(FLAGS, verb) ? FLAGS[verb] : undefined;
  return texts !== undefined && Object.hasOwn(texts, flag) ? texts[flag] : undefined;
}

/** Pages stand in the folder of what the verb is about. https://docs.docker.com/reference/cli/docker/ */
const FOLDERS: readonly (readonly [folder: string, verbs: RegExp])[] = [
  ["buildx/", /^build$/],
  ["image/", /^(history|images|import|load|pull|push|rmi|save|tag)$/],
  ["container/", /^(commit|cp|create|exec|export|logs|ps|rm|run|start|stop)$/],
];

const PAGE_NAMES: Readonly<Record<string, string>> = { images: "ls", ps: "ls", rmi: "rm" };

/** The page of a verb of docker. */
export function verbUrl(verb: string): string {
  const folder = FOLDERS.find(([, verbs]) => verbs.test(verb))?.[0] ?? "";
  const page = (Object.hasOwn(PAGE_NAMES, verb) ? PAGE_NAMES[verb] : undefined) ?? verb;
  return `${REFERENCE}${folder}${page.replaceAll(" ", "/")}/`;
}
