// Repairs of a push of what is not there: push what was made, give the build the name, or build the stage that the name means.
import { dockerfileOf } from "../model/docker/dockerfile";
import type { Build } from "../model/docker/build";
import { literalText } from "../model/docker/symbolic";
import type { ImageUse } from "../model/flow/image-use";
import type { UnbuiltPush } from "../model/flow/unbuilt-push";
import { textAt } from "../text/located";
import { endOf, replaceInScript } from "./edits";
import type { FixDraft, RuleContext } from "./rule";
import { lineBeforeCommand } from "./script-lines";

/** The fixes, the likeliest first. */
export function unbuiltFixes(ctx: RuleContext, unbuilt: UnbuiltPush): readonly FixDraft[] {
  const { push, closest, made } = unbuilt;
  const stage = buildStage(ctx, push, made);
  if (stage !== undefined) return [stage];
  const builds = made.filter(({ action }) => action === "build");
  const [build] = builds.filter((each) => each.build === builds[0]?.build);
  const isOnly = builds.every((each) => each.build === build?.build);
  return [
    closest === undefined ? undefined : pushClosest(push, closest),
    build === undefined || !isOnly ? undefined : alsoTag(push, build),
    builds.length > 0 || made.length !== 1 ? undefined : tagFirst(push, made[0]),
  ].filter((fix) => fix !== undefined);
}

function pushClosest({ at, command }: ImageUse, closest: ImageUse): FixDraft | undefined {
  const text = textAt(closest.at.at);
  const edit = command && replaceInScript(command.item, at.at, text);
  return edit === undefined || !isWord(closest)
    ? undefined
    : { title: `Push \`${text}\``, safety: "suggested", edits: [edit] };
}

/** A second `-t` behind the first. */
function alsoTag(push: ImageUse, { command, build }: ImageUse): FixDraft | undefined {
  const [tag] = build?.tags ?? [];
  const text = textAt(push.at.at);
  if (command === undefined || tag === undefined || !isWord(push) || command.shell !== push.command?.shell)
    return undefined;
  const edit = replaceInScript(command.item, endOf(tag.value.flag.at), ` -t ${text}`);
  return edit === undefined
    ? undefined
    : { title: `Build it with \`-t ${text}\` too`, safety: "suggested", edits: [edit] };
}

function tagFirst(push: ImageUse, made: ImageUse | undefined): FixDraft | undefined {
  if (made === undefined || push.command === undefined || !isWord(push) || !isWord(made)) return undefined;
  const line = `docker tag ${textAt(made.at.at)} ${textAt(push.at.at)}`;
  const edit = lineBeforeCommand(push.command, line);
  return edit === undefined
    ? undefined
    : { title: `Name it first: \`${line}\``, safety: "suggested", edits: [edit] };
}

/** `cache:builder-latest` beside a stage `builder`: that stage is to be built. */
function buildStage(ctx: RuleContext, push: ImageUse, made: readonly ImageUse[]): FixDraft | undefined {
  const build = made.find((each) => each.build !== undefined)?.build;
  const name = build && stageIn(ctx, build, tagOf(push));
  const [context] = build?.contexts ?? [];
  if (build === undefined || name === undefined || context === undefined || !isWord(push)) return undefined;
  const file = build.file === undefined ? "" : ` -f ${textAt(build.file.at.at)}`;
  const line = `docker build${file} --target ${name} -t ${textAt(push.at.at)} ${textAt(context.at)}`;
  const edit = lineBeforeCommand(build.command, line);
  return edit === undefined
    ? undefined
    : { title: `Build the stage \`${name}\` under this name`, safety: "suggested", edits: [edit] };
}

/** The tag of the only reference, where that is plain text. */
function tagOf({ references }: ImageUse): string {
  const [reference, ...variants] = references;
  const tag = reference?.tag.known === true ? reference.tag.value : undefined;
  return (variants.length === 0 && tag && literalText(tag)) || "";
}

/** The stage whose name is a word of the tag; not the last one, which the build makes anyway. */
function stageIn(ctx: RuleContext, build: Build, tag: string): string | undefined {
  if (!build.dockerfile.known) return undefined;
  const stages = dockerfileOf(ctx, build.dockerfile.value)?.stages.slice(0, -1) ?? [];
  const words = tag.toLowerCase().split(/[-_.]/);
  return stages.find(({ name }) => name !== undefined && words.includes(name.value.toLowerCase()))?.name
    ?.value;
}

/** One word on one line, as the script has it. */
const isWord = ({ at }: ImageUse): boolean => /^\S+$/.test(textAt(at.at)) && textAt(at.at) !== "";
