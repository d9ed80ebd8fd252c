// Which flags of container tools take a value: what a reader needs to tell a flag's value from an operand.
//
// The tables of `docker build` and `docker buildx build`, and parts of `docker run` and `buildah build`, were compared
// with their reference pages (docs/reference in docker/cli and docker/buildx) in 2026; the others are from memory of those
// pages and of the manuals of compose, podman, buildah and skopeo, and are still to be compared. Flags that a version
// dropped stay: old scripts still use them. A flag that no table has is read as one without a value.
// `--provenance` and `--sbom` take a value: their published help shows `string`, not `string[="true"]`.

export type FlagArity =
  /** `--flag value`, `--flag=value`, `-fvalue`. */
  | "value"
  /** A switch; `--flag=false` is legal. */
  | "boolean"
  /** A switch that may carry a value, but only behind `=`: `--pull=always`. */
  | "optional";

export interface FlagSpec {
  /** Long name without dashes; one letter for a flag that has no long name. */
  readonly name: string;
  readonly short: string | undefined;
  readonly arity: FlagArity;
}

/** The flags of one verb, by every way to write their name (without dashes). */
export interface FlagTable {
  readonly byName: ReadonlyMap<string, FlagSpec>;
  /** True where the first operand ends the flags: `docker run IMAGE -x` hands `-x` to the container. */
  readonly stopsAtOperand: boolean;
}

interface Names {
  /** Blank-separated; `t:tag` gives the short form too. */
  readonly value?: string;
  readonly boolean?: string;
  readonly optional?: string;
  readonly stopsAtOperand?: boolean;
}

function table(...groups: readonly Names[]): FlagTable {
  const byName = new Map<string, FlagSpec>();
  const add = (names: string | undefined, arity: FlagArity): void => {
    for (const entry of (names ?? "").split(/\s+/).filter((word) => word !== "")) {
      const colon = entry.indexOf(":");
      const short = colon === -1 ? undefined : entry.slice(0, colon);
      const spec: FlagSpec = { name: entry.slice(colon + 1), short, arity };
      byName.set(spec.name, spec);
      if (short !== undefined) byName.set(short, spec);
    }
  };
  for (const group of groups) {
    add(group.value, "value");
    add(group.boolean, "boolean");
    add(group.optional, "optional");
  }
  return { byName, stopsAtOperand: groups.some((group) => group.stopsAtOperand === true) };
}

const HELP: Names = { boolean: "h:help" };

/** `docker [these] build …` */
const DOCKER_GLOBAL = table({
  value: "config c:context H:host l:log-level tlscacert tlscert tlskey",
  boolean: "D:debug tls tlsverify v:version help",
});

const BUILD: Names = {
  value: `add-host allow annotation attest build-arg build-context builder cache-from cache-to call cgroup-parent
    cpu-period cpu-quota cpu-rt-period cpu-rt-runtime c:cpu-shares cpuset-cpus cpuset-mems f:file iidfile invoke isolation label
    m:memory memory-swap metadata-file network no-cache-filter o:output platform policy progress provenance sbom secret
    security-opt shm-size ssh t:tag target ulimit`,
  boolean: "check compress D:debug detach force-rm load no-cache pull push q:quiet rm squash stream",
};

const RUN: Names = {
  value: `add-host annotation a:attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile
    cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime c:cpu-shares cpus cpuset-cpus cpuset-mems
    detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns
    dns-option dns-search domainname entrypoint e:env env-file expose gpus group-add health-cmd health-interval
    health-retries health-start-interval health-start-period health-timeout h:hostname io-maxbandwidth io-maxiops ip
    ip6 ipc isolation l:label label-file link link-local-ip log-driver log-opt mac-address m:memory memory-reservation
    memory-swap memory-swappiness mount name net net-alias network network-alias oom-score-adj pid pids-limit platform
    p:publish pull restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit
    u:user userns uts v:volume volume-driver volumes-from w:workdir`,
  boolean: `d:detach disable-content-trust help init i:interactive no-healthcheck oom-kill-disable
      privileged P:publish-all q:quiet read-only rm sig-proxy t:tty use-api-socket`,
  stopsAtOperand: true,
};

const EXEC: Names = {
  value: "detach-keys e:env env-file u:user w:workdir",
  boolean: "d:detach i:interactive privileged t:tty",
  stopsAtOperand: true,
};

const PULL: Names = { value: "platform", boolean: "a:all-tags disable-content-trust q:quiet" };
const LOGIN: Names = { value: "p:password u:username", boolean: "password-stdin" };
const FORMAT: Names = { value: "f:filter format", boolean: "a:all no-trunc q:quiet digests tree" };

const DOCKER: Readonly<Record<string, FlagTable>> = {
  build: table(BUILD, HELP),
  "buildx build": table(BUILD, HELP),
  "buildx bake": table(
    {
      value: "allow builder call f:file list metadata-file progress provenance sbom set var",
      boolean: "check D:debug load no-cache print pull push",
    },
    HELP,
  ),
  "buildx create": table(
    {
      value: `builder buildkitd-config buildkitd-flags config driver driver-opt name node platform timeout`,
      boolean: "append bootstrap D:debug leave use",
    },
    HELP,
  ),
  "buildx use": table({ value: "builder", boolean: "default global D:debug" }, HELP),
  "buildx inspect": table({ value: "builder timeout", boolean: "bootstrap D:debug" }, HELP),
  "buildx rm": table(
    { value: "builder timeout", boolean: "all-inactive f:force keep-daemon keep-state D:debug" },
    HELP,
  ),
  "buildx du": table({ value: "builder filter format timeout", boolean: "verbose D:debug" }, HELP),
  "buildx prune": table(
    {
      value: `builder filter keep-storage max-storage max-used-space min-free-space reserved-space timeout`,
      boolean: "a:all f:force verbose D:debug",
    },
    HELP,
  ),
  "buildx imagetools create": table(
    {
      value: "annotation builder f:file metadata-file p:platform progress t:tag",
      boolean: "append dry-run prefer-index D:debug",
    },
    HELP,
  ),
  "buildx imagetools inspect": table({ value: "builder format", boolean: "raw D:debug" }, HELP),
  pull: table(PULL, HELP),
  push: table(PULL, HELP),
  tag: table(HELP),
  login: table(LOGIN, HELP),
  logout: table(HELP),
  run: table(RUN),
  create: table(RUN),
  exec: table(EXEC, HELP),
  start: table({ value: "checkpoint checkpoint-dir detach-keys", boolean: "a:attach i:interactive" }, HELP),
  stop: table({ value: "s:signal t:time timeout" }, HELP),
  rm: table({ boolean: "f:force l:link v:volumes" }, HELP),
  rmi: table({ value: "platform", boolean: "f:force no-prune" }, HELP),
  cp: table({ boolean: "a:archive L:follow-link q:quiet" }, HELP),
  commit: table({ value: "a:author c:change m:message", boolean: "p:pause no-pause" }, HELP),
  save: table({ value: "o:output platform" }, HELP),
  load: table({ value: "i:input platform", boolean: "q:quiet" }, HELP),
  import: table({ value: "c:change m:message platform" }, HELP),
  export: table({ value: "o:output" }, HELP),
  inspect: table({ value: "f:format platform type", boolean: "s:size" }, HELP),
  history: table({ value: "format platform", boolean: "H:human no-trunc q:quiet" }, HELP),
  images: table(FORMAT, HELP),
  ps: table(FORMAT, { value: "n:last", boolean: "l:latest s:size" }, HELP),
  logs: table({ value: "since n:tail until", boolean: "details f:follow t:timestamps" }, HELP),
  info: table({ value: "f:format" }, HELP),
  version: table({ value: "f:format" }, HELP),
  "system prune": table({ value: "filter", boolean: "a:all f:force volumes" }, HELP),
  "image prune": table({ value: "filter", boolean: "a:all f:force" }, HELP),
  "builder prune": table(
    { value: "filter keep-storage max-used-space min-free-space reserved-space", boolean: "a:all f:force" },
    HELP,
  ),
  "container prune": table({ value: "filter", boolean: "f:force" }, HELP),
  "volume prune": table({ value: "filter", boolean: "a:all f:force" }, HELP),
  "network create": table(
    {
      value:
        "aux-address config-from d:driver gateway ip-range ipam-driver ipam-opt label o:opt scope subnet",
      boolean: "attachable config-only ingress internal ipv4 ipv6",
    },
    HELP,
  ),
  "volume create": table(
    {
      value: `availability d:driver group label limit-bytes o:opt required-bytes scope secret sharing
          topology-preferred topology-required type`,
      boolean: "name",
    },
    HELP,
  ),
  "context create": table({ value: "description docker from" }, HELP),
  "context use": table(HELP),
  "manifest create": table({ boolean: "a:amend insecure" }, HELP),
  "manifest annotate": table({ value: "arch os os-features os-version variant" }, HELP),
  "manifest push": table({ boolean: "insecure p:purge" }, HELP),
  "manifest inspect": table({ boolean: "insecure v:verbose" }, HELP),
  "stack deploy": table(
    { value: "c:compose-file resolve-image", boolean: "d:detach prune q:quiet with-registry-auth" },
    HELP,
  ),
};

/** `docker compose [these] up …`, also docker-compose. */
const COMPOSE_GLOBAL = table({
  value: `ansi env-file f:file parallel profile progress project-directory p:project-name workdir H:host
      c:context log-level tlscacert tlscert tlskey`,
  boolean: "all-resources compatibility dry-run no-ansi verbose tls tlsverify v:version h:help",
});

const COMPOSE: Readonly<Record<string, FlagTable>> = {
  "compose build": table(
    {
      value: "build-arg builder m:memory progress provenance sbom ssh",
      boolean: `check compress force-rm no-cache no-rm parallel print pull push q:quiet with-dependencies`,
    },
    HELP,
  ),
  "compose up": table(
    {
      value: "attach exit-code-from no-attach pull scale t:timeout wait-timeout",
      boolean: `abort-on-container-exit abort-on-container-failure always-recreate-deps
          attach-dependencies build d:detach force-recreate menu no-build no-color no-deps
          no-log-prefix no-recreate no-start quiet-build quiet-pull remove-orphans
          V:renew-anon-volumes timestamps wait w:watch y:yes`,
    },
    HELP,
  ),
  "compose run": table({
    value: `cap-add cap-drop entrypoint e:env env-from-file l:label name p:publish pull u:user v:volume
        w:workdir`,
    boolean: `build d:detach i:interactive T:no-TTY no-deps q:quiet quiet-build quiet-pull remove-orphans
        rm P:service-ports t:tty use-aliases`,
    stopsAtOperand: true,
  }),
  "compose exec": table({
    value: "e:env index u:user w:workdir",
    boolean: "d:detach i:interactive T:no-TTY privileged t:tty",
    stopsAtOperand: true,
  }),
  "compose push": table({ boolean: "ignore-push-failures include-deps q:quiet" }, HELP),
  "compose pull": table(
    {
      value: "policy",
      boolean: "ignore-buildable ignore-pull-failures include-deps no-parallel parallel q:quiet",
    },
    HELP,
  ),
  "compose down": table({ value: "rmi t:timeout", boolean: "remove-orphans v:volumes" }, HELP),
  "compose config": table(
    {
      value: "format hash o:output",
      boolean: `environment images lock-image-digests networks no-consistency no-env-resolution
          no-interpolate no-normalize no-path-resolution profiles q:quiet resolve-image-digests
          services variables volumes`,
    },
    HELP,
  ),
  "compose create": table(
    {
      value: "pull scale",
      boolean: "build force-recreate no-build no-recreate quiet-pull remove-orphans y:yes",
    },
    HELP,
  ),
  "compose logs": table(
    { value: "index since n:tail until", boolean: "f:follow no-color no-log-prefix t:timestamps" },
    HELP,
  ),
  "compose rm": table({ boolean: "a:all f:force s:stop v:volumes" }, HELP),
};

/** Registry options that podman, buildah and skopeo share. */
const CONTAINERS_REGISTRY: Names = { value: "authfile cert-dir creds", optional: "tls-verify" };

const BUILDAH_BUILD: Names = {
  value: `add-host annotation arch build-arg build-arg-file build-context cache-from cache-to cache-ttl cap-add cap-drop
    cgroup-parent cgroupns cpp-flag cpu-period cpu-quota c:cpu-shares cpuset-cpus cpuset-mems cw
    decryption-key device dns dns-option dns-search env f:file from format group-add hooks-dir iidfile
    ignorefile ipc isolation jobs label layer-label logfile manifest m:memory memory-swap metadata-file network net os
    os-feature os-version o:output pid platform retry retry-delay runtime runtime-flag sbom sbom-image-output
    sbom-merge-strategy sbom-output sbom-scanner-command sbom-scanner-image secret security-opt shm-size sign-by
    signature-policy source-date-epoch ssh t:tag target timestamp ulimit unsetannotation unsetenv unsetlabel userns
    userns-gid-map userns-gid-map-group userns-uid-map userns-uid-map-user uts variant v:volume`,
  boolean: `all-platforms disable-compression D:disable-compression force-rm no-cache no-hostname no-hosts
      q:quiet stdin squash squash-all rm`,
  optional: `compat-volumes http-proxy pull pull-always pull-never layers omit-history identity-label
      inherit-annotations inherit-labels rewrite-timestamp save-stages skip-unused-stages compress
      logsplit`,
};

const CONTAINERS_PUSH: Names = {
  value: `compression-format compression-level digestfile encrypt-layer encryption-key f:format retry
      retry-delay sign-by sign-by-sigstore sign-by-sigstore-private-key sign-passphrase-file
      signature-policy blob-cache add-compression`,
  boolean: `a:all compress D:disable-compression disable-content-trust force-compression q:quiet
      remove-signatures rm z:rm`,
};

const CONTAINERS_PULL: Names = {
  value: "arch blob-cache decryption-key os platform policy retry retry-delay signature-policy variant",
  boolean: "a:all-tags disable-content-trust q:quiet remove-signatures",
};

const CONTAINERS_LOGIN: Names = {
  value: "p:password u:username secret compat-auth-file",
  boolean: "get-login password-stdin v:verbose",
};

const BUILDAH_GLOBAL = table({
  value: `cgroup-manager imagestore log-level registries-conf registries-conf-dir root runroot
      short-name-alias-conf storage-driver storage-opt userns-gid-map userns-uid-map`,
  boolean: "debug help h:help v:version",
});

const BUILDAH: Readonly<Record<string, FlagTable>> = {
  build: table(BUILDAH_BUILD, CONTAINERS_REGISTRY, HELP),
  push: table(CONTAINERS_PUSH, CONTAINERS_REGISTRY, HELP),
  pull: table(CONTAINERS_PULL, CONTAINERS_REGISTRY, HELP),
  login: table(CONTAINERS_LOGIN, CONTAINERS_REGISTRY, HELP),
  logout: table({ value: "authfile", boolean: "a:all" }, HELP),
  tag: table(HELP),
  from: table(
    {
      value: `arch cap-add cap-drop format isolation m:memory name network os platform shm-size ulimit
          v:volume`,
      boolean: "q:quiet",
      optional: "pull pull-always pull-never",
    },
    CONTAINERS_REGISTRY,
    HELP,
  ),
  commit: table(
    {
      value: "f:format iidfile manifest sign-by timestamp",
      boolean: "D:disable-compression q:quiet rm squash",
      optional: "omit-history",
    },
    CONTAINERS_REGISTRY,
    HELP,
  ),
};

const PODMAN_GLOBAL = table({
  value: `cdi-spec-dir cgroup-manager c:connection conmon config events-backend H:host hooks-dir
      identity imagestore log-level module network-cmd-path network-config-dir out root runroot
      runtime runtime-flag ssh storage-driver storage-opt tmpdir url volumepath`,
  boolean: "help noout r:remote syslog transient-store v:version",
});

const PODMAN: Readonly<Record<string, FlagTable>> = {
  ...DOCKER,
  build: BUILDAH["build"] ?? table(HELP),
  push: BUILDAH["push"] ?? table(HELP),
  pull: BUILDAH["pull"] ?? table(HELP),
  login: BUILDAH["login"] ?? table(HELP),
  logout: BUILDAH["logout"] ?? table(HELP),
  save: table(
    { value: "format o:output", boolean: "compress m:multi-image-archive q:quiet uncompressed" },
    HELP,
  ),
  "manifest push": table(CONTAINERS_PUSH, CONTAINERS_REGISTRY, HELP),
  "manifest add": table(
    { value: "annotation arch features os os-version variant", boolean: "all" },
    CONTAINERS_REGISTRY,
    HELP,
  ),
};

const SKOPEO_GLOBAL = table({
  value: `command-timeout override-arch override-os override-variant policy registries-conf registries.d
      tmpdir user-agent-prefix`,
  boolean: "debug insecure-policy help h:help v:version",
});

const SKOPEO: Readonly<Record<string, FlagTable>> = {
  copy: table(
    {
      value: `additional-tag authfile dest-authfile dest-cert-dir dest-compress-format dest-compress-level dest-creds
      dest-daemon-host dest-password dest-registry-token dest-shared-blob-dir dest-username digestfile encrypt-layer
      encryption-key decryption-key f:format image-parallel-copies multi-arch retry-delay retry-times sign-by
      sign-by-sigstore sign-passphrase-file src-authfile src-cert-dir src-creds src-daemon-host src-password
      src-registry-token src-shared-blob-dir src-username`,
      boolean: `a:all dest-compress dest-decompress dest-force-compress-format dest-no-creds
          preserve-digests q:quiet remove-signatures src-no-creds`,
      optional: "dest-tls-verify src-tls-verify",
    },
    HELP,
  ),
  login: table(CONTAINERS_LOGIN, CONTAINERS_REGISTRY, HELP),
  inspect: table(
    { value: "format retry-times retry-delay username password", boolean: "config raw n:no-tags no-creds" },
    CONTAINERS_REGISTRY,
    HELP,
  ),
  delete: table({ value: "retry-times username password", boolean: "no-creds" }, CONTAINERS_REGISTRY, HELP),
};

const CRANE_GLOBAL = table({
  value: "platform",
  boolean: "allow-nondistributable-artifacts insecure v:verbose help h:help",
});

const CRANE: Readonly<Record<string, FlagTable>> = {
  "auth login": table({ value: "p:password u:username", boolean: "password-stdin" }, HELP),
  append: table(
    { value: "b:base f:new_layer t:new_tag o:output platform", boolean: "set-base-image-annotations" },
    HELP,
  ),
  copy: table({ value: "j:jobs platform", boolean: "a:all-tags n:no-clobber" }, HELP),
  push: table({ value: "image-refs", boolean: "index" }, HELP),
  mutate: table(
    {
      value: `a:annotation append cmd entrypoint e:env exposed-ports l:label o:output repo set-platform
          t:tag u:user w:workdir`,
    },
    HELP,
  ),
};

const BUILDCTL_GLOBAL = table({
  value: "addr log-format timeout tlscacert tlscert tlsdir tlskey tlsservername wait",
  boolean: "debug help h:help v:version",
});

const BUILDCTL: Readonly<Record<string, FlagTable>> = {
  build: table(
    {
      value: `allow build-arg build-context debug-json-cache-metrics export-cache frontend import-cache
          label local metadata-file oci-layout o:output opt progress ref-file
          registry-auth-tlscontext secret source-policy-file ssh trace`,
      boolean: "no-cache",
    },
    HELP,
  ),
};

const NERDCTL_GLOBAL = table({
  value: `a:address cgroup-manager cni-netconfpath cni-path data-root n:namespace host hosts-dir
      snapshotter storage-driver H:host`,
  boolean: "debug debug-full experimental insecure-registry help h:help v:version",
});

/** https://github.com/chainguard-dev/kaniko (fork of GoogleContainerTools/kaniko, archived in 2025): all flags. */
const KANIKO = table({
  value: `build-arg cache-dir cache-repo cache-ttl compression compression-level c:context
    context-sub-path custom-platform d:destination digest-file f:dockerfile git image-fs-extract-retry
    image-download-retry image-name-tag-with-digest-file image-name-with-digest-file insecure-registry kaniko-dir label
    log-format oci-layout-path push-retry registry-certificate registry-client-cert
    registry-map registry-mirror secret skip-tls-verify-registry snapshot-mode snapshotMode tar-path tarPath target
    v:verbosity ignore-path credential-helpers`,
  optional: `cache cache-copy-layers cache-run-layers cleanup compressed-caching force force-build-metadata ignore-var-run insecure insecure-pull
    log-timestamp no-push no-push-cache push-ignore-immutable-tag-errors preserve-context reproducible single-snapshot skip-default-registry-fallback
    skip-push-permission-check skip-tls-verify skip-tls-verify-pull skip-unused-stages use-new-run`,
  boolean: "help h:help",
});

interface ToolFlags {
  readonly global: FlagTable;
  readonly verbs: Readonly<Record<string, FlagTable>>;
}

const NONE: FlagTable = table();

/** Flag tables by tool. kaniko has no verbs: its flags stand under "". */
export const DOCKER_FLAGS: Readonly<Record<string, ToolFlags>> = {
  docker: { global: DOCKER_GLOBAL, verbs: { ...DOCKER, ...COMPOSE } },
  "docker-compose": { global: COMPOSE_GLOBAL, verbs: COMPOSE },
  podman: { global: PODMAN_GLOBAL, verbs: { ...PODMAN, ...COMPOSE } },
  nerdctl: { global: NERDCTL_GLOBAL, verbs: { ...DOCKER, ...COMPOSE } },
  buildah: { global: BUILDAH_GLOBAL, verbs: BUILDAH },
  skopeo: { global: SKOPEO_GLOBAL, verbs: SKOPEO },
  crane: { global: CRANE_GLOBAL, verbs: CRANE },
  buildctl: { global: BUILDCTL_GLOBAL, verbs: BUILDCTL },
  kaniko: { global: KANIKO, verbs: {} },
};

/** Flags between the tool's name and its verb. */
export const globalFlagsOf = (tool: string): FlagTable => DOCKER_FLAGS[tool]?.global ?? NONE;

/** Flags between `docker compose` and its verb. */
export const composeFlags: FlagTable = COMPOSE_GLOBAL;

/** Flags of a verb ("build", "buildx build", "compose up"); undefined where no table has the verb. */
export const flagsOf = (tool: string, verb: string): FlagTable | undefined => DOCKER_FLAGS[tool]?.verbs[verb];

/**
 * Verbs of several words, and other names of a verb. `docker image build`, `docker builder build` and `docker build` are
 * one; https://docs.docker.com/reference/cli/docker/ lists the aliases.
 */
const MANAGEMENT_ALIASES: Readonly<Record<string, string>> = {
  "image build": "build",
  "builder build": "build",
  "image pull": "pull",
  "image push": "push",
  "image tag": "tag",
  "image rm": "rmi",
  "image remove": "rmi",
  "image ls": "images",
  "image list": "images",
  "image save": "save",
  "image load": "load",
  "image import": "import",
  "image history": "history",
  "container run": "run",
  "container create": "create",
  "container exec": "exec",
  "container start": "start",
  "container stop": "stop",
  "container rm": "rm",
  "container remove": "rm",
  "container cp": "cp",
  "container commit": "commit",
  "container export": "export",
  "container logs": "logs",
  "container ls": "ps",
  "container ps": "ps",
  "container list": "ps",
  "system info": "info",
  "buildx b": "buildx build",
  bud: "build",
  "build-using-dockerfile": "build",
  "buildx debug build": "buildx build",
  "compose convert": "compose config",
};

/** Words that are followed by a verb of their own. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  docker: [
    "image",
    "container",
    "builder",
    "buildx",
    "compose",
    "system",
    "volume",
    "network",
    "context",
    "manifest",
    "stack",
    "service",
    "swarm",
    "node",
    "secret",
    "config",
    "plugin",
    "trust",
    "scout",
    "checkpoint",
    "buildx imagetools",
    "buildx debug",
    "buildx history",
    "compose alpha",
  ],
  podman: [
    "image",
    "container",
    "system",
    "volume",
    "network",
    "manifest",
    "pod",
    "machine",
    "secret",
    "compose",
    "generate",
    "buildx",
  ],
  nerdctl: ["image", "container", "builder", "compose", "system", "volume", "network", "namespace"],
  crane: ["auth", "registry", "index"],
  buildah: ["manifest"],
  buildctl: ["debug"],
};

/** Whether a verb goes on: `image` of `docker image build`. */
export const isVerbGroup = (tool: string, words: string): boolean => GROUPS[tool]?.includes(words) ?? false;

/** The canonical verb for the words as written. crane's `cp` is `copy`. */
export function canonicalVerb(tool: string, words: string): string {
  if (tool === "crane" && words === "cp") return "copy";
  if (tool === "podman" && words === "buildx build") return "build";
  return MANAGEMENT_ALIASES[words] ?? words;
}
