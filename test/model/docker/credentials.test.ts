// Who is logged in where, with what; and which project a checkout belongs to.
import assert from "node:assert/strict";
import { hasOtherCredentials, loginsOf } from "../../../server/src/core/model/docker/credentials";
import { sameRegistry } from "../../../server/src/core/model/docker/registry-name";
import { ownProjectOf, projectOfUrl } from "../../../server/src/core/model/own-project";
import { askJob, jobWith, withFiles } from "./ask";

/** "registry account variables" of each login. */
const logins = (script: string, rest = ""): readonly string[] =>
  askJob(jobWith(script, rest), (ctx, job) =>
    loginsOf(ctx, job).map(
      ({ registries, account, variables }) =>
        `${registries.map((name) => name ?? "?").join(" or ")} ${account} ${variables.join(",")}`,
    ),
  );

describe("credentials", () => {
  it("tell whose they are, and for which registry", () => {
    assert.deepEqual(
      logins(
        [
          'echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin $CI_REGISTRY',
          "docker login -u gitlab-ci-token -p $CI_JOB_TOKEN https://$CI_REGISTRY/",
          "docker login -u $CI_DEPLOY_USER -p $CI_DEPLOY_PASSWORD ${CI_REGISTRY_IMAGE}",
          "docker login -u me --password-stdin <<< $TOKEN",
          "podman login -u me -p x",
          "crane auth login ghcr.io -u me -p $TOKEN",
          "docker login -u $CI_REGISTRY_USER -p $OTHER index.docker.io",
        ].join("\n"),
      ),
      [
        "$CI_REGISTRY job CI_REGISTRY_USER,CI_REGISTRY_PASSWORD",
        "$CI_REGISTRY job CI_JOB_TOKEN",
        "$CI_REGISTRY deploy-token CI_DEPLOY_USER,CI_DEPLOY_PASSWORD",
        "docker.io other TOKEN",
        "? other ",
        "ghcr.io other TOKEN",
        "docker.io other CI_REGISTRY_USER,OTHER",
      ],
    );
  });

  it("are somebody's where the pipeline sets the variable anew", () => {
    assert.deepEqual(
      logins("docker login -u $CI_REGISTRY_USER -p x $R", "variables: { CI_REGISTRY_USER: me, R: quay.io }"),
      ["quay.io other CI_REGISTRY_USER"],
    );
  });

  it("come in other ways too", () => {
    const other = (script: string): boolean => askJob(jobWith(script), hasOtherCredentials);
    assert.equal(other("docker login -u a -p b"), false);
    assert.equal(other("aws ecr get-login-password | docker login -u AWS --password-stdin 1.dkr.ecr.eu-west-1.amazonaws.com"), false);
    assert.equal(other("docker login -u a -p b\ngcloud auth configure-docker"), true);
    assert.equal(other('echo "$AUTH" > ~/.docker/config.json'), true);
    assert.equal(other("docker --config x push y"), true);
  });
});

describe("the same registry", () => {
  const git = (url: string): Readonly<Record<string, string>> => ({
    ".git/config": `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n`,
  });
  const table: readonly (readonly [a: string, b: string, url: string | undefined, answer: string])[] = [
    ["ghcr.io", "ghcr.io", undefined, "yes"],
    ["ghcr.io", "quay.io", undefined, "no"],
    ["$CI_REGISTRY", "docker.io", undefined, "no"],
    ["1.dkr.ecr.eu-west-1.amazonaws.com", "$CI_REGISTRY", undefined, "no"],
    ["$CI_REGISTRY", "registry.example.com", undefined, "unknown"],
    ["$CI_REGISTRY", "registry.gitlab.com", undefined, "unknown"],
    ["$CI_REGISTRY", "registry.gitlab.com", "git@gitlab.com:a/b.git", "yes"],
    ["$CI_REGISTRY", "registry.gitlab.com", "git@gitlab.example.com:a/b.git", "no"],
    ["$CI_REGISTRY", "registry.example.com", "git@gitlab.example.com:a/b.git", "unknown"],
    ["$CI_REGISTRY", "registry.gitlab.com", "git@github.com:a/b.git", "unknown"],
    ["$REGISTRY", "docker.io", undefined, "unknown"],
    ["$CI_REGISTRY", "$REGISTRY", undefined, "unknown"],
  ];
  for (const [a, b, url, answer] of table) {
    it(`${a} and ${b}${url === undefined ? "" : ` in ${url}`}: ${answer}`, () => {
      assert.equal(
        withFiles(url === undefined ? {} : git(url), (ctx) => sameRegistry(ctx, a, b)),
        answer,
      );
    });
  }
});

describe("the own project", () => {
  it("is read from each kind of URL", () => {
    for (const url of [
      "git@gitlab.example.com:Group/sub/app.git",
      "ssh://git@gitlab.example.com:2222/Group/sub/app.git",
      "https://gitlab.example.com/Group/sub/app",
      "https://user:token@gitlab.example.com:8443/Group/sub/app.git/",
    ])
      assert.deepEqual(projectOfUrl(url), { host: "gitlab.example.com", path: "group/sub/app" }, url);
  });

  it("is not known for other hosts, files and half an URL", () => {
    for (const url of ["https://github.com/a/b.git", "../other", "/srv/git/a.git", "https://gitlab.com/a", ""])
      assert.equal(projectOfUrl(url), undefined, url);
  });

  it("is that of origin, or of the only remote", () => {
    const projectOf = (config: string): unknown =>
      withFiles({ ".git/config": config }, (ctx) => ctx.get(ownProjectOf, null)?.path);
    const remote = (name: string, path: string): string => `[remote "${name}"]\n  url = git@gitlab.com:${path}\n`;
    assert.equal(projectOf(remote("fork", "x/y") + remote("origin", "a/b")), "a/b");
    assert.equal(projectOf(remote("upstream", "x/y")), "x/y");
    assert.equal(projectOf(remote("one", "x/y") + remote("two", "a/b")), undefined);
    assert.equal(projectOf('[branch "main"]\n  url = git@gitlab.com:x/y\n'), undefined);
  });
});
