// Root entries of a file that belong into the entry above them: `script:` beside its job instead of below it. GitLab takes
// every root key that it does not know for a job. `filter_jobs!` in lib/gitlab/ci/config/entry/root.rb of gitlab-org/gitlab
import { defineQuery } from "../../query/query";
import { keyText, valueOf, type YamlBlock, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import {
  DEFAULT_KEYWORDS,
  JOB_MARKS,
  JOB_ONLY_KEYWORDS,
  RESERVED_ROOT_KEYS,
  SOFT_ROOT_KEYS,
} from "./keywords";
import { contentOf, yamlOf } from "./yaml-of";

/** An entry with the root entries that belong below it. */
export interface LostRun {
  /** Undefined where nothing above can hold them: a fragment of a job. */
  readonly head: YamlPair | undefined;
  /** At least one. */
  readonly entries: readonly YamlPair[];
  /** The text of the entries with what stands between them, in order. */
  readonly blocks: readonly YamlBlock[];
}

export interface LostIndentation {
  readonly runs: readonly LostRun[];
  /** Root entries that are no job and stand in no run: nothing, a text or a list. */
  readonly strays: readonly YamlPair[];
}

/** What has lost its indentation in a file. Parts that YAML itself could not read are left alone. */
export const lostIndentationOf = defineQuery<FilePath, LostIndentation>({
  name: "lostIndentationOf",
  compute: (ctx, path) => {
    const yaml = ctx.get(yamlOf, path);
    const blocks = (yaml === undefined ? undefined : contentOf(yaml))?.blocks ?? [];
    return readBlocks(blocks);
  },
});

interface Reading {
  readonly runs: LostRun[];
  readonly strays: YamlPair[];
}

function readBlocks(blocks: readonly YamlBlock[]): Reading {
  const found: Reading = { runs: [], strays: [] };
  let head: YamlPair | undefined;
  let run: { head: YamlPair | undefined; entries: YamlPair[]; blocks: YamlBlock[] } | undefined;
  for (const block of blocks) {
    const { pairs } = block;
    if (pairs.length === 0) {
      run?.blocks.push(block);
      continue;
    }
    for (const pair of pairs) {
      if (block.problems.length > 0) {
        head = run = undefined;
      } else if (belongsTo(pair, head)) {
        if (run === undefined) found.runs.push((run = { head, entries: [], blocks: [] }));
        run.entries.push(pair);
        if (!run.blocks.includes(block)) run.blocks.push(block);
      } else if (isKeyword(pair)) {
        head = undefined;
        found.runs.push((run = { head, entries: [pair], blocks: [block] }));
      } else {
        run = undefined;
        head = canBeHead(pair) ? pair : undefined;
        if (isStray(pair)) found.strays.push(pair);
      }
    }
  }
  return tidy(found);
}

/** A keyword of jobs where none belongs. What carries an anchor is kept for others, and only not hidden. */
const isKeyword = (pair: YamlPair): boolean =>
  isOutOfPlace(pair) &&
  JOB_ONLY_KEYWORDS.has(nameOf(pair)) &&
  pair.value.kind !== "alias" &&
  pair.value.anchor === undefined;

/** Keywords that may stand at the root lose nothing by it: a run of nothing else is none, unless another run says so. */
function tidy({ runs, strays }: Reading): Reading {
  const sure = runs.filter(({ entries }) => entries.some(isOutOfPlace));
  const heads = new Set(sure.map(({ head }) => head));
  return { runs: sure.length === 0 ? [] : runs, strays: strays.filter((pair) => !heads.has(pair)) };
}

const nameOf = (pair: YamlPair): string => keyText(pair) ?? "";

const isNothing = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null;

/** A map that is a job, or is made one by `extends`. */
const isJob = (node: YamlNode): boolean =>
  node.kind === "alias" ||
  (node.kind === "map" && [...JOB_MARKS, "extends", "<<"].some((mark) => valueOf(node, mark) !== undefined));

const isReserved = (name: string): boolean => RESERVED_ROOT_KEYS.has(name) || SOFT_ROOT_KEYS.has(name);

/** A keyword of jobs at the root, or a text where only jobs stand. */
function isOutOfPlace(pair: YamlPair): boolean {
  const name = nameOf(pair);
  if (name === "" || name.startsWith(".") || isReserved(name) || isJob(pair.value)) return false;
  return JOB_ONLY_KEYWORDS.has(name) || pair.value.kind === "scalar";
}

/** What is written below it could have been its own: empty, or a mapping in block style. */
function canBeHead(pair: YamlPair): boolean {
  const name = nameOf(pair);
  if (name === "variables" || name === "default" || !isReserved(name))
    return isNothing(pair.value) || (pair.value.kind === "map" && !pair.value.flow);
  return false;
}

function belongsTo(pair: YamlPair, head: YamlPair | undefined): boolean {
  if (head === undefined) return false;
  const name = nameOf(pair);
  const isEmptyHead = isNothing(head.value);
  switch (nameOf(head)) {
    case "variables":
      return isOutOfPlace(pair) && !JOB_ONLY_KEYWORDS.has(name) && isVariable(pair);
    case "default":
      return isEmptyHead && DEFAULT_KEYWORDS.includes(name) && !isJob(pair.value);
    default:
      // Below a name without a value come the job's keywords, also those that may stand at the root.
      return isKeyword(pair) || (isEmptyHead && (DEFAULT_KEYWORDS.includes(name) || name === "variables"));
  }
}

const isVariable = (pair: YamlPair): boolean =>
  /^[A-Za-z_]\w*$/.test(nameOf(pair)) && pair.value.kind === "scalar" && pair.value.value !== null;

/** No job, whatever else is written: GitLab wants a mapping. */
function isStray(pair: YamlPair): boolean {
  const name = nameOf(pair);
  if (name === "" || name === "<<" || name.startsWith(".") || isReserved(name)) return false;
  return pair.value.kind === "scalar" || pair.value.kind === "seq";
}
