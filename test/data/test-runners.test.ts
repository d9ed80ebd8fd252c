import assert from "node:assert/strict";
import { isOtherProvider } from "../../server/src/core/data/registries";
import { runsTests } from "../../server/src/core/data/test-runners";

const runs = (line: string): boolean => {
  const [program = "", ...words] = line.split(" ");
  return runsTests(program, words);
};

describe("test runners", () => {
  it("are known by program and words", () => {
    for (const line of [
      "npm test",
      "npm run test:unit",
      "yarn test --ci",
      "npx jest",
      "pytest -q",
      "python3 -m pytest",
      "go test ./...",
      "cargo test",
      "mvn -B verify",
      "gradlew check",
      "make test",
      "bundle exec rspec",
    ])
      assert.equal(runs(line), true, line);
  });

  it("do nothing of the kind otherwise", () => {
    for (const line of [
      "npm ci",
      "npm run build",
      "pytest --version",
      "go build ./...",
      "make all",
      "mvn package",
      "test -f x",
    ])
      assert.equal(runs(line), false, line);
  });
});

describe("other providers", () => {
  it("are no registry of a GitLab", () => {
    for (const host of [
      "docker.io",
      "ghcr.io",
      "eu.gcr.io",
      "europe-docker.pkg.dev",
      "x.azurecr.io",
      "1.dkr.ecr.us-east-1.amazonaws.com",
    ])
      assert.equal(isOtherProvider(host), true, host);
    for (const host of [
      "registry.gitlab.com",
      "registry.example.com",
      "localhost:5000",
      "gcr.io.example.com",
    ])
      assert.equal(isOtherProvider(host), false, host);
  });
});
