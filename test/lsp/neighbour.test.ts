// Beside another language server on the same files: npm's `yaml-language-server`, as the YAML extension runs it, with GitLab's
// schema. What it says is not said again, and everything that only we say stays.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "vscode-languageserver/node";
import { startServerProcess, type ServerProcess } from "../bench/lsp/server-process";
import { ourServer, yamlServer } from "../bench/lsp/servers";
import { runCommand } from "../cli/run-command";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { DIST } from "../support/dist";
import { readFixturePage } from "../support/fixture";

const PROJECT = join(__dirname, "../..");
const PIPELINES = [".gitlab-ci.yml", "*.gitlab-ci.yml"];

/** The default that our manifest contributes to the neighbour's settings. */
const customTags = manifestDefault("yaml.customTags");

const running: ServerProcess[] = [];

async function started(...start: Parameters<typeof startServerProcess>): Promise<ServerProcess> {
  const server = await startServerProcess(...start);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  removeTemporaryFolders();
});

function manifestDefault(name: string): unknown {
  const manifest = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
    readonly contributes: { readonly configurationDefaults: Readonly<Record<string, unknown>> };
  };
  return manifest.contributes.configurationDefaults[name];
}

type Files = Readonly<Record<string, string>>;

interface Said {
  readonly ours: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly theirs: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** Opens YAML files in both servers, all at once, and waits for what they say. `folders`: our workspace's. */
async function ask(files: Files, folders?: readonly string[], tags: unknown = customTags): Promise<Said> {
  const root = temporaryFolder(files);
  const ours = await started({ ...ourServer(DIST), ...(folders === undefined ? {} : { folders }) }, root);
  const theirs = await started(yamlServer(PROJECT, PIPELINES, { customTags: tags }), root);
  const opened = Object.entries(files).filter(([path]) => /\.ya?ml$/.test(path));
  const answers = async (server: ServerProcess): Promise<ReadonlyMap<string, readonly Diagnostic[]>> => {
    for (const [path, text] of opened) await server.open(path, text);
    await Promise.all(opened.map(([path]) => server.diagnostics(path)));
    // What came first may be from before the schema was read.
    await server.quiet(QUIET);
    const all = opened.map(async ([path]) => [path, await server.diagnostics(path)] as const);
    return new Map(await Promise.all(all));
  };
  const [ofOurs, ofTheirs] = await Promise.all([answers(ours), answers(theirs)]);
  return { ours: ofOurs, theirs: ofTheirs };
}

/** The neighbour looks at a document 200 ms after it was opened, or after it got its settings. */
const QUIET = 600;

const isBehind = (
  a: { readonly line: number; readonly character: number },
  b: { readonly line: number; readonly character: number },
): boolean => a.line > b.line || (a.line === b.line && a.character > b.character);

const overlap = (a: Diagnostic, b: Diagnostic): boolean =>
  !isBehind(a.range.start, b.range.end) && !isBehind(b.range.start, a.range.end);

const messageOf = ({ message }: Diagnostic): string =>
  typeof message === "string" ? message : message.value;

const JOB = "stages: [build]\n\nbuild:\n  stage: build\n  image: alpine:3.22\n";

/** Texts with one error of YAML each; the neighbour reports every one of them. */
const BROKEN: Files = {
  "a key twice": `${JOB}  script: [ls]\n  image: alpine:3.21\n`,
  "a job twice": `${JOB}  script: [ls]\nbuild:\n  script: [id]\n`,
  "a variable twice": `${JOB}  script: [ls]\n  variables:\n    A: x\n    A: y\n`,
  "a tab": `${JOB}\tscript: [ls]\n`,
  "a tab in front of an item": `${JOB}  script:\n\t- ls\n`,
  "a key indented too deep": `${JOB}   script: [ls]\n`,
  "an item indented less than the others": `${JOB}  script:\n    - ls\n   - id\n`,
  "a first key that is indented": `  a: 1\n${JOB}  script: [ls]\n`,
  "an open double quote": `${JOB}  script:\n    - "ls\n\nother:\n  script: [ls]\n`,
  "an open single quote": `${JOB}  script:\n    - 'ls\n\nother:\n  script: [ls]\n`,
  "an open bracket": `${JOB}  script: [ls\n\nother:\n  script: [ls]\n`,
  "a bracket too many": `${JOB}  script: ls\n  tags: [a]]\n`,
  "an unknown alias": `${JOB}  script: *nothing\n`,
  "an unknown alias that is merged": `${JOB}  <<: *nothing\n  script: [ls]\n`,
  "an alias with an anchor": `${JOB}  script: &a [ls]\n  after_script: &b *a\n`,
  "two anchors": `${JOB}  script: &a &b [ls]\n`,
  "an unknown tag": `${JOB}  script: !nothing [ls]\n`,
  "text beside the keys": `${JOB}  script: [ls]\nstray text\n`,
  "an item beside the keys": `${JOB}  script: [ls]\n- item\n`,
  "no blank behind the colon": `${JOB}  script:[ls]\n`,
  "a list on the line of its key": `${JOB}  script: - ls\n`,
  "a comma too many": `${JOB}  script: [ls,,id]\n`,
  "text behind a block's header": `${JOB}  script: | ls\n`,
  "a value that begins with a backquote": `${JOB}  script: \`ls\`\n`,
  "an unknown escape": `${JOB}  script: "\\q"\n`,
};

describe("beside YAML's language server", () => {
  it("leaves errors of YAML to it", async () => {
    const files = Object.fromEntries(
      Object.entries(BROKEN).map(([name, text]) => [`${name.replaceAll(" ", "-")}/.gitlab-ci.yml`, text]),
    );
    const { ours, theirs } = await ask(files, foldersOf(files));
    for (const path of Object.keys(files)) {
      assert.ok(
        theirs.get(path)?.some(({ source }) => source === "YAML"),
        `${path}: the neighbour says nothing`,
      );
      const problems = ours.get(path)?.filter(({ code }) => code === "problem") ?? [];
      assert.deepEqual(problems.map(messageOf), [], path);
    }
  });

  it("says them in files that nobody opened, and takes that back when one is", async () => {
    const files = {
      ".gitlab-ci.yml": "include: ci/a.yml\n",
      "ci/a.yml": "build:\n  script: [ls]\n  script: [id]\n",
    };
    const server = await started(ourServer(DIST), temporaryFolder(files));
    const isSaid = (diagnostics: readonly Diagnostic[]): boolean =>
      diagnostics.some((each) => messageOf(each).includes("written twice"));
    await server.diagnostics("ci/a.yml", isSaid);
    await server.open("ci/a.yml", files["ci/a.yml"]);
    await server.diagnostics("ci/a.yml", (diagnostics) => !isSaid(diagnostics));
    await server.close("ci/a.yml");
    await server.diagnostics("ci/a.yml", isSaid);
  });

  it("says them where the client knows of no such server, and on the command line", async () => {
    const text = `${JOB}  script: [ls]\n  image: alpine:3.21\n`;
    const root = temporaryFolder({ ".gitlab-ci.yml": text });
    const alone = { ...ourServer(DIST), experimental: { gitlabCiDocker: { yamlErrors: true } } };
    const server = await started(alone, root);
    await server.open(".gitlab-ci.yml", text);
    const said = await server.diagnostics(".gitlab-ci.yml");
    assert.ok(said.some((each) => messageOf(each).includes("written twice")));
    const { out } = await runCommand(root, ["check", "--format", "json"]);
    const { problems } = JSON.parse(out) as { readonly problems: readonly { readonly message: string }[] };
    assert.ok(problems.some(({ message }) => message.includes("written twice")));
  });

  it("leaves the YAML of our own configuration to it, and says what only we know of it", async () => {
    const path = ".gitlab-ci-docker.yml";
    const { ours, theirs } = await ask({
      ".gitlab-ci.yml": `${JOB}  script: [ls]\n`,
      [path]: "rules: {}\nrules: {}\nruners: []\n",
    });
    assert.deepEqual(theirs.get(path)?.map(messageOf), ["Map keys must be unique"]);
    assert.deepEqual(
      ours.get(path)?.map(({ range }) => range.start.line),
      [2],
    );
  });

  it("says what it refuses itself: the neighbour reads text that is nested too deep for us", async () => {
    const { ours } = await ask({ ".gitlab-ci.yml": `a: ${"[".repeat(120)}${"]".repeat(120)}\n` });
    assert.deepEqual(ours.get(".gitlab-ci.yml")?.map(messageOf), ["this is nested too deep to be read"]);
  });

  it("teaches it `!reference`, which it would not know", async () => {
    const files = {
      ".gitlab-ci.yml": `.a:\n  script: [ls]\n${JOB}  script:\n    - !reference [.a, script]\n`,
    };
    const unresolved = (said: Said): boolean | undefined =>
      said.theirs.get(".gitlab-ci.yml")?.some((each) => messageOf(each).includes("!reference"));
    assert.equal(unresolved(await ask(files)), false);
    assert.equal(unresolved(await ask(files, undefined, [])), true);
  });

  it("repeats nothing in the cases of all rules but what its schema can't explain", async () => {
    const { files, folders } = allCases();
    const { ours, theirs } = await ask(files, folders);
    const shared = new Map<string, string>();
    for (const [path, own] of ours) {
      for (const each of own) {
        const same = theirs.get(path)?.find((other) => overlap(each, other));
        if (same !== undefined)
          shared.set(String(each.code), `${path}: ${messageOf(each)} | ${messageOf(same)}`);
      }
    }
    const known = [...EXPLAINED.keys()].sort();
    assert.deepEqual([...shared.keys()].sort(), known, [...shared.values()].join("\n"));
  }).timeout(90_000);
});

/**
 * Rules that speak where the schema speaks too. "Incorrect type" and "Property … is not allowed" say that something is wrong; these
 * say what happened, what GitLab answers, and repair it. Whether there is a schema, nobody can tell us.
 */
const EXPLAINED: ReadonlyMap<string, string> = new Map([
  ["ci-lost-indentation", "which key has lost the lines below it"],
  ["ci-null-script-entry", "that YAML made a mapping of a command with a colon in it"],
  ["ci-stages-not-list", "that the dashes are missing"],
  ["deprecated-keywords", "what the keyword is called now"],
  ["placeholder-left", "that an example's `...` was left"],
  ["privileged-not-a-keyword", "where this is set instead: on the runner"],
]);

const foldersOf = (files: Files): readonly string[] => [
  ...new Set(Object.keys(files).map((path) => path.slice(0, path.indexOf("/")))),
];

/** The cases of all rules, each in a folder of its own. */
function allCases(): { readonly files: Files; readonly folders: readonly string[] } {
  const pages = join(__dirname, "../rules");
  const cases = readdirSync(pages)
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => readFixturePage(join(pages, name)).cases);
  const files: Record<string, string> = {};
  cases.forEach((each, index) => {
    if (each.settings !== undefined) files[`${index}/.gitlab-ci-docker.yml`] = JSON.stringify(each.settings);
    for (const { path, text } of each.files) files[`${index}/${path}`] = text;
  });
  return { files, folders: foldersOf(files) };
}
