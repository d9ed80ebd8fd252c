// Our own requests and notifications over the protocol: the status, checking everything again, reports about false alarms, the
// new configuration, and the log.
import { strict as assert } from "node:assert";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CancellationTokenSource, ProgressType, type CodeAction } from "vscode-languageserver/node";
import { createAnalysis, DEFAULT_SETTINGS, RULE_IDS, settingsFromJson } from "../../server/src/core/index";
import { Folders } from "../../server/src/lsp/folders";
import type { Step } from "../../server/src/lsp/read-anew";
import type { SessionEvent } from "../../server/src/lsp/session-event";
import type { WorkspaceStatus } from "../../server/src/lsp/status";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { clientOfServer, uriOf, type TestClient } from "./client";

const clients: TestClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.dispose()));
  removeTemporaryFolders();
});

interface Opened {
  readonly client: TestClient;
  readonly states: WorkspaceStatus[];
  /** Waits for a status that is as it should be. */
  readonly status: (holds: (status: WorkspaceStatus) => boolean) => Promise<WorkspaceStatus>;
}

const OURS = { gitlabCiDocker: { status: true, falseAlarm: true } };

async function open(
  folders: readonly string[],
  experimental: unknown = OURS,
  analysis: typeof createAnalysis = createAnalysis,
): Promise<Opened> {
  const client = clientOfServer({ createAnalysis: analysis, debounce: 5 });
  clients.push(client);
  const states: WorkspaceStatus[] = [];
  client.connection.onNotification(
    "gitlabCiDocker/status",
    (status: WorkspaceStatus) => void states.push(status),
  );
  await client.initialize({ folders, capabilities: { experimental } });
  const status = async (holds: (status: WorkspaceStatus) => boolean): Promise<WorkspaceStatus> => {
    for (let turns = 0; ; turns += 1) {
      const found = states.at(-1);
      if (found !== undefined && holds(found)) return found;
      assert.ok(turns < 2000, `waited in vain; the states are ${JSON.stringify(states)}`);
      await new Promise((resume) => setTimeout(resume, 4));
    }
  };
  return { client, states, status };
}

const isReady = ({ state }: WorkspaceStatus): boolean => state === "ready";

const BROKEN = "stages: build\nbuild:\n  script: docker build .\n";

describe("language server: the status of the workspace", () => {
  it("sums up all folders, and names what is not read", async () => {
    const one = temporaryFolder({ ".gitlab-ci.yml": BROKEN, Dockerfile: "FROM node:24\n" });
    const two = temporaryFolder({
      ".gitlab-ci.yml": "include: https://example.com/x.yml\na:\n  script: make\n",
    });
    const { states, status } = await open([one, two]);
    const { counts, unread, unreadCount, faults } = await status(isReady);
    assert.equal(states[0]?.state, "busy");
    assert.deepEqual([counts.pipelines, counts.files, counts.jobs, faults], [2, 3, 2, 0]);
    assert.ok(counts.error > 0, "the broken pipeline has an error");
    assert.equal(unreadCount, 1);
    assert.equal(unread[0]?.location.uri, uriOf(two, ".gitlab-ci.yml"));
    assert.match(unread[0].message, /remote include is not read/);
  });

  it("counts what the editor's list of problems shows", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": BROKEN });
    const { client, status } = await open([root]);
    const { counts } = await status(isReady);
    const shown = client.shownFor(uriOf(root, ".gitlab-ci.yml"));
    const total = counts.error + counts.warning + counts.info + counts.hint;
    assert.equal(total, shown.length);
  });

  it("follows what is typed, and is not sent where nothing of it changes", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a:\n  script: make\n" });
    const { client, states, status } = await open([root]);
    await status(isReady);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, "a:\n  script: make\n");
    await client.publication(uri);
    const before = states.length;
    await client.change(uri, 2, { text: "a:\n  script: make it\n" });
    await client.publication(uri, ({ version }) => version === 2);
    await client.change(uri, 3, { text: "a:\n  script:\n    -\n" });
    await status(({ counts }) => counts.error > 0);
    assert.equal(states.length, before + 1, "one change, one status");
  });

  it("says that a check failed, and that the next one did not", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a: CRASH" });
    const { client, status } = await open([root], OURS, fakeAnalysis);
    await status(({ state }) => state === "failed");
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, "a: BAD");
    assert.equal((await status(isReady)).counts.error, 1);
  });

  it("is sent once where there is nothing to read, and never to a client that does not want it", async () => {
    const { status } = await open([]);
    assert.equal((await status(isReady)).counts.files, 0);
    const other = await open([temporaryFolder({ ".gitlab-ci.yml": "a: BAD" })], {});
    await other.client.until(() => other.client.published.length > 0 || other.client.told.length > 1);
    assert.deepEqual(other.states, []);
  });
});

interface CheckAnswer {
  readonly outcome: string;
  readonly counts: WorkspaceStatus["counts"];
}

const check = ({ client }: Pick<Opened, "client">, params: object = {}): Promise<CheckAnswer | null> =>
  client.connection.sendRequest("gitlabCiDocker/checkWorkspace", params);

describe("language server: checking the whole workspace", () => {
  it("sees what nobody told it of", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a:\n  script: make\n" });
    const opened = await open([root]);
    assert.equal((await opened.status(isReady)).counts.error, 0);
    writeFileSync(join(root, ".gitlab-ci.yml"), BROKEN);
    mkdirSync(join(root, "api"));
    writeFileSync(join(root, "api/Dockerfile"), "FROM node:24\n");
    const answer = await check(opened);
    assert.equal(answer?.outcome, "checked");
    assert.deepEqual([answer.counts.files, answer.counts.error > 0], [2, true]);
    assert.ok(opened.client.shownFor(uriOf(root, ".gitlab-ci.yml")).length > 0);
    assert.equal((await opened.status(isReady)).counts.files, 2);
    renameSync(join(root, "api/Dockerfile"), join(root, "api/none"));
    assert.equal((await check(opened))?.counts.files, 1);
  });

  it("keeps what is open in the editor, and goes on following it", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": BROKEN });
    const opened = await open([root]);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await opened.client.open(uri, "a:\n  script: make\n");
    await opened.client.publication(uri);
    assert.equal((await check(opened))?.counts.error, 0);
    await opened.client.change(uri, 2, { text: BROKEN });
    await opened.status(({ counts }) => counts.error > 0);
  });

  it("tells how far it is", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a:\n  script: make\n" });
    const opened = await open([root]);
    const heard: string[] = [];
    const type = new ProgressType<{ message: string }>();
    opened.client.connection.onProgress(type, "token", ({ message }) => void heard.push(message));
    await check(opened, { workDoneToken: "token" });
    assert.deepEqual(heard, ["pipeline 1 of 1: .gitlab-ci.yml"]);
  });

  it("stops where the client takes the request back, and leaves everything as it was", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`${index}.gitlab-ci.yml`, BROKEN]),
    );
    const root = temporaryFolder(files);
    const opened = await open([root]);
    const before = await opened.status(isReady);
    const cancel = new CancellationTokenSource();
    const type = new ProgressType<unknown>();
    opened.client.connection.onProgress(type, "token", () => cancel.cancel());
    const answer: CheckAnswer = await opened.client.connection.sendRequest(
      "gitlabCiDocker/checkWorkspace",
      { workDoneToken: "token" },
      cancel.token,
    );
    assert.equal(answer.outcome, "stopped");
    assert.deepEqual((await opened.status(isReady)).counts, before.counts);
    assert.equal((await check(opened))?.outcome, "checked", "and can be asked again");
  });

  it("one at a time", async () => {
    const opened = await open([temporaryFolder({ ".gitlab-ci.yml": BROKEN })]);
    const answers = await Promise.all([check(opened), check(opened)]);
    assert.deepEqual(
      answers.map((answer) => answer?.outcome),
      ["checked", undefined],
    );
  });

  it("that fails answers nothing, and the server lives on", async () => {
    let made = 0;
    const analysis: typeof createAnalysis = (workspace) => {
      made += 1;
      const real = createAnalysis(workspace);
      return made > 1 ? { ...real, prepare: () => assert.fail("broken on purpose") } : real;
    };
    const opened = await open([temporaryFolder({ ".gitlab-ci.yml": BROKEN })], OURS, analysis);
    const before = await opened.status(isReady);
    assert.equal(await check(opened), null);
    assert.ok(opened.client.logged.some((message) => message.includes("broken on purpose")));
    assert.deepEqual((await opened.status(isReady)).counts, before.counts);
  });

  it("takes in what changes on disk and in settings meanwhile", async () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": "a: { script: make }\n",
      "b.gitlab-ci.yml": "b: { script: make }\n",
    });
    let last: SessionEvent | undefined;
    const folders = new Folders(
      {
        createAnalysis,
        debounce: 0,
        log: (message) => assert.fail(message),
        publish: () => undefined,
        createScanProgress: () => () => undefined,
        createListener: () => (event) => void (last = event),
        speech: { encoding: "utf-16", ruleUrl: () => "", hasRelated: false },
      },
      () => Promise.resolve(DEFAULT_SETTINGS),
    );
    folders.addFolder(uriOf(root));
    const seen: Step[] = [];
    await folders.recheck((step) => {
      if (seen.push(step) === 1) {
        writeFileSync(join(root, "b.gitlab-ci.yml"), BROKEN);
        folders.filesChanged([uriOf(root, "b.gitlab-ci.yml")]);
      }
      return Promise.resolve(true);
    });
    assert.ok(
      last?.kind === "checked" && last.report.findings.some(({ at }) => at.file === "b.gitlab-ci.yml"),
    );
    folders.dispose();
  });
});

describe("language server: reports about false alarms", () => {
  const PIPELINE =
    "build:\n  image: docker:29\n  services: [docker:29-dind]\n  variables: { MY_TOKEN: hunter22 }\n  script:\n    - docker build -t x .\n    - docker push x:$CI_COMMIT_BRANCH\n";

  async function reportable(experimental: unknown = OURS) {
    const root = temporaryFolder({ ".gitlab-ci.yml": PIPELINE, Dockerfile: "FROM node:24\n" });
    const { client } = await open([root], experimental);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, PIPELINE);
    const { diagnostics } = await client.publication(uri, (each) => each.diagnostics.length > 0);
    const found = diagnostics.find(({ code }) => code === "tag-unsafe-ref");
    assert.ok(found, "the tag is found");
    return { client, uri, position: found.range.start, range: found.range };
  }

  const ask = (client: TestClient, params: object): Promise<{ text: string } | null> =>
    client.connection.sendRequest("gitlabCiDocker/falseAlarm", params);

  it("hold the excerpt, the effective job and no secret", async () => {
    const { client, uri, position } = await reportable();
    const answer = await ask(client, { uri, position, rule: "tag-unsafe-ref", client: "An Editor 1.2" });
    assert.match(answer?.text ?? "", /^# False alarm of `tag-unsafe-ref`/);
    assert.match(answer?.text ?? "", /docker push x:\$CI_COMMIT_BRANCH/);
    assert.match(answer?.text ?? "", /MY_TOKEN: MASKED/);
    assert.match(answer?.text ?? "", /An Editor 1\.2/);
    assert.match(answer?.text ?? "", /stage: test +# GitLab's default/);
    assert.ok(!answer?.text.includes("hunter22"));
  });

  it("are not made of what is not there any more", async () => {
    const { client, uri, position } = await reportable();
    assert.equal(await ask(client, { uri, position, rule: "push-without-tag" }), null);
    await client.change(uri, 2, { text: "build:\n  script: make\n" });
    assert.equal(await ask(client, { uri, position, rule: "tag-unsafe-ref" }), null);
    assert.equal(await ask(client, { uri: `${uri}.txt`, position, rule: "tag-unsafe-ref" }), null);
  });

  it("are offered behind all other actions, and never as a quick fix", async () => {
    const { client, uri, range } = await reportable();
    const all = await client.actions(uri, range);
    const last: CodeAction | undefined = all.at(-1);
    assert.deepEqual(
      [last?.title, last?.kind, last?.command?.command],
      ["Report a false alarm…", "", "gitlabCiDocker.reportFalseAlarm"],
    );
    const [given] = (last?.command?.arguments ?? []) as { findings: { rule: string }[] }[];
    assert.ok(given?.findings.some(({ rule }) => rule === "tag-unsafe-ref"));
    const fixes = await client.actions(uri, range, { only: ["quickfix"] });
    assert.ok(fixes.length > 0 && fixes.every(({ kind }) => kind === "quickfix"));
  });

  it("are not offered to a client without the command", async () => {
    const { client, uri, range } = await reportable({});
    const actions = await client.actions(uri, range);
    assert.ok(actions.length > 0 && actions.every(({ kind }) => kind !== ""));
  });
});

describe("language server: a new configuration", () => {
  const template = async (): Promise<string> => {
    const { client } = await open([]);
    return client.connection.sendRequest("gitlabCiDocker/configurationTemplate", {});
  };

  it("says nothing as it stands", async () => {
    const text = await template();
    assert.ok(text.split("\n").every((line) => line === "" || line.startsWith("#")));
    const root = temporaryFolder({ ".gitlab-ci-docker.yml": text, ".gitlab-ci.yml": "a:\n  script: make\n" });
    const { status } = await open([root]);
    const { counts } = await status(isReady);
    assert.deepEqual([counts.error, counts.warning, counts.info, counts.hint], [0, 0, 0, 0]);
  });

  it("is right in every setting, and has them all", async () => {
    const text = await template();
    const switchedOn = text.replace(/^# (?=[A-Za-z]+:(?: |$)|  )/gm, "").replace(/^#.*$/gm, "");
    const root = temporaryFolder({
      ".gitlab-ci-docker.yml": switchedOn,
      ".gitlab-ci.yml": "a:\n  script: make\n",
    });
    const { client, status } = await open([root]);
    await status(isReady);
    assert.deepEqual(client.shownFor(uriOf(root, ".gitlab-ci-docker.yml")), []);
    const keys = [...switchedOn.matchAll(/^([a-z]\w*):/gim)].map(([, key]) => key ?? "");
    const { messages } = settingsFromJson({ nothing: 1 }, "x", RULE_IDS);
    assert.equal(messages.length, 1, "an unknown key is told");
    assert.deepEqual(keys, ["rules", "runners", "variables", "include", "entry", "dockerVersion", "ignore"]);
  });
});

describe("language server: the log", () => {
  it("says what runs and what was read, and nothing while somebody types", async () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": "include: https://example.com/x.yml\na:\n  script: make\n",
    });
    const { client, status } = await open([root]);
    await status(isReady);
    const [first, second, third] = client.told;
    assert.match(first ?? "", /^info: gitlab-ci-docker \S+, Node \d+\.\S+; file:/);
    assert.match(
      second ?? "",
      /^info: Read .* in \d+ ms: 1 pipeline, 1 file, 1 job, 0 errors, 0 warnings, 1 remark$/,
    );
    assert.match(third ?? "", /^info: file:.*\.gitlab-ci\.yml:1: This remote include is not read/);
    const uri = uriOf(root, ".gitlab-ci.yml");
    await client.open(uri, BROKEN);
    await client.change(uri, 2, { text: "include: https://example.com/y.yml\n" });
    await client.publication(uri, ({ version }) => version === 2);
    assert.deepEqual(
      client.told.slice(3).filter((line) => line.startsWith("info")),
      [],
    );
  });

  it("has slow edits at the level of debug, and only for clients that know it", async () => {
    const slow: typeof createAnalysis = (workspace) => {
      const real = createAnalysis(workspace);
      const report = (): ReturnType<typeof real.report> => {
        const end = performance.now() + 120;
        while (performance.now() < end);
        return real.report();
      };
      return { ...real, report };
    };
    for (const [experimental, expected] of [
      [OURS, 1],
      [{}, 0],
    ] as const) {
      const { client } = await open(
        [temporaryFolder({ ".gitlab-ci.yml": "a: { script: make }\n" })],
        experimental,
        slow,
      );
      const uri = uriOf("/", "loose.gitlab-ci.yml");
      await client.open(uri, BROKEN);
      await client.publication(uri, ({ version }) => version === 1);
      await client.change(uri, 2, { text: `${BROKEN}\n` });
      await client.publication(uri, ({ version }) => version === 2);
      await check({ client }); // what is answered now comes behind the line
      assert.equal(client.told.filter((line) => /^debug: An edit took \d+ ms/.test(line)).length, expected);
    }
  });
});

describe("language server: a workspace that is not trusted", () => {
  for (const isTrusted of [true, false]) {
    it(`${isTrusted ? "reads" : "does not read"} checkouts outside of it`, async () => {
      const outside = temporaryFolder({ "x.yml": "b:\n  script: make\n" });
      const root = temporaryFolder({
        ".gitlab-ci-docker.yml": `include: { projects: { "group/x": "${outside}" } }\n`,
        ".gitlab-ci.yml": "include:\n  - project: group/x\n    file: x.yml\na:\n  script: make\n",
      });
      const { status } = await open([root], { gitlabCiDocker: { status: true, isTrusted } });
      assert.equal((await status(isReady)).counts.jobs, isTrusted ? 2 : 1);
    });
  }
});
