// What is taken out of a text before somebody shows it to others, and what stays because it says nothing.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { MASK, maskSecrets } from "../../server/src/core/features/false-alarm/mask";

const masked = (text: string): string => maskSecrets([text]).texts[0] ?? "";

/** The text with `«secret»` for what must go. */
const HIDDEN: readonly string[] = [
  "DB_PASSWORD: «hunter2 and more»  # a comment",
  'DB_PASSWORD: "«a \\" b»"  # a comment',
  "  'API_TOKEN': '«it # is»'",
  "- SECRET: «&x»",
  "variables: { DEPLOY_TOKEN: «abc», MODE: fast, OTHER_KEY: '«x y»' }",
  "PASSWORD:\n  value: «abcdef»\n  description: what it is for",
  "PASSWORD: { value: «abcdef», expand: false }",
  "PRIVATE_KEY: |\n  «first line»\n  «second line»\nMODE: fast",
  "  PRIVATE_KEY: >-\n    «first line»\n\n    «second line»\n  MODE: fast",
  'KEY_SECRET: «"a»',
  "token = \"«glrt-abc»\"\n  executor = \"docker\"",
  'AccessKey = "«abc»"',
  "export API_TOKEN=«abc» && run",
  "RUN curl --header 'PRIVATE-TOKEN: «abcdef»' https://example.com",
  'curl -H "Authorization: Bearer «abcdef»" https://example.com',
  "curl -u bob:«pa55» https://example.com",
  "git clone https://bob:«pa55»@example.com/x.git",
  "git clone https://«abcdefghijklmnop1»@example.com/x.git",
  "docker login -u bob -p «pa55» registry.example.com",
  "docker login -u bob --password «pa55» registry.example.com",
  'docker login -u bob --password="«pa 55»" registry.example.com',
  'echo -n "«pa55»" | docker login -u bob --password-stdin registry.example.com',
  "gitlab-runner register --registration-token «abc»",
  "docker build --build-arg NPM_TOKEN=«abc» --build-arg=API_KEY=«def» .",
  'docker build --build-arg "API_TOKEN=«a b c»" .',
  "ENV API_TOKEN «a b c»",
  "ENV A=1 API_TOKEN=«abc» B=2",
  'environment = ["DOCKER_AUTH_CONFIG=«{\\"auths\\":{}}»", "A=b"]',
  '{ "auths": { "r": { "auth": "«dXNlcjpwYXNz»" } } }',
  "//registry.example.com/:_authToken=«abc»",
  "wget https://example.com/x?private_token=«abc»&y=1",
  "echo «glpat-0123456789abcdefghij»",
  "echo «AKIAIOSFODNN7EXAMPLE»",
  "echo «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def»",
  "X: «aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG»",
  "-----BEGIN KEY-----\nabc\n-----END KEY-----".replace(/^[^]*$/, "«$&»"),
];

const SHOWN: readonly string[] = [
  "CI_TOKEN: $CI_JOB_TOKEN",
  'DB_PASSWORD: "${DB_PASSWORD}"',
  "PASSWORD: $[[ inputs.password ]]",
  "PASSWORD: !reference [.x, variables, PASSWORD]",
  "PASSWORD:",
  "TOKEN_URL: https://example.com/token",
  "key: $CI_COMMIT_REF_SLUG",
  "PASSWORD=$(cat /run/secrets/password)",
  "docker run -p 8080:80 -u 1000:1000 nginx",
  "docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY",
  'echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin $CI_REGISTRY',
  "RUN --mount=type=secret,id=npm_token,target=/root/.npmrc npm ci",
  "image: docker:29@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "git checkout da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "$CI_REGISTRY_IMAGE/AVeryLongNameOfAnImageThatGoesOnAndOn",
  "https://gitlab.example.com/group/project/-/jobs",
  "DOCKER_TLS_CERTDIR: /certs",
  "ARG NPM_TOKEN",
  'docker warns "Using --password via the CLI is insecure"',
];

describe("masking", () => {
  for (const text of HIDDEN) {
    it(`hides ${JSON.stringify(text)}`, () => {
      const plain = text.replace(/[«»]/g, "");
      assert.equal(masked(plain), text.replace(/«[^»]*»/g, MASK));
    });
  }

  for (const text of SHOWN) it(`shows ${JSON.stringify(text)}`, () => assert.equal(masked(text), text));

  it("takes a value out wherever it stands, and counts it once", () => {
    const { texts, count } = maskSecrets(["`hunter22` is no stage", "DB_PASSWORD: hunter22"]);
    assert.deepEqual({ texts, count }, { texts: ["`MASKED` is no stage", "DB_PASSWORD: MASKED"], count: 1 });
  });

  it("never throws, and changes nothing when it is done twice", () => {
    const pieces = fc.constantFrom(
      ..."A_TOKEN|: |=|\"|'|\\|\n|  |{|}|,|- |#|x|$X|-----BEGIN A-----|-p |login |https://|@|glpat-abcdefghijk".split("|"),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const once = masked(parts.join(""));
        assert.equal(masked(once).includes("abcdefghijk"), once.includes("abcdefghijk"));
      }),
    );
  });

  it("takes no longer than its text is long", () => {
    const line = `A_TOKEN: ${"x".repeat(400)}\n`;
    const started = performance.now();
    maskSecrets([line.repeat(300), `${"a=".repeat(20_000)}\n`, '"A_TOKEN=\\'.repeat(5000), "https://".repeat(5000)]);
    assert.ok(performance.now() - started < 2000);
  });
});
