import assert from "node:assert/strict";
import { expandText } from "../../../server/src/core/model/docker/expand";
import {
  baseNameOf,
  normaliseReference,
  parseReference,
  registryName,
  sameReference,
  type ImageReference,
} from "../../../server/src/core/model/docker/image-reference";
import { showText } from "../../../server/src/core/model/docker/symbolic";
import { askJob, jobWith } from "./ask";

const variables = "variables:\n  REG: registry.example.com:5000\n  FULL: registry.example.com/a/b:1";

const parse = (text: string): ImageReference =>
  askJob(jobWith("true", variables), (ctx, job) => {
    const [expanded] = expandText(ctx, job, text);
    assert.ok(expanded !== undefined);
    return parseReference(expanded);
  });

/** "registry | repository | tag | digest", "?" for what is not known, "-" for what is not there. */
function show(text: string): string {
  const { repository, tag, digest, registry } = parse(text);
  const shownTag = !tag.known ? "?" : tag.value === undefined ? "-" : showText(tag.value);
  const shownRegistry = !registry.known ? "?" : registry.value === undefined ? "-" : showText(registry.value);
  return [shownRegistry, showText(repository), shownTag, digest === undefined ? "-" : showText(digest)].join(" | ");
}

describe("image-reference", () => {
  const table: readonly (readonly [text: string, parts: string])[] = [
    ["alpine", "- | alpine | - | -"],
    ["alpine:3", "- | alpine | 3 | -"],
    ["group/app", "- | group/app | - | -"],
    ["docker.io/library/alpine:3", "docker.io | library/alpine | 3 | -"],
    ["registry.example.com/a/b", "registry.example.com | a/b | - | -"],
    ["registry:5000/a", "registry:5000 | a | - | -"],
    ["localhost/a:1", "localhost | a | 1 | -"],
    ["MyHost/a", "MyHost | a | - | -"],
    ["registry:5000", "- | registry | 5000 | -"],
    ["a@sha256:0123", "- | a | - | sha256:0123"],
    ["a:1@sha256:0123", "- | a | 1 | sha256:0123"],
    ["a:", "- | a |  | -"],
    ["$REG/app:$CI_COMMIT_SHA", "registry.example.com:5000 | app | $CI_COMMIT_SHA | -"],
    ["$FULL", "registry.example.com | a/b | 1 | -"],
    ["$CI_REGISTRY/$CI_PROJECT_PATH", "$CI_REGISTRY | $CI_PROJECT_PATH | - | -"],
    ["$CI_REGISTRY_IMAGE", "$CI_REGISTRY | $CI_REGISTRY_IMAGE | - | -"],
    ["$CI_REGISTRY_IMAGE/web:$CI_COMMIT_REF_SLUG", "$CI_REGISTRY | $CI_REGISTRY_IMAGE/web | $CI_COMMIT_REF_SLUG | -"],
    ["$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/docker:dind", "$CI_DEPENDENCY_PROXY_SERVER | $CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/docker | dind | -"],
    ["$UNKNOWN", "? | $UNKNOWN | ? | -"],
    ["$UNKNOWN/app:1", "? | $UNKNOWN/app | 1 | -"],
    ["$UNKNOWN:1", "? | $UNKNOWN | 1 | -"],
    ["group/$UNKNOWN", "- | group/$UNKNOWN | ? | -"],
    ["$HOST.example.com/app", "$HOST.example.com | app | - | -"],
  ];
  for (const [text, parts] of table) it(text, () => assert.equal(show(text), parts));

  const equal: readonly (readonly [a: string, b: string])[] = [
    ["alpine", "docker.io/library/alpine:latest"],
    ["group/a:1", "index.docker.io/group/a:1"],
    ["$CI_REGISTRY/$CI_PROJECT_PATH", "$CI_REGISTRY_IMAGE:latest"],
    ["$CI_REGISTRY/$CI_PROJECT_PATH/web:1", "${CI_REGISTRY_IMAGE}/web:1"],
    ["$FULL", "registry.example.com/a/b:1"],
    ["$UNKNOWN", "${UNKNOWN}"],
  ];
  for (const [a, b] of equal) it(`${a} is ${b}`, () => assert.equal(sameReference(parse(a), parse(b)), true));

  const different: readonly (readonly [a: string, b: string])[] = [
    ["alpine", "alpine:3"],
    ["registry.example.com/alpine", "alpine"],
    ["$CI_REGISTRY_IMAGE", "$CI_REGISTRY_IMAGE/web"],
    ["a:$CI_COMMIT_SHA", "a:$CI_COMMIT_SHORT_SHA"],
    ["a@sha256:1", "a:latest"],
  ];
  for (const [a, b] of different) it(`${a} is not ${b}`, () => assert.equal(sameReference(parse(a), parse(b)), false));

  it("gives the canonical form, the base name and the registry", () => {
    assert.equal(showText(normaliseReference(parse("docker.io/library/alpine"))), "alpine:latest");
    assert.equal(showText(normaliseReference(parse("$UNKNOWN"))), "$UNKNOWN");
    assert.equal(baseNameOf(parse("$REG/x/docker:29")), "docker");
    assert.equal(baseNameOf(parse("$REG/x/$UNKNOWN")), undefined);
    assert.equal(registryName(parse("alpine")), "docker.io");
    assert.equal(registryName(parse("$CI_REGISTRY_IMAGE:1")), "$CI_REGISTRY");
    assert.equal(registryName(parse("$UNKNOWN:1")), undefined);
  });
});
