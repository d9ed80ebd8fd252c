// Whether a file that the repository does not hold may be there all the same when a command runs: because the job made it,
// because another job's artifacts or a cache brought it, or because something ran that can't be read.
import { defineQuery, type QueryContext } from "../../query/query";
import { pathPattern } from "../../text/path-pattern";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { resultsOf } from "../pipeline/order";
import { jobOf } from "../pipeline/resolve";
import { rootKey } from "../pipeline/root-table";
import type { MapValue, Value } from "../pipeline/value";
import type { ContainerCommand, JobCommand } from "./command";
import { commandsOf, dialectOf } from "./find-commands";
import { jobScripts } from "./job-commands";
import { baseName } from "./wrappers";
import { writtenBy, type Written } from "./written-paths";

/** "yes": something names it. "maybe": something ran before of which nobody knows what it makes. */
export type Made = "yes" | "maybe" | "no";

/**
 * Whether a path below the repository's root may have been made, or changed, before a command runs.
 *
 * @param countsCache false to ask about the first run, in which there is no cache yet
 */
export function madeBefore(ctx: QueryContext, command: JobCommand, path: FilePath, countsCache = true): Made {
  const { job } = command;
  const results: readonly Made[] = [
    brought(ctx, job, path, countsCache),
    madeByCommands(ctx, command, path),
    job.isClosed && hasPlainCheckout(job) && dialectOf(ctx, job) === "posix" ? "no" : "maybe",
  ];
  return strongest(results);
}

const strongest = (answers: readonly Made[]): Made =>
  answers.includes("yes") ? "yes" : answers.includes("maybe") ? "maybe" : "no";

/**
 * Whether the job starts in a fresh checkout of its commit, with nothing run before its scripts.
 * https://docs.gitlab.com/ci/runners/configure_runners/#git-strategy , https://docs.gitlab.com/ci/yaml/#hooks
 */
function hasPlainCheckout({ keywords, variables }: Job): boolean {
  if (keywords.has("hooks") || keywords.has("run")) return false;
  const says = (name: string, pattern: RegExp): boolean =>
    (variables.get(name)?.values ?? []).some((value) => pattern.test(value));
  return !says("GIT_STRATEGY", /none|empty|\$/) && !says("GIT_CHECKOUT", /false|0|\$/);
}

// ---- Commands

interface Write {
  readonly command: JobCommand;
  readonly written: Written;
}

/** The commands of a job that write anything. */
const writesOf = defineQuery<Job, readonly Write[]>({
  name: "writesOf",
  compute: (ctx, job) => {
    const { commands, calls } = ctx.get(jobScripts, job);
    const containers = new Map<number, ContainerCommand>(
      commandsOf(ctx, job).map((command) => [command.order, command]),
    );
    // What they run stands behind them among the commands.
    const read = new Set(calls.filter(({ file }) => file.isComplete).map(({ command }) => command.order));
    const functions = new Set(commands.flatMap(({ use }) => use.inFunction ?? []));
    return commands.flatMap((command) => {
      const isRead =
        read.has(command.order) || functions.has(command.argv[0]?.text ?? "") || runsText(command);
      const written = isRead ? [] : writtenBy(ctx, command, containers.get(command.order));
      return written === "anything" || written.length > 0 ? [{ command, written }] : [];
    });
  },
});

/** `sh -c 'text'`, which is read like a script. */
function runsText({ argv: [name, ...words] }: JobCommand): boolean {
  if (name === undefined || !/^(ba|da|a|z|k)?sh$/.test(baseName(name.text))) return false;
  const option = words.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  return option !== -1 && words[option + 1]?.isStatic === true;
}

function madeByCommands(ctx: QueryContext, command: JobCommand, path: FilePath): Made {
  // A body that is run again, or when it is called, may run behind what stands below it.
  const isRepeated =
    command.use.inFunction !== undefined || command.branches.some(({ node }) => isLoop(node));
  const writes = ctx
    .get(writesOf, command.job)
    .filter((write) => write.command !== command && (isRepeated || write.command.order < command.order));
  if (writes.some(({ written }) => written !== "anything" && written.some((each) => touches(each, path))))
    return "yes";
  if (redirectsInto(command.job, baseName(path))) return "yes";
  return writes.some(({ written }) => written === "anything") ? "maybe" : "no";
}

const isLoop = (node: object): boolean =>
  "kind" in node && /^(for|while|until|select)$/.test(String(node.kind));

/** A folder that was made may hold the path, and what was made below the path makes it too. */
const touches = (made: FilePath, path: FilePath): boolean =>
  made === "" || made === path || path.startsWith(`${made}/`) || made.startsWith(`${path}/`);

/** `{ …; } > Dockerfile`: the redirections of a whole group are no command's. */
const redirectsInto = ({ script }: Job, name: string): boolean =>
  name !== "" &&
  script.some(
    ({ text: { text } }) =>
      text.includes(name) &&
      [...text.matchAll(/(?:[})]|\b(?:done|fi|esac))\s*>[>|]?\s*["']?([^\s"';&|)]+)/g)].some(
        ([, target = ""]) => baseName(target) === name,
      ),
  );

// ---- Artifacts and caches

/** https://docs.gitlab.com/ci/yaml/#artifactspaths , https://docs.gitlab.com/ci/yaml/#cachepaths */
function brought(ctx: QueryContext, job: Job, path: FilePath, countsCache: boolean): Made {
  const { jobs, hasForeign, isExact } = resultsOf(ctx, job);
  const results = jobs.map((name) => {
    const other = ctx.get(jobOf, rootKey(job.root, name));
    return other === undefined ? "maybe" : holds(other.keywords.get("artifacts")?.value, path);
  });
  const cached = countsCache ? holds(job.keywords.get("cache")?.value, path) : "no";
  return strongest([...results, cached, hasForeign || !isExact ? "maybe" : "no"]);
}

/** Whether `artifacts` or `cache` (one or a list of them) may hold a path. */
function holds(value: Value | undefined, path: FilePath): Made {
  if (value?.kind === "list") return strongest(value.items.map((item) => holds(item, path)));
  if (value?.kind !== "map") return value?.kind === "unknown" ? "maybe" : "no";
  return takesUntracked(value) ? "maybe" : listHolds(value.entries.get("paths")?.value, path);
}

/** https://docs.gitlab.com/ci/yaml/#artifactsuntracked */
function takesUntracked({ entries }: MapValue): boolean {
  const untracked = entries.get("untracked")?.value;
  return untracked?.kind === "unknown" || (untracked?.kind === "scalar" && untracked.node.text === "true");
}

function listHolds(paths: Value | undefined, path: FilePath): Made {
  if (paths?.kind === "list") return strongest(paths.items.map((item) => listHolds(item, path)));
  if (paths?.kind === "scalar") return patternHolds(paths.node.text, path) ? "yes" : "no";
  return paths?.kind === "unknown" ? "maybe" : "no";
}

/** A variable in a pattern stands for anything. What lies below the path, or holds it, counts as well. */
function patternHolds(written: string, path: FilePath): boolean {
  const pattern = written
    .replace(/^(\$CI_PROJECT_DIR|\$\{CI_PROJECT_DIR\})\/?/, "")
    .replace(/\$\w+|\$\{[^}]*\}/g, "**")
    .replace(/^(\.?\/)+/, "")
    .replace(/\/+$/, "");
  if (pattern === "" || pattern === "." || pattern === "*" || pattern.startsWith("**")) return true;
  const fixed = pattern.replace(/\/?[^/]*[*?[\\].*$/, "");
  if (fixed.startsWith(`${path}/`) || fixed === path) return true;
  const matches = pathPattern(pattern);
  const parts = path.split("/");
  return parts.some((_, index) => matches(parts.slice(0, index + 1).join("/"))) || isAboveGlob(pattern, path);
}

/** `build/*` + `/x.jar` makes `build/libs`: the path matches the front of the pattern. */
function isAboveGlob(pattern: string, path: FilePath): boolean {
  const count = path.split("/").length;
  const parts = pattern.split("/");
  return parts.length > count && pathPattern(parts.slice(0, count).join("/"))(path);
}
