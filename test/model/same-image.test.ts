// Which references may name one image although their texts differ.
import assert from "node:assert/strict";
import { predefinedVariable, UNKNOWN_PROPERTIES } from "../../server/src/core/data/predefined-variables";
import { parseReference, type ImageReference } from "../../server/src/core/model/docker/image-reference";
import { literal, type SymbolicPart } from "../../server/src/core/model/docker/symbolic";
import { mayBeSame, mayBeSameInJob } from "../../server/src/core/model/flow/same-image";

function variable(name: string): SymbolicPart {
  const predefined = predefinedVariable(name);
  return {
    kind: "variable",
    name,
    reason: predefined === undefined ? "unknown" : "predefined",
    properties: predefined ?? UNKNOWN_PROPERTIES,
    change: undefined,
    isSanitised: false,
    at: undefined,
    via: [],
  };
}

/** `$NAME` and text. */
const reference = (text: string): ImageReference =>
  parseReference({
    parts: text
      .split(/(\$\w+)/)
      .filter((piece) => piece !== "")
      .map((piece) => (piece.startsWith("$") ? variable(piece.slice(1)) : literal(piece))),
  });

describe("references that may name one image", () => {
  const pairs: readonly (readonly [a: string, b: string, answer: "yes" | "no" | "unknown"])[] = [
    ["app", "docker.io/library/app:latest", "yes"],
    ["$CI_REGISTRY/$CI_PROJECT_PATH:a", "$CI_REGISTRY_IMAGE:a", "yes"],
    ["$CI_REGISTRY_IMAGE:main", "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG", "unknown"],
    ["$CI_REGISTRY_IMAGE:$CI_DEFAULT_BRANCH", "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG", "unknown"],
    ["$CI_REGISTRY_IMAGE:latest", "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG", "no"],
    ["$CI_REGISTRY_IMAGE:buildcache", "$CI_REGISTRY_IMAGE:$CI_COMMIT_BRANCH", "no"],
    ["$CI_REGISTRY_IMAGE:main", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA", "no"],
    ["$CI_REGISTRY_IMAGE:12ab", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA", "unknown"],
    ["$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA", "no"],
    ["$CI_REGISTRY_IMAGE:$CI_COMMIT_BEFORE_SHA", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA", "unknown"],
    ["$CI_REGISTRY_IMAGE:$CI_PIPELINE_ID", "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA", "no"],
    ["$CI_REGISTRY_IMAGE/a:x", "$CI_REGISTRY_IMAGE/b:x", "no"],
    ["$CI_REGISTRY_IMAGE:x", "$CI_REGISTRY_IMAGE:x-$CI_COMMIT_REF_SLUG", "no"],
    ["$CI_REGISTRY_IMAGE:x-main", "$CI_REGISTRY_IMAGE:x-$CI_COMMIT_REF_SLUG", "unknown"],
    ["$CI_REGISTRY_IMAGE:x", "registry.gitlab.com/group/project:x", "unknown"],
    ["$CI_REGISTRY_IMAGE:x", "registry.gitlab.com/group/project:y", "no"],
    ["$IMAGE", "$CI_REGISTRY_IMAGE/app:x", "unknown"],
    ["$CI_REGISTRY_IMAGE:$TAG", "$CI_REGISTRY_IMAGE:latest", "unknown"],
    ["$CI_REGISTRY_IMAGE/a:$TAG", "$CI_REGISTRY_IMAGE/b:$TAG", "no"],
    ["app@sha256:abc", "app:latest", "no"],
  ];
  for (const [a, b, answer] of pairs) {
    it(`${a} and ${b}: ${answer}`, () => {
      assert.equal(mayBeSame(reference(a), reference(b)), answer);
      assert.equal(mayBeSame(reference(b), reference(a)), answer, "the other way round");
    });
  }

  it("takes what GitLab sets for one value in one job", () => {
    const [main, slug] = [reference("app:main"), reference("app:$CI_COMMIT_REF_SLUG")];
    assert.equal(mayBeSameInJob(main, slug), "no");
    assert.equal(mayBeSameInJob(main, reference("app:$TAG")), "unknown");
    assert.equal(mayBeSameInJob(slug, slug), "yes");
  });

  it("does not try texts with many variables", () => {
    const many = `app:${"$CI_COMMIT_REF_SLUG-".repeat(9)}x`;
    assert.equal(mayBeSame(reference(many), reference(`app:${"a".repeat(120)}y-x`)), "unknown");
  });
});
