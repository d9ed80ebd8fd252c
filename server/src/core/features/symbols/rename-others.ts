// What stands in the way of renaming anchors, inputs and aliases of services.
import { isOpaque } from "../../model/docker/find-commands";
import { inputHeaderOf } from "../../model/pipeline/inputs-spec";
import { isComponentFile } from "../../model/pipeline/roots";
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import { blocksNaming } from "./pipelines-around";
import { placeText, type RenameRules } from "./rename-rules";
import { linkedHosts, type HostsOfJob } from "./services";
import type { Mention } from "./symbol";

export const anchorRules: RenameRules = {
  blocked: (_ctx, { name }, all) =>
    all.some(({ role }) => role === "definition") ? undefined : `No anchor \`&${name}\` stands in this file`,
  refuses(ctx, { owner }, name) {
    // Narrower than YAML, whose readers differ: https://yaml.org/spec/1.2.2/#692-node-anchors
    if (!/^[A-Za-z\d_][\w.-]*$/.test(name))
      return `\`${name}\` is no name for an anchor: letters, digits, \`-\`, \`_\` and \`.\``;
    const taken = blocksNaming(ctx, owner, name).some((block) =>
      block.anchors.some(({ anchor }) => anchor === name),
    );
    return taken ? `An anchor \`&${name}\` exists already in this file` : undefined;
  },
};

export const inputRules: RenameRules = {
  blocked(ctx, { name, owner }) {
    const declared = ctx.get(inputHeaderOf, owner)?.inputs.get(name);
    if (declared === undefined) return `\`${owner}\` declares no input \`${name}\``;
    if (declared.nameAt.chunk.file !== owner)
      return `The input \`${name}\` is declared in \`${declared.nameAt.chunk.file}\`, which other files may take it from`;
    return isComponentFile(owner)
      ? `\`${owner}\` is a component: other projects set its inputs by their names`
      : undefined;
  },
  refuses(ctx, { owner }, name) {
    if (!/^[A-Za-z_][\w-]*$/.test(name))
      return `\`${name}\` is no name for an input: letters, digits, \`-\` and \`_\``;
    return ctx.get(inputHeaderOf, owner)?.inputs.has(name) === true
      ? `\`${owner}\` has an input \`${name}\` already`
      : undefined;
  },
};

export const serviceRules: RenameRules = {
  blocked(ctx, mention, all) {
    const { name } = mention;
    if (all.some(({ role, isFixed }) => role === "definition" && isFixed === true))
      return `The name \`${name}\` comes from the service's image; give the service an \`alias\` to choose one`;
    if (name === "docker" || name === "localhost")
      return `The certificate of Docker-in-Docker is made out to \`${name}\`: clients would refuse another name`;
    for (const linked of linkedHosts(ctx, mention)) {
      const reason = blockedIn(ctx, linked, name, all);
      if (reason !== undefined) return reason;
    }
    return undefined;
  },
  refuses(ctx, mention, name) {
    // RFC 1123, which Runner asks for. https://gitlab.com/gitlab-org/gitlab-runner (executors/kubernetes/host_aliases.go)
    if (!/^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/.test(name))
      return `\`${name}\` is no host name: lower-case letters, digits and \`-\``;
    for (const { job } of linkedHosts(ctx, mention)) {
      const other = job.services.find((service) =>
        namesOf(service.alias?.value ?? service.name.value).includes(name),
      );
      if (other !== undefined || name === "docker")
        return `A service of the job \`${job.name}\` answers to \`${name}\` already`;
    }
    return undefined;
  },
};

const namesOf = (written: string): readonly string[] => written.replace(/:[^/]*$/, "").split(/[\s,]+/);

function blockedIn(
  ctx: QueryContext,
  { job }: HostsOfJob,
  name: string,
  all: readonly Mention[],
): string | undefined {
  if (isOpaque(ctx, job))
    return `The job \`${job.name}\` runs programs or scripts that are not read here and may use the host \`${name}\``;
  const texts = [
    ...job.script.map(({ text }) => text),
    ...[...job.variables.values()].flatMap(({ text }) => text ?? []),
  ];
  const pattern = new RegExp(`(?<![\\w.-])${name.replaceAll(".", "\\.")}(?![\\w.-]*\\w)`, "g");
  for (const text of texts) {
    for (const match of text.text.matchAll(pattern)) {
      const at = text.at(match.index, match.index + name.length);
      if (!all.some((each) => isSame(each.at, at)))
        return `\`${name}\` also stands at ${placeText(ctx, at)}, and it is not known whether it means the service`;
    }
  }
  return undefined;
}

const isSame = (a: Origin, b: Origin): boolean => a.chunk === b.chunk && a.start === b.start;
