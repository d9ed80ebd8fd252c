// Where the pipelines come from: the pages of test/model, written out as small repositories, and repositories of a folder.
// Each becomes a temporary Git repository in which both programs find the same files.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readFixturePage } from "../support/fixture.ts";

const CONFIGURATION = ".gitlab-ci-docker.yml";
const ROOT_ENTRY = ".gitlab-ci.yml";

/** Cases of the Markdown pages in a folder. Blocks in the language `text` are expectations, not files. */
export function pageInputs(folder) {
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort();
  return pages.flatMap((name) =>
    readFixturePage(path.join(folder, name)).cases.map(({ title, files, settings }) => ({
      name: `${name}#${title}`,
      kind: "model page",
      entry: entryOf(files.map((file) => file.path)),
      write: (target) => {
        for (const file of files.filter((each) => isFile(each.path)))
          put(path.join(target, file.path), file.text);
        if (settings !== undefined) put(path.join(target, CONFIGURATION), JSON.stringify(settings));
      },
    })),
  );
}

/** A page that shows a template alone has no other file. */
const entryOf = (files) =>
  files.includes(ROOT_ENTRY) ? ROOT_ENTRY : files.find((file) => isFile(file) && file !== CONFIGURATION);

/** What a page's block with this path is for: dumps have one plain word. */
const isFile = (name) => /[./]/.test(name);

function put(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * The repositories of a folder: each folder in it, seen from its `.gitlab-ci.yml`; where there is none at the root, from
 * every file that is named like one; where there is none of those either, from its templates.
 */
export function repositoryInputs(folder) {
  const repositories = readdirSync(folder)
    .filter((name) => statSync(path.join(folder, name)).isDirectory())
    .sort();
  return repositories.flatMap((repository) => {
    const full = path.join(folder, repository);
    const write = (target) => cpSync(full, target, { recursive: true, verbatimSymlinks: true });
    const entries = existsSync(path.join(full, ROOT_ENTRY)) ? [ROOT_ENTRY] : pipelineFiles(full);
    if (entries.length === 0)
      return [{ name: repository, repository, kind: "repository", entry: undefined, write }];
    return entries.map((entry) => ({
      name: entry === ROOT_ENTRY ? repository : `${repository}/${entry}`,
      repository,
      kind: "repository",
      entry,
      write,
    }));
  });
}

function pipelineFiles(folder) {
  const files = filesUnder(folder).sort();
  const named = files.filter((file) => file.endsWith(".gitlab-ci.yml"));
  if (named.length > 0) return named;
  return files.filter(
    (file) => TEMPLATE.test(file) && HAS_SCRIPT.test(readFileSync(path.join(folder, file), "utf8")),
  );
}

const TEMPLATE = /^(?:templates\/(?:[^/]+\/template|[^/]+)|[^/]+)\.yml$/;
const HAS_SCRIPT = /^\s+script:/m;

/** Paths of the files in a folder, relative to it, without those of Git. */
export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.relative(folder, path.join(each.parentPath ?? each.path, each.name)))
    .filter((file) => !/(^|\/)\.git\//.test(file));
}

/** Calls `use` with the folder of a temporary Git repository that holds the input, and removes it behind it. */
export async function withRepository(input, use) {
  const parent = mkdtempSync(path.join(tmpdir(), "differential-"));
  const folder = path.join(parent, "project");
  try {
    mkdirSync(folder);
    input.write(folder);
    pinEntry(folder, input.entry);
    commit(folder);
    return await use(folder);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** We shall look at the same file as the other program, which reads one. */
function pinEntry(folder, entry) {
  const file = path.join(folder, CONFIGURATION);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (/^"?entry"?:/m.test(before)) return;
  put(file, before.startsWith("{") ? before : `${before}\nentry: [${JSON.stringify(entry)}]\n`);
}

function commit(folder) {
  // The address only has to look like one of GitLab: nothing is fetched.
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "remote", "add", "origin", "https://gitlab.com/group/project.git");
  git(folder, "config", "user.name", "Test");
  git(folder, "config", "user.email", "test@example.com");
  git(folder, "add", "--all", "--force");
  git(folder, "-c", "commit.gpgsign=false", "commit", "--quiet", "--allow-empty", "--message=input");
  git(folder, "update-ref", "refs/remotes/origin/main", "HEAD");
  git(folder, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
}

function git(folder, ...args) {
  const { status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
}
