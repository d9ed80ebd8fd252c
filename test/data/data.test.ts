import assert from "node:assert/strict";
import { endOfDocker, ENDED_DOCKER_LINES } from "../../server/src/core/data/docker-lifecycles";
import {
  canonicalVerb,
  DOCKER_FLAGS,
  flagsOf,
  globalFlagsOf,
  isVerbGroup,
} from "../../server/src/core/data/docker-flags";
import {
  compareVersions,
  DOCKER_RELEASES,
  isAtLeast,
  NEWEST_MAINTAINED_MAJOR,
  parseDockerVersion,
  releaseOf,
} from "../../server/src/core/data/docker-versions";
import {
  builderImage,
  dockerImageTag,
  IMAGES_WITHOUT_DOCKER,
  IMAGES_WITHOUT_SHELL,
  isListed,
} from "../../server/src/core/data/known-images";
import {
  predefinedVariable,
  PREDEFINED_VARIABLES,
  REMOVED_VARIABLES,
} from "../../server/src/core/data/predefined-variables";

describe("data: docker flags", () => {
  it("names flags without dashes, short ones with one letter", () => {
    for (const [tool, { global, verbs }] of Object.entries(DOCKER_FLAGS)) {
      for (const { byName } of [global, ...Object.values(verbs)]) {
        for (const [name, spec] of byName) {
          assert.match(name, /^[A-Za-z][\w.-]*$/, tool);
          assert.ok(name === spec.name || name === spec.short, `${tool} ${name}`);
          assert.ok(spec.short === undefined || spec.short.length === 1, `${tool} ${name}`);
        }
      }
    }
  });

  const arities: readonly (readonly [
    tool: string,
    verb: string,
    flag: string,
    name: string,
    arity: string,
  ])[] = [
    ["docker", "build", "t", "tag", "value"],
    ["docker", "build", "pull", "pull", "boolean"],
    ["docker", "build", "provenance", "provenance", "value"],
    ["docker", "buildx build", "push", "push", "boolean"],
    ["docker", "run", "v", "volume", "value"],
    ["docker", "run", "pull", "pull", "value"],
    ["docker", "login", "password-stdin", "password-stdin", "boolean"],
    ["docker", "save", "o", "output", "value"],
    ["docker", "compose up", "d", "detach", "boolean"],
    ["podman", "build", "layers", "layers", "optional"],
    ["buildah", "push", "tls-verify", "tls-verify", "optional"],
    ["nerdctl", "build", "f", "file", "value"],
  ];
  for (const [tool, verb, flag, name, arity] of arities) {
    it(`${tool} ${verb} --${flag}`, () => {
      const spec = flagsOf(tool, verb)?.byName.get(flag);
      assert.deepEqual([spec?.name, spec?.arity], [name, arity]);
    });
  }

  it("knows global flags, groups and aliases", () => {
    assert.equal(globalFlagsOf("docker").byName.get("H")?.name, "host");
    assert.equal(globalFlagsOf("nothing").byName.size, 0);
    assert.equal(flagsOf("docker", "no such verb"), undefined);
    assert.equal(isVerbGroup("docker", "buildx imagetools"), true);
    assert.equal(isVerbGroup("docker", "build"), false);
    assert.equal(canonicalVerb("docker", "image build"), "build");
    assert.equal(canonicalVerb("buildah", "bud"), "build");
    assert.equal(canonicalVerb("crane", "cp"), "copy");
    assert.equal(canonicalVerb("docker", "cp"), "cp");
  });

  it("has a table for every verb that an alias means", () => {
    for (const words of [
      "image build",
      "image push",
      "container run",
      "container exec",
      "system info",
      "buildx b",
      "compose convert",
    ]) {
      assert.ok(flagsOf("docker", canonicalVerb("docker", words)) !== undefined, words);
    }
  });
});

describe("data: docker versions", () => {
  it("is in ascending order of versions and APIs", () => {
    const minor = (api: string): number => Number(api.split(".")[1]);
    for (const [index, release] of DOCKER_RELEASES.entries()) {
      const next = DOCKER_RELEASES[index + 1];
      if (next === undefined) continue;
      const [a, b] = [parseDockerVersion(release.since), parseDockerVersion(next.since)];
      assert.ok(a !== undefined && b !== undefined && compareVersions(a, b) < 0, next.since);
      assert.ok(minor(release.api) <= minor(next.api), next.since);
      assert.ok(minor(next.minimumForDaemon) <= minor(next.api), next.since);
    }
    assert.match(DOCKER_RELEASES.at(-1)?.since ?? "", new RegExp(`^${String(NEWEST_MAINTAINED_MAJOR)}\\.`));
  });

  it("reads and compares versions", () => {
    assert.deepEqual(parseDockerVersion("29.6.2-dind"), { major: 29, minor: 6, patch: 2 });
    assert.deepEqual(parseDockerVersion("v20.10"), { major: 20, minor: 10, patch: undefined });
    assert.equal(parseDockerVersion("latest"), undefined);
    assert.equal(parseDockerVersion(""), undefined);
    const at = (tag: string, since: string): boolean => {
      const version = parseDockerVersion(tag);
      assert.ok(version !== undefined);
      return isAtLeast(version, since);
    };
    assert.deepEqual(
      [at("29", "29.3"), at("29.2", "29.3"), at("19.03.15", "19.03"), at("18.09", "19.03"), at("23", "23")],
      [true, false, true, false, true],
    );
  });

  it("knows API windows", () => {
    const api = (tag: string): string | undefined => {
      const version = parseDockerVersion(tag);
      return version === undefined ? undefined : releaseOf(version)?.api;
    };
    assert.deepEqual(
      [api("24.0.7"), api("27.1"), api("27.3.1"), api("28.3"), api("29.4"), api("29"), api("1.13")],
      ["1.43", "1.46", "1.47", "1.51", "1.54", "1.55", undefined],
    );
  });
});

describe("data: known images", () => {
  const tags: readonly (readonly [tag: string, is: string, hasTls: boolean])[] = [
    ["latest", "dind", true],
    ["dind", "dind", true],
    ["cli", "client", true],
    ["29", "dind", true],
    ["29.6.2-cli", "client", true],
    ["29.6.2-dind", "dind", true],
    ["27-dind-rootless", "dind", true],
    ["24.0.7-alpine3.18", "dind", true],
    ["23", "dind", true],
    ["20.10", "client", true],
    ["20.10-dind", "dind", true],
    ["19.03", "client", true],
    ["stable", "client", true],
    ["stable-dind", "dind", true],
    ["18.09-dind", "dind", false],
    ["17", "client", false],
    ["git", "client", true],
  ];
  for (const [tag, is, hasTls] of tags) {
    it(`docker:${tag}`, () => {
      const found = dockerImageTag(tag);
      assert.deepEqual([found.is, found.hasTls], [is, hasTls]);
    });
  }

  for (const [name, images] of Object.entries({ IMAGES_WITHOUT_DOCKER, IMAGES_WITHOUT_SHELL })) {
    it(`${name} has rows with sources and dates, in order within a source, none twice`, () => {
      const names = images.map(({ repository }) => repository);
      assert.equal(new Set(names).size, names.length);
      for (const [index, { repository, source, asOf }] of images.entries()) {
        assert.match(repository, /^[a-z0-9][a-z0-9./_-]*$/);
        assert.doesNotMatch(repository, /^(docker\.io|library)\//);
        assert.match(source, /^https:\/\//);
        assert.match(asOf, /^20\d\d-(0[1-9]|1[0-2])$/);
        const next = images[index + 1];
        if (next?.source === source)
          assert.ok(repository < next.repository, `${repository} ${next.repository}`);
      }
    });
  }

  it("finds images by repository and by what they stand below", () => {
    assert.equal(isListed(IMAGES_WITHOUT_DOCKER, "python"), true);
    assert.equal(isListed(IMAGES_WITHOUT_DOCKER, "mcr.microsoft.com/dotnet/sdk"), true);
    assert.equal(isListed(IMAGES_WITHOUT_DOCKER, "group/python"), false);
    assert.equal(isListed(IMAGES_WITHOUT_DOCKER, "pythonista"), false);
    assert.equal(isListed(IMAGES_WITHOUT_DOCKER, "docker"), false);
    assert.equal(isListed(IMAGES_WITHOUT_DOCKER, "gcr.io/google.com/cloudsdktool/cloud-sdk"), false);
    assert.equal(isListed(IMAGES_WITHOUT_SHELL, "gcr.io/distroless/static-debian12"), true);
    assert.equal(isListed(IMAGES_WITHOUT_SHELL, "busybox"), false);
  });

  it("knows builders", () => {
    assert.equal(builderImage("gcr.io/kaniko-project/executor"), "kaniko");
    assert.equal(builderImage("quay.io/buildah/stable"), "buildah");
    assert.equal(builderImage("moby/buildkit"), "buildkit");
    assert.equal(builderImage("example/notmoby/buildkit2"), undefined);
  });
});

describe("data: predefined variables", () => {
  it("has names of variables only, and phrases where one may be empty", () => {
    assert.ok(PREDEFINED_VARIABLES.size > 150);
    for (const [name, properties] of PREDEFINED_VARIABLES) {
      assert.match(name, /^[A-Z][A-Z0-9_]*$/);
      assert.equal(properties.mayBeEmpty, properties.emptyWhen !== "", name);
      if (properties.lowerSafe)
        assert.ok(!properties.maySlash && !properties.mayUpper && !properties.mayBadTagChar, name);
      const { replacement } = properties;
      if (replacement !== undefined) assert.ok(PREDEFINED_VARIABLES.has(replacement), name);
    }
  });

  it("replaces by something safer", () => {
    for (const [name, { replacement, maySlash }] of PREDEFINED_VARIABLES) {
      if (replacement === undefined || replacement === "CI_REGISTRY_IMAGE" || !maySlash) continue;
      assert.equal(predefinedVariable(replacement)?.maySlash, false, name);
    }
  });

  it("answers for what it does not know", () => assert.equal(predefinedVariable("MY_VARIABLE"), undefined));

  it("knows what took the place of removed variables, which are no longer predefined", () => {
    for (const [old, name] of REMOVED_VARIABLES) {
      assert.equal(predefinedVariable(old), undefined, old);
      assert.ok(PREDEFINED_VARIABLES.has(name), name);
    }
  });
});

describe("data: docker lifecycles", () => {
  it("is in ascending order, with dates", () => {
    const versions = ENDED_DOCKER_LINES.map(({ since }) => parseDockerVersion(since));
    versions.slice(1).forEach((version, index) => {
      const before = versions[index];
      assert.ok(before !== undefined && version !== undefined && compareVersions(before, version) < 0);
    });
    ENDED_DOCKER_LINES.forEach(({ end }) => assert.match(end, /^20\d\d-\d\d-\d\d$/));
  });

  it("knows the end of a version, of a whole line, and none of what is maintained", () => {
    const endOf = (tag: string): string | undefined => {
      const version = parseDockerVersion(tag);
      return version === undefined ? undefined : endOfDocker(version);
    };
    assert.equal(endOf("20.10.24"), "2023-12-10");
    assert.equal(endOf("18"), "2019-08-22");
    assert.equal(endOf("1.11"), "2017-03-01");
    assert.equal(endOf("28"), "2026-05-13");
    assert.equal(endOf("29.6.2"), undefined);
  });
});
