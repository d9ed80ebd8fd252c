import assert from "node:assert/strict";
import { daemonForCommand, daemonOf, type DaemonAccess } from "../../../server/src/core/model/docker/daemon";
import { answersTo } from "../../../server/src/core/model/docker/dind-service";
import { commandsOf } from "../../../server/src/core/model/docker/find-commands";
import { askJob, written, type Files } from "./ask";

const RUNNER = (docker: string, rest = ""): Files => ({ "config.toml": `[[runners]]\n  executor = "docker"\n${rest}  [runners.docker]\n${docker}` });
const KUBERNETES: Files = { "config.toml": '[[runners]]\n  executor = "kubernetes"\n  [runners.kubernetes]\n    privileged = true\n' };
const SHELL: Files = { "config.toml": '[[runners]]\n  executor = "shell"\n' };

const job = (body: string, script = "docker build ."): string => `build:\n  image: docker:29\n  script:\n    - ${script}\n${body}`;

const access = (pipeline: string, files: Files = {}): DaemonAccess => askJob(pipeline, (ctx, found) => daemonOf(ctx, found), files);

describe("daemon: kinds", () => {
  const dind = "  services: [docker:29-dind]\n";
  const host = (value: string): string => `  variables: {DOCKER_HOST: "${value}"}\n`;
  const table: readonly (readonly [name: string, pipeline: string, files: Files, kind: DaemonAccess["kind"]])[] = [
    ["nothing known", job(""), {}, "unknown"],
    ["runner without anything", job(""), RUNNER("    privileged = true\n"), "none"],
    ["runner with the socket", job(""), RUNNER('    volumes = ["/var/run/docker.sock:/var/run/docker.sock"]\n'), "socket"],
    ["shell executor", job(""), SHELL, "runner"],
    ["dind", job(dind), {}, "dind"],
    ["dind of the runner", job(""), RUNNER('    [[runners.docker.services]]\n      name = "docker:29-dind"\n'), "dind"],
    ["the client image as service", job("  services: [docker:20.10]\n"), RUNNER(""), "none"],
    ["since 23 the bare tag is dind", job("  services: [docker:24]\n"), {}, "dind"],
    ["remote host", job(host("tcp://build.example.com:2376")), {}, "remote"],
    ["remote host by ssh", job(host("ssh://a@b")), {}, "remote"],
    ["host is a socket", job(host("unix:///runner/services/docker.sock")), {}, "socket"],
    ["host docker without a service", job(host("tcp://docker:2375")), RUNNER(""), "none"],
    ["host docker without a service, runner unknown", job(host("tcp://docker:2375")), {}, "unknown"],
    ["host of an unknown variable", job(host("$SOMEWHERE")), RUNNER(""), "unknown"],
    ["empty host", job(host("") + dind), {}, "dind"],
    ["host from the runner", job(""), RUNNER("", '  environment = ["DOCKER_HOST=tcp://build.example.com:2375"]\n'), "remote"],
    ["dind beside the socket", job(dind), RUNNER('    volumes = ["/var/run/docker.sock:/var/run/docker.sock"]\n'), "socket"],
    ["a daemon that the script starts", job("", "dockerd & docker info"), RUNNER(""), "runner"],
    ["a service that is nothing known", job('  services: ["$DIND_IMAGE"]\n'), RUNNER(""), "dind"],
    ["another service", job("  services: [postgres:16]\n"), RUNNER(""), "none"],
    ["an alias docker", job("  services: [{name: registry.example.com/x:1, alias: docker}]\n"), {}, "dind"],
  ];
  for (const [name, pipeline, files, kind] of table) it(name, () => assert.equal(access(pipeline, files).kind, kind));

  it("does not say none where the job could not be read whole", () => {
    assert.equal(access(`include: https://example.com/x.yml\n${job("")}`, RUNNER("")).kind, "unknown");
  });

  it("gives the lines it rests on", () => {
    const found = access(job(dind + host("tcp://docker:2375")));
    assert.deepEqual(found.evidence.map(({ at }) => written(at)), ['"tcp://docker:2375"', "docker:29-dind"]);
    assert.equal(found.target?.at.value, "docker:29-dind");
  });
});

describe("daemon: hosts of commands", () => {
  const kinds = (...script: readonly string[]): readonly string[] =>
    askJob(`build:\n  services: [docker:29-dind]\n  script:\n${script.map((line) => `    - '${line}'\n`).join("")}`, (ctx, found) =>
      commandsOf(ctx, found).map((command) => daemonForCommand(ctx, command).kind),
    );
  it("takes -H, --context, assignments and exports", () => {
    assert.deepEqual(kinds("docker -H tcp://a.b:1 ps", "docker ps"), ["remote", "dind"]);
    assert.deepEqual(kinds("DOCKER_HOST=ssh://a docker ps", "docker ps"), ["remote", "dind"]);
    assert.deepEqual(kinds("docker ps", "export DOCKER_HOST=tcp://a.b:1", "docker ps"), ["dind", "remote"]);
  });
  it("reads an export before the first command", () => {
    const pipeline = job("  services: [docker:29-dind]\n", '"export DOCKER_HOST=tcp://docker:2375; docker ps"');
    const { host } = access(pipeline);
    assert.deepEqual([host?.port, host?.effective.scope, written(host?.effective.at?.at)], [2375, "script", "tcp://docker:2375"]);
  });
});

describe("daemon: TLS of a dind service", () => {
  const tls = (body: string, files: Files = {}): readonly unknown[] => {
    const [service] = access(job(body), files).dind;
    return [service?.tls, service?.ports, service?.certdir.scope];
  };
  const table: readonly (readonly [name: string, body: string, files: Files, expected: readonly unknown[]])[] = [
    ["the image's default", "  services: [docker:29-dind]\n", {}, ["on", [2376], "image"]],
    ["19.03 has TLS", "  services: [docker:19.03-dind]\n", {}, ["on", [2376], "image"]],
    ["stable is 19.03", "  services: [docker:stable-dind]\n", {}, ["on", [2376], "image"]],
    ["18.09 has none", "  services: [docker:18.09-dind]\n", {}, ["off", [2375], "image"]],
    ["18.09 with a directory", "  services: [docker:18.09-dind]\n  variables: {DOCKER_TLS_CERTDIR: /certs}\n", {}, ["on", [2376], "job"]],
    ["18.06 never", "  services: [docker:18.06-dind]\n  variables: {DOCKER_TLS_CERTDIR: /certs}\n", {}, ["off", [2375], "job"]],
    ["switched off by the job", '  services: [docker:29-dind]\n  variables: {DOCKER_TLS_CERTDIR: ""}\n', {}, ["off", [2375], "job"]],
    ["switched off by the service", '  services: [{name: docker:29-dind, variables: {DOCKER_TLS_CERTDIR: ""}}]\n  variables: {DOCKER_TLS_CERTDIR: /certs}\n', {}, ["off", [2375], "service"]],
    ["switched off by the runner", "  services: [docker:29-dind]\n", RUNNER("", '  environment = ["DOCKER_TLS_CERTDIR="]\n'), ["off", [2375], "runner"]],
    ["the job wins over the runner", "  services: [docker:29-dind]\n  variables: {DOCKER_TLS_CERTDIR: /certs}\n", RUNNER("", '  environment = ["DOCKER_TLS_CERTDIR="]\n'), ["on", [2376], "job"]],
    ["not known", "  services: [docker:29-dind]\n  variables: {DOCKER_TLS_CERTDIR: $X}\n", {}, ["unknown", [], "job"]],
    ["flags keep the entrypoint", '  services: [{name: docker:29-dind, command: ["--tls=false"]}]\n', {}, ["on", [2376], "image"]],
    ["dockerd bypasses it", "  services: [{name: docker:29-dind, command: [dockerd, --host=tcp://0.0.0.0:2375]}]\n", {}, ["unknown", [2375], "image"]],
    ["a custom image", "  services: [{name: example/my-dind, alias: docker}]\n", {}, ["unknown", [], "image"]],
    ["a variable version", "  services: [docker:$V-dind]\n", {}, ["on", [2376], "image"]],
  ];
  for (const [name, body, files, expected] of table) it(name, () => assert.deepEqual(tls(body, files), expected));
});

describe("daemon: names of a service", () => {
  const names = (service: string): readonly string[] => access(job(`  services: [${service}]\n`)).dind[0]?.hostnames ?? [];
  it("derives them as Runner does", () => {
    assert.deepEqual(names("docker:29-dind"), ["docker"]);
    assert.deepEqual(names("registry.example.com:5000/grp/docker:dind"), ["registry.example.com__grp__docker", "registry.example.com-grp-docker"]);
    assert.deepEqual(names('{name: docker:dind, alias: "a, b c"}'), ["docker", "a", "b", "c"]);
  });

  it("says whether a service answers, where its image is not all known", () => {
    const [proxied] = access(job("  services: [$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/docker:29-dind]\n")).dind;
    assert.ok(proxied !== undefined);
    assert.equal(answersTo(proxied, "docker"), false);
    assert.equal(answersTo(proxied, "x-docker"), undefined);
  });

  it("means the service that DOCKER_HOST names, or none", () => {
    const target = (host: string, files: Files = {}): string | undefined =>
      access(job(`  services: [{name: docker:29-dind, alias: engine}]\n  variables: {DOCKER_HOST: "${host}"}\n`), files).target?.at.value;
    assert.equal(target("tcp://docker:2376"), "docker:29-dind");
    assert.equal(target("tcp://engine:2376/"), "docker:29-dind");
    assert.equal(target("tcp://other:2376"), undefined);
    assert.equal(target("tcp://localhost:2376", KUBERNETES), "docker:29-dind");
    assert.equal(target("tcp://localhost:2376", RUNNER("")), undefined);
  });
});
