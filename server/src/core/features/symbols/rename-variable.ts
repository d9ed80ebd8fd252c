// What stands in the way of renaming a variable: whoever reads it where nobody sees it. Programs find variables in their
// environment, so only one that is read by its name, in scripts that are read to their end, can be renamed.
import { predefinedVariable } from "../../data/predefined-variables";
import { isOpaque, commandsOf } from "../../model/docker/find-commands";
import { dotenvSources } from "../../model/docker/variable-of";
import { pipelineFilesOf } from "../../model/pipeline/include";
import type { Job } from "../../model/pipeline/job";
import { referencedOf } from "../../model/pipeline/reference";
import { jobOf, rootKey } from "../../model/pipeline/resolve";
import { settingsOf } from "../../model/settings-of";
import type { QueryContext } from "../../query/query";
import { mentionsOfBlock } from "./block-mentions";
import { blocksNaming } from "./pipelines-around";
import { placeText, type RenameRules } from "./rename-rules";
import type { Mention } from "./symbol";
import { linkedVariables, type LinkedVariables } from "./variables";

/** Names that Runner, Docker, Git and others look for. */
const SPECIAL =
  /^(?:CI|GITLAB|RUNNER|FF|GIT|DOCKER|BUILDKIT|BUILDX|COMPOSE|KUBERNETES|KUBE|HELM|SECURE|SAST|DAST|AUTO_DEVOPS|NPM_CONFIG|PIP|GRADLE|MAVEN|CARGO)_|^(?:CI|HOME|PATH|PWD|USER|SHELL|IFS|KUBECONFIG|TZ|LANG|TERM|(?:HTTPS?|NO|ALL|FTP)_PROXY|(?:https?|no|all|ftp)_proxy)$/;

export const variableRules: RenameRules = {
  blocked(ctx, mention, all) {
    const { name } = mention;
    if (predefinedVariable(name) !== undefined) return `GitLab sets \`${name}\`; it can't be renamed`;
    if (SPECIAL.test(name))
      return `\`${name}\` is a name that programs look for; another name changes what they do`;
    if (ctx.get(settingsOf, null).settings.variables.known.includes(name))
      return `\`${name}\` is set in GitLab's user interface, which can't be reached from here`;
    if (all.every(({ role }) => role === "reference"))
      return `No file here sets \`${name}\`: it comes from GitLab's user interface, the runner or an include that was not read`;
    if (all.every(({ role }) => role !== "reference"))
      return `Nothing here reads \`${name}\` by its name: a program that finds it in its environment would miss it`;
    const linked = linkedVariables(ctx, mention);
    return unreadParts(ctx, linked) ?? unseenReaders(ctx, name, linked) ?? uncovered(ctx, name, linked);
  },
  refuses(ctx, mention, name) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      return `\`${name}\` is no name for a variable: letters, digits and \`_\`, no digit in front`;
    if (predefinedVariable(name) !== undefined) return `GitLab sets a variable \`${name}\` itself`;
    if (SPECIAL.test(name)) return `\`${name}\` is a name that programs look for`;
    const { jobs, units } = linkedVariables(ctx, mention);
    const taken = jobs.find((job) => job.variables.has(name));
    if (taken !== undefined) return `The job \`${taken.name}\` has a variable \`${name}\` already`;
    for (const unit of units) {
      const mentions = typeof unit === "string" ? linkedIn(ctx, unit, name) : ctx.get(mentionsOfBlock, unit);
      const clash = mentions.find((each) => each.kind === "variable" && each.name === name);
      if (clash !== undefined) return `\`${name}\` is used already at ${placeText(ctx, clash.at)}`;
    }
    return undefined;
  },
};

const linkedIn = (ctx: QueryContext, file: string, name: string): readonly Mention[] => {
  const text = ctx.file(file)?.text ?? "";
  const start = text.search(new RegExp(`\\b${name}\\b`));
  if (start === -1) return [];
  const at = { chunk: { file, text }, start, end: start + name.length };
  return [{ kind: "variable", name, owner: "", role: "reference", at }];
};

/** Parts of the pipelines that were not read, and may name the variable. */
function unreadParts(ctx: QueryContext, { jobs, sharedBy }: LinkedVariables): string | undefined {
  const open = sharedBy.find((root) => !ctx.get(pipelineFilesOf, root).isClosed);
  if (open !== undefined)
    return `An include of \`${open}\` was not read: its jobs see the variables of the pipeline and may use this one`;
  const incomplete = jobs.find(({ root, name }) => !ctx.get(referencedOf, rootKey(root, name)).isComplete);
  return (
    incomplete &&
    `A part of the job \`${incomplete.name}\` stands in a file that was not read, and may use the variable`
  );
}

/** Programs that may take the variable out of their environment. */
function unseenReaders(ctx: QueryContext, name: string, { jobs }: LinkedVariables): string | undefined {
  for (const job of jobs) {
    const caller = job.name;
    if (isForwarded(job)) return `The job \`${caller}\` hands its variables to a pipeline of another project`;
    if (job.isTrigger) continue;
    if (isOpaque(ctx, job))
      return `The job \`${caller}\` runs programs or scripts that are not read here and may use \`${name}\` from their environment`;
    const reading = commandsOf(ctx, job).find(
      ({ tool, verb }) => tool === "docker-compose" || verb.startsWith("compose") || verb === "buildx bake",
    );
    if (reading !== undefined)
      return `The job \`${caller}\` runs \`${reading.argv[0]?.text ?? "docker"} ${reading.verb}\`, whose files may use \`${name}\``;
    if (/\b(?:envsubst|eval)\b/.test(job.script.map(({ text }) => text.text).join("\n")))
      return `The job \`${caller}\` puts variables into texts at run time, where \`${name}\` may stand`;
    const dotenv = dotenvSources(ctx, job).find((source) => writes(ctx, job.root, source, name));
    if (dotenv !== undefined) return `The dotenv report of the job \`${dotenv}\` sets \`${name}\` too`;
  }
  return matrixNeeds(ctx, name, jobs);
}

/** https://docs.gitlab.com/ci/yaml/#triggerproject */
function isForwarded({ keywords }: Job): boolean {
  const trigger = keywords.get("trigger")?.value;
  return trigger?.kind === "scalar" || (trigger?.kind === "map" && trigger.entries.has("project"));
}

const writes = (ctx: QueryContext, root: string, job: string, name: string): boolean =>
  ctx.get(jobOf, rootKey(root, job))?.script.some(({ text }) => text.text.includes(`${name}=`)) === true;

/** `needs: parallel: matrix:` elsewhere in the pipelines chooses jobs by the variable. */
function matrixNeeds(ctx: QueryContext, name: string, jobs: readonly Job[]): string | undefined {
  const files = new Set(jobs.flatMap(({ root }) => ctx.get(pipelineFilesOf, root).files));
  for (const block of [...files].flatMap((file) => blocksNaming(ctx, file, name))) {
    if (!block.chunk.text.includes("matrix")) continue;
    const found = ctx
      .get(mentionsOfBlock, block)
      .find((each) => each.name === name && each.obstacle?.startsWith("`needs`") === true);
    if (found?.obstacle !== undefined)
      return `\`${name}\` can't be renamed: ${found.obstacle} (${placeText(ctx, found.at)})`;
  }
  return undefined;
}

/** `$NAME` that no shell of ours reads: in quotes, for another program. Comments do not count. */
function uncovered(
  ctx: QueryContext,
  name: string,
  { units, mentions }: LinkedVariables,
): string | undefined {
  const pattern = new RegExp(`(?:\\$(?:\\{[#!]?)?|\\$env:|%)${name}(?!\\w)`, "g");
  for (const unit of units) {
    const chunk = typeof unit === "string" ? { file: unit, text: ctx.file(unit)?.text ?? "" } : unit.chunk;
    const own = mentions.filter(({ at }) => at.chunk.file === chunk.file && at.chunk.text === chunk.text);
    const starts = new Set(own.map(({ at }) => at.start));
    const found = [...chunk.text.matchAll(pattern)]
      .map((match) => match.index + match[0].length - name.length)
      .find((start) => !starts.has(start) && !isInComment(chunk.text, start));
    if (found === undefined) continue;
    const place = placeText(ctx, { chunk, start: found, end: found + name.length });
    return `\`${name}\` stands at ${place} in a text that is not followed`;
  }
  return undefined;
}

const isInComment = (text: string, start: number): boolean =>
  /(?:^|\s)#/.test(text.slice(text.lastIndexOf("\n", start) + 1, start));
