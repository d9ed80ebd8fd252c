// A service that starts dockerd past the image's entrypoint, which alone adds the TCP listener and the certificates.
// https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
import { startThroughEntrypoint } from "../../model/docker/dind-edit";
import { entrypointPort, type DroppedListener } from "../../model/docker/dind-start";
import { asFarAsSeen, connectionWith, fixOf } from "../connection";
import { defineRule, type FixDraft } from "../rule";

export const dindCommandDropsListener = defineRule({
  id: "dind-command-drops-listener",
  title: "The service's command leaves out the daemon's listener",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `docker:dind` service whose `command` or `entrypoint` starts `dockerd` itself, without a `--host=tcp://…` for the port that the job uses.",
    why: 'The image\'s entrypoint adds `--host=tcp://0.0.0.0:2376` (2375 without TLS) and makes certificates only where the first word of the command is a flag. With `command: ["dockerd", "--mtu=1360"]` the daemon listens on its own socket alone: "Cannot connect to the Docker daemon at tcp://docker:2376".',
    fix: 'Give only the flags: `command: ["--mtu=1360"]`.',
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services:
    - name: docker:29.6.2-dind
      command: ["dockerd", "--mtu=1360"]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services:
    - name: docker:29.6.2-dind
      command: ["--mtu=1360"]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker info
`,
    },
    references: [
      "https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh",
      "https://docs.gitlab.com/ci/services/#available-settings-for-services",
    ],
  },

  *check(job, ctx) {
    const connection = connectionWith(ctx, job, "dropped-listener");
    if (connection === undefined) return;
    const { fault, access, profile } = connection;
    const name = access.host?.host ?? "docker";
    // Without DOCKER_HOST the client takes a socket first, if the runner mounts one.
    const isSure = fault.service.flavour === "official" && (access.host !== undefined || profile.isKnown);
    const address = `tcp://${name}${fault.port === undefined ? "" : `:${String(fault.port)}`}`;
    yield {
      at: fault.words,
      severity: asFarAsSeen(connection, isSure ? "error" : "warning"),
      message: `${whyNot(fault)}, so nothing answers at ${address} ("Cannot connect to the Docker daemon"); ${remedyOf(fault)}`,
      fixes: fixesOf(fault),
    };
  },
});

function whyNot({ by, words, ports, service }: DroppedListener): string {
  const [first = ""] = words.value;
  const written = words.value.length > 1 ? `${by}: ["${first}", …]` : `${by}: ["${first}"]`;
  return ports.length > 0
    ? `\`${written}\` keeps \`${service.at.value}\` from its own listener, and listens on ${ports.join(" and ")} only`
    : `\`${written}\` starts \`${service.at.value}\` past its entrypoint, which alone adds the TCP listener and the certificates`;
}

function remedyOf({ by, words, ports }: DroppedListener): string {
  if (ports.length > 0) return "name the same port on both sides";
  return by === "command" && isDaemon(words.value[0])
    ? 'give only the flags, such as `command: ["--mtu=1360"]`'
    : "start `dockerd-entrypoint.sh` instead of `dockerd`";
}

const isDaemon = (word: string | undefined): boolean => word !== undefined && /(^|\/)dockerd$/.test(word);

/** Only where the entrypoint then listens where the job knocks. */
function fixesOf({ by, words, ports, port, service }: DroppedListener): readonly FixDraft[] {
  const own = entrypointPort(service);
  const setsHost = words.value.some((word) => /^(-H|--host|--tls)/.test(word));
  if (by !== "command" || !isDaemon(words.value[0]) || setsHost || ports.length > 0 || own === undefined)
    return [];
  return port === undefined || port === own
    ? fixOf("Remove `dockerd`: give only the flags", startThroughEntrypoint(service, own === 2375))
    : [];
}
