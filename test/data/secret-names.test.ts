import assert from "node:assert/strict";
import { isHarmlessValue, isPlaceholderValue, isSecretName } from "../../server/src/core/data/secret-names";

describe("names of secrets", () => {
  const secrets =
    "NPM_TOKEN CI_JOB_TOKEN CI_REGISTRY_PASSWORD DB_PASS PASS PASSWORD db_pwd AWS_SECRET_ACCESS_KEY SSH_PRIVATE_KEY apikey STRIPE_API_KEY SENTRY_AUTH_TOKEN TOKEN GOOGLE_CREDENTIALS";
  const others =
    "AUTH_DOMAIN AUTH_URL KEY_ID AWS_ACCESS_KEY_ID CACHE_KEY TOKEN_URL API_KEY_HEADER BYPASS COMPASS PASS_THROUGH PWD OLDPWD PUBLIC_KEY SIGNING_PUBLIC_KEY KEY_FILE TOKEN_VERSION TOKEN_TTL KEYBOARD MONKEY AUTHOR SECRETARY AUTH KEY STRIPE_PUBLISHABLE_KEY NEXT_PUBLIC_API_KEY VITE_MAPS_KEY REACT_APP_TOKEN VERSION CI_COMMIT_SHA";
  for (const name of secrets.split(" ")) it(`${name} is one`, () => assert.equal(isSecretName(name), true));
  for (const name of others.split(" ")) it(`${name} is none`, () => assert.equal(isSecretName(name), false));
});

describe("values of secrets", () => {
  it("are no switches, numbers, paths and addresses without a password", () => {
    for (const value of ["", "true", "0", "3600", "https://auth.example.com/x", "/run/secrets/x", "None"])
      assert.equal(isHarmlessValue(value), true, value);
    for (const value of ["hunter2", "https://u:p@example.com", "1234567890123456", "ghp_abc"])
      assert.equal(isHarmlessValue(value), false, value);
  });

  it("may be examples", () => {
    for (const value of [
      "changeme",
      "change-me",
      "xxxx",
      "<token>",
      "password",
      "my-secret",
      "dummy",
      "postgres",
      "test123",
    ])
      assert.equal(isPlaceholderValue(value), true, value);
    for (const value of ["hunter2", "ghp_abc", "passwordless-x9"])
      assert.equal(isPlaceholderValue(value), false, value);
  });
});
