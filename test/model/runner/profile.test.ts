import assert from "node:assert/strict";
import { runnerConfigsOf } from "../../../server/src/core/model/runner/config";
import { profileOf, type RunnerProfile } from "../../../server/src/core/model/runner/profile";
import type { RunnerSetting } from "../../../server/src/core/settings/settings";
import { askJob, withFiles, written, type Files } from "../docker/ask";

const JOB = "build:\n  script: [docker ps]\n";
const tagged = (...tags: readonly string[]): string => `build:\n  tags: [${tags.join(", ")}]\n  script: [docker ps]\n`;

const DOCKER = `concurrent = 1
[[runners]]
  name = "one"
  executor = "docker"
  environment = ["DOCKER_TLS_CERTDIR=", "FF_NETWORK_PER_BUILD=true"]
  [runners.docker]
    image = "alpine"
    privileged = true
    volumes = ["/certs/client", "/cache"]
    allowed_privileged_services = ["docker.io/library/docker:*-dind"]
    [[runners.docker.services]]
      name = "docker:29-dind"
      alias = "docker, dockerd"
      command = ["--tls=false"]
`;

const profile = (pipeline: string, files: Files = {}, runners: readonly RunnerSetting[] = []): RunnerProfile =>
  askJob(pipeline, (ctx, job) => profileOf(ctx, job), files, { runners });

const setting = (parts: Partial<RunnerSetting>): RunnerSetting => ({
  tags: [],
  executor: "docker",
  privileged: undefined,
  volumes: [],
  environment: new Map(),
  ...parts,
});

describe("runner profile", () => {
  it("is unknown where nothing says anything", () => {
    const found = profile(JOB);
    assert.deepEqual([found.source, found.isKnown, found.privileged, found.volumes, found.ignoresImages], ["unknown", false, undefined, undefined, undefined]);
  });

  it("reads the only runner of the workspace, with places", () => {
    const found = profile(JOB, { "runner/config.toml": DOCKER });
    assert.deepEqual([found.source, found.file, found.name, found.executor, found.isDoubtful], ["config", "runner/config.toml", "one", "docker", false]);
    assert.deepEqual([found.privileged?.value, written(found.privileged?.at)], [true, "true"]);
    assert.deepEqual([found.servicesPrivileged?.value, found.servicesPrivileged?.at], [false, undefined]);
    assert.deepEqual(found.volumes?.map(({ value }) => value), ["/certs/client", "/cache"]);
    assert.deepEqual(found.allowedPrivilegedServices?.map(({ value }) => value), ["docker.io/library/docker:*-dind"]);
    assert.equal(found.allowedPrivilegedImages, undefined);
    assert.equal(found.environment.get("DOCKER_TLS_CERTDIR")?.value, "");
    assert.equal(found.featureFlags.get("FF_NETWORK_PER_BUILD"), true);
    assert.equal(found.image?.value, "alpine");
    assert.deepEqual(found.services.map(({ name, aliases, command }) => [name.value, aliases, command]), [["docker:29-dind", ["docker", "dockerd"], ["--tls=false"]]]);
    assert.equal(found.ignoresImages, false);
    assert.deepEqual(found.evidence.map(written), ["[[runners]]", '"docker"']);
  });

  it("takes Runner's default only from a file without errors", () => {
    const text = '[[runners]]\n  executor = "docker"\n  [runners.docker]\n    image = "a"\n';
    assert.deepEqual(profile(JOB, { "config.toml": text }).privileged, { value: false, at: undefined });
    assert.deepEqual(profile(JOB, { "config.toml": text }).volumes, []);
    const broken = profile(JOB, { "config.toml": `${text}    privileged = true <-- mandatory\n` });
    assert.equal(broken.privileged, undefined);
    assert.equal(broken.volumes, undefined);
  });

  it("knows nothing where there are several runners", () => {
    assert.equal(profile(JOB, { "config.toml": DOCKER + DOCKER }).isKnown, false);
    assert.equal(profile(JOB, { "a/config.toml": DOCKER, "b/config.toml": DOCKER }).isKnown, false);
  });

  it("doubts examples", () => {
    for (const folder of ["docs", "examples/x", "test"]) assert.equal(profile(JOB, { [`${folder}/config.toml`]: DOCKER }).isDoubtful, true, folder);
  });

  it("does not take a runner that the tags contradict", () => {
    const files = { "config.toml": DOCKER };
    for (const tag of ["windows", "kubernetes", "shell", "saas-macos-medium-m1"]) assert.equal(profile(tagged(tag), files).source, "unknown", tag);
    for (const tag of ["docker", "linux", "my-runner"]) assert.equal(profile(tagged(tag), files).source, "config", tag);
  });

  it("reads Kubernetes volumes", () => {
    const text = '[[runners]]\n  executor = "kubernetes"\n  [runners.kubernetes]\n    [[runners.kubernetes.volumes.empty_dir]]\n      name = "c"\n      mount_path = "/certs/client"\n';
    const found = profile(JOB, { "config.toml": text });
    assert.deepEqual([found.executor, found.mountPaths.map(({ value }) => value)], ["kubernetes", ["/certs/client"]]);
  });

  it("knows executors that ignore images", () => {
    const found = profile(JOB, { "config.toml": '[[runners]]\n  executor = "shell"\n' });
    assert.deepEqual([found.executor, found.ignoresImages], ["shell", true]);
  });

  it("ignores other TOML files", () => {
    withFiles({ "config.toml": "[a]\nb = 1\n", "Cargo.toml": DOCKER, "gitlab-runner.toml": DOCKER, ".gitlab-ci.yml": JOB }, (ctx) =>
      assert.deepEqual(runnerConfigsOf(ctx).map(({ path }) => path), ["gitlab-runner.toml"]),
    );
  });

  it("prefers the settings, the first entry that fits", () => {
    const runners = [
      setting({ tags: ["a", "b"], executor: "kubernetes", volumes: ["/certs/client"] }),
      setting({ tags: ["a"], privileged: true, volumes: ["/var/run/docker.sock:/var/run/docker.sock"] }),
      setting({ tags: [], executor: "shell" }),
    ];
    const files = { "config.toml": DOCKER };
    assert.equal(profile(tagged("b", "a", "c"), files, runners).executor, "kubernetes");
    assert.deepEqual(profile(tagged("b", "a"), files, runners).mountPaths.map(({ value }) => value), ["/certs/client"]);
    assert.deepEqual([profile(tagged("a"), files, runners).source, profile(tagged("a"), files, runners).privileged?.value], ["settings", true]);
    assert.equal(profile(JOB, files, runners).executor, "shell");
    assert.equal(profile(tagged("z"), files, runners).source, "config");
  });

  it("knows GitLab's own runners by tag", () => {
    const found = profile(tagged("saas-linux-small-amd64"));
    assert.deepEqual([found.source, found.executor, found.privileged?.value, found.volumes], ["preset", "docker+machine", true, undefined]);
  });
});
