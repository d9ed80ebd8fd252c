import { strict as assert } from "node:assert";
import {
  DEFAULT_SETTINGS,
  createSourceFile,
  mergeSettings,
  settingsFromJson,
  settingsSchema,
} from "../../server/src/core/index";
import { nearestName } from "../../server/src/core/settings/nearest";
import { readSettings } from "../../server/src/core/settings/read";
import { parseYaml } from "../../server/src/core/syntax/yaml";

const RULES = ["latest-race", "docker-image-unpinned", "dind-service-missing"];

/** Reads a configuration; each problem as `line:column message`, both from 1. */
function read(text: string) {
  const file = createSourceFile(".gitlab-ci-docker.yml", "configuration", text);
  const yaml = parseYaml(file);
  const { settings, problems } = readSettings(yaml, RULES);
  const places = problems.map(({ at, message }) => {
    const { line, character } = file.lines.positionAt((yaml.chunks.get(at.chunk) ?? Number.NaN) + at.start);
    return `${line + 1}:${character + 1} ${message}`;
  });
  return { settings, problems: places };
}

describe("settings: the configuration file", () => {
  it("reads everything that the contract names", () => {
    const { settings, problems } = read(`
rules:                          # comment
  latest-race: off
  docker-image-unpinned: error
  dind-service-missing: { severity: hint, strict: true, names: [a, b] }
runners:
  - tags: [docker, 8]
    executor: docker
    privileged: true
    volumes: ["/certs/client"]
    environment: { DOCKER_TLS_CERTDIR: "/certs", N: 1 }
variables:
  known: [DOCKERHUB_TOKEN]
  protected: [PROD_TOKEN]
include:
  projects: { "group/ci-templates": "../ci-templates" }
entry: ["./.gitlab-ci.yml", /ci/main.yml]
dockerVersion: "29.6.2"
ignore: ["vendor/**"]
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, {
      rules: new Map([
        ["latest-race", { severity: "off", options: {} }],
        ["docker-image-unpinned", { severity: "error", options: {} }],
        ["dind-service-missing", { severity: "hint", options: { strict: true, names: ["a", "b"] } }],
      ]),
      runners: [
        {
          tags: ["docker", "8"],
          executor: "docker",
          privileged: true,
          volumes: ["/certs/client"],
          environment: new Map([
            ["DOCKER_TLS_CERTDIR", "/certs"],
            ["N", "1"],
          ]),
        },
      ],
      variables: { known: ["DOCKERHUB_TOKEN"], protected: ["PROD_TOKEN"] },
      includeProjects: new Map([["group/ci-templates", "../ci-templates"]]),
      entry: [".gitlab-ci.yml", "ci/main.yml"],
      dockerVersion: "29.6.2",
      ignore: ["vendor/**"],
    });
  });

  const wrong: readonly (readonly [string, string, readonly string[]])[] = [
    ["an unknown key", "ruels: {}", ["1:1 `ruels` is not known here; did you mean `rules`?"]],
    [
      "an unknown rule",
      "rules:\n  lastest-race: off",
      ["2:3 There is no rule `lastest-race`; did you mean `latest-race`?"],
    ],
    [
      "an unknown severity",
      "rules:\n  latest-race: eror",
      ["2:16 `eror` is not a severity; did you mean `error`?"],
    ],
    [
      "an unknown executor that resembles none",
      "runners:\n- executor: zzzzzzzzzz",
      [
        "2:13 `zzzzzzzzzz` is not an executor; known are `docker`, `docker-autoscaler`, `docker+machine`, `docker-windows`, " +
          "`kubernetes`, `shell`, `ssh`, `instance`, `virtualbox`, `parallels`, `custom`",
      ],
    ],
    ["a wrong type", "runners: docker", ["1:10 This must be a list, but it is the text `docker`"]],
    [
      "text for a boolean",
      'runners:\n- executor: shell\n  privileged: "true"',
      ["3:15 This must be `true` or `false`, but it is the text `true`"],
    ],
    [
      "a pattern of entries",
      "entry: [ci/*.yml, a.yml]",
      ["1:9 Patterns are not read here; write the path of each file"],
    ],
    [
      "half a key once, of a rule",
      "rules:\n  latest-race: off\n  dock",
      ["3:3 `dock` is no key: a colon and a blank must follow a key"],
    ],
    [
      "a key written twice",
      "entry: [a.yml]\nentry: [b.yml]",
      ["2:1 `entry` is written twice; the first one counts"],
    ],
    [
      "a version that is none",
      "dockerVersion: latest",
      ["1:16 This must be a version such as `29.6.2`, but it is the text `latest`"],
    ],
    [
      "a path that leaves the root",
      "entry: [../x.yml]",
      ["1:9 This must be a path below the repository's root"],
    ],
    ["a root that is no mapping", "- rules", ["1:1 This must be a mapping, but it is a list"]],
    [
      "an alias",
      "variables:\n  known: &a [A]\n  protected: *a",
      ["3:14 This must be a list, but it is an alias"],
    ],
  ];
  for (const [what, text, problems] of wrong) {
    it(`complains about ${what}`, () => assert.deepEqual(read(text).problems, problems));
  }

  it("keeps what is right beside what is wrong", () => {
    const { settings, problems } = read(
      "rules:\n  nonsense-of-mine: off\n  latest-race: warning\nbogus: 1\nignore: [a]\n",
    );
    assert.equal(problems.length, 2);
    assert.deepEqual(settings, {
      rules: new Map([["latest-race", { severity: "warning", options: {} }]]),
      ignore: ["a"],
    });
  });

  it("reads a runner of which only a part is said", () => {
    const { settings, problems } = read("runners:\n- tags: [a]\n  privileged: true");
    assert.deepEqual(problems, []);
    assert.deepEqual(settings.runners, [
      { tags: ["a"], executor: undefined, privileged: true, volumes: [], environment: new Map() },
    ]);
  });

  it("says where YAML itself is broken, and reads the rest", () => {
    const { settings, problems } = read('ignore: ["a\nentry: [x.yml]\n');
    assert.ok(problems.length > 0);
    assert.deepEqual(settings.entry, ["x.yml"]);
  });

  it("takes an empty file, and keys without a value, for nothing said", () => {
    assert.deepEqual(read(""), { settings: {}, problems: [] });
    assert.deepEqual(read("# only a comment\n").problems, []);
    assert.deepEqual(read("rules:\nvariables:\n"), {
      settings: { rules: new Map(), variables: {} },
      problems: [],
    });
  });
});

describe("settings: from an editor", () => {
  it("have the same shapes, and complaints name the setting", () => {
    const { settings, messages } = settingsFromJson(
      { rules: { "latest-race": "off", x: "error" }, runners: [{ executor: "shel" }], dockerVersion: 29 },
      "gitlabCiDocker",
      RULES,
    );
    assert.deepEqual(settings.rules, new Map([["latest-race", { severity: "off", options: {} }]]));
    assert.equal(settings.dockerVersion, "29");
    assert.deepEqual(messages, [
      "gitlabCiDocker.rules.x: There is no rule `x`",
      "gitlabCiDocker.runners[0].executor: `shel` is not an executor; did you mean `shell`?",
    ]);
  });

  it("survive any JSON", () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 5000; depth += 1) deep = [deep];
    for (const value of [
      undefined,
      null,
      3,
      "x",
      [],
      { rules: deep },
      { rules: { "latest-race": { a: deep } } },
      { runners: [deep] },
    ]) {
      assert.doesNotThrow(() => settingsFromJson(value, "s", RULES));
    }
    assert.deepEqual(settingsFromJson(undefined, "s", RULES), { settings: {}, messages: [] });
  });
});

describe("settings: merging", () => {
  it("lets the file win, rule by rule, and replaces lists", () => {
    const editor = mergeSettings(DEFAULT_SETTINGS, {
      rules: new Map([
        ["a", { severity: "off", options: {} }],
        ["b", { severity: "off", options: {} }],
      ]),
      variables: { known: ["A"], protected: ["B"] },
      ignore: ["x"],
    });
    const merged = mergeSettings(editor, {
      rules: new Map([["b", { severity: "error", options: {} }]]),
      variables: { known: ["C"] },
      ignore: [],
    });
    assert.equal(merged.rules.get("a")?.severity, "off");
    assert.equal(merged.rules.get("b")?.severity, "error");
    assert.deepEqual(merged.variables, { known: ["C"], protected: ["B"] });
    assert.deepEqual(merged.ignore, []);
    assert.equal(merged.dockerVersion, DEFAULT_SETTINGS.dockerVersion);
  });
});

interface Schema {
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
}

describe("settings: schema", () => {
  it("offers every rule with its severities and refuses unknown keys", () => {
    const schema = JSON.parse(JSON.stringify(settingsSchema(RULES))) as Schema;
    const { rules, runners } = schema.properties ?? {};
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(Object.keys(rules?.properties ?? {}), RULES);
    const severities = ["off", "hint", "info", "warning", "error"];
    assert.deepEqual(rules?.properties?.["latest-race"]?.oneOf?.[0]?.enum, severities);
    assert.equal(runners?.items?.required, undefined);
  });
});

describe("settings: the nearest name", () => {
  it("finds what was meant, also where neighbours are swapped", () => {
    assert.equal(nearestName("lastest-race", RULES), "latest-race");
    assert.equal(nearestName("dind-service-mising", RULES), "dind-service-missing");
    assert.equal(nearestName("Latest-Race", RULES), "latest-race");
  });
  it("stays silent where nothing is near", () => {
    assert.equal(nearestName("completely-different", RULES), undefined);
    assert.equal(nearestName("x", ["a", "b"]), undefined);
    assert.equal(nearestName("x".repeat(1_000_000), RULES), undefined);
  });
});
