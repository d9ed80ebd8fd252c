// Host names of services: the alias that gives one, and the addresses of the job's variables and scripts that use it.
// https://docs.gitlab.com/ci/services/#accessing-the-services
import { expandText } from "../../model/docker/expand";
import { imageHostnames } from "../../model/docker/dind-service";
import { parseReference } from "../../model/docker/image-reference";
import type { Job, Service } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import { defineQuery } from "../../query/query";
import type { MappedText } from "../../text/mapped-text";
import { allJobs } from "./jobs-of-workspace";
import { nameWithin, uniqueMentions, type Mention, type Spot, type SymbolProvider } from "./symbol";

export const services: SymbolProvider = {
  kinds: ["service"],
  around: (ctx, spot) =>
    mayNameHost(ctx, spot)
      ? allJobs(ctx).flatMap((job) =>
          ctx.get(hostsOfJob, job).filter(({ at }) => at.chunk.file === spot.file),
        )
      : [],
  all: (ctx, mention) => uniqueMentions(linkedHosts(ctx, mention).flatMap(({ mentions }) => mentions)),
};

/** Only a line with an address, an alias or a service can: all jobs of the workspace are asked for it. */
function mayNameHost(ctx: QueryContext, { file, offset }: Spot): boolean {
  const lines = ctx.file(file)?.lines;
  const text = lines?.lineText(lines.positionAt(offset).line) ?? "";
  return /:\/\/|alias|services|name:|^\s*-\s*["'\w]/.test(text);
}

export interface HostsOfJob {
  readonly job: Job;
  readonly mentions: readonly Mention[];
}

/** The jobs that share a place which says the host name, with what they say of it. */
export function linkedHosts(ctx: QueryContext, { name, at }: Mention): readonly HostsOfJob[] {
  const naming = allJobs(ctx).flatMap((job): readonly HostsOfJob[] => {
    const mentions = ctx.get(hostsOfJob, job).filter((each) => each.name === name);
    return mentions.length === 0 ? [] : [{ job, mentions }];
  });
  const keyOf = ({ chunk, start }: Mention["at"]): string => `${chunk.file}\0${start}\0${chunk.text}`;
  const places = new Set([keyOf(at)]);
  const linked = new Set<HostsOfJob>();
  for (let before = -1; before !== linked.size;) {
    before = linked.size;
    for (const each of naming) {
      if (!each.mentions.some((mention) => places.has(keyOf(mention.at)))) continue;
      linked.add(each);
      for (const mention of each.mentions) places.add(keyOf(mention.at));
    }
  }
  return [...linked];
}

/** The names of a job's services, and the addresses with one of them as host. */
const hostsOfJob = defineQuery<Job, readonly Mention[]>({
  name: "hostsOfJob",
  compute: (ctx, job) => {
    const names = job.services.flatMap((service) => namesOf(ctx, job, service));
    if (names.length === 0) return [];
    const known = new Set(names.map(({ name }) => name));
    const texts = [
      ...[...job.variables.values()].flatMap(({ text }) => text ?? []),
      ...job.services.flatMap((service) => [...service.variables.values()].flatMap(({ text }) => text ?? [])),
      ...job.script.map(({ text }) => text),
    ];
    return uniqueMentions([...names, ...texts.flatMap((text) => addressesIn(text, known))]);
  },
});

function namesOf(ctx: QueryContext, job: Job, { alias, name }: Service): readonly Mention[] {
  const aliases = alias?.value.split(/[\s,]+/).filter((each) => each !== "") ?? [];
  if (alias !== undefined && aliases.length > 0) {
    const text = alias.at.chunk.text;
    return aliases.flatMap((each): readonly Mention[] => {
      const start = text.indexOf(each, alias.at.start);
      if (start === -1 || start + each.length > alias.at.end) return [];
      const at = { chunk: alias.at.chunk, start, end: start + each.length };
      return [{ kind: "service", name: each, owner: "", role: "definition", at }];
    });
  }
  const [only, ...others] = expandText(ctx, job, name.value);
  const hostnames =
    only === undefined || others.length > 0 ? [] : imageHostnames(parseReference(only)).hostnames;
  const at = nameWithin(name.at, name.value) ?? name.at;
  return hostnames.map((each): Mention => {
    return { kind: "service", name: each, owner: "", role: "definition", at, isFixed: true };
  });
}

/** `tcp://docker:2376`, `postgres://user@db/x` */
const ADDRESS = /\b[a-z][a-z\d+.-]{1,20}:\/\/(?:[^@\s/"']{0,200}@)?([A-Za-z\d][\w.-]*)/g;

const addressesIn = (text: MappedText, hosts: ReadonlySet<string>): readonly Mention[] =>
  text.text.includes("://")
    ? [...text.text.matchAll(ADDRESS)].flatMap((match): readonly Mention[] => {
        const host = match[1] ?? "";
        if (!hosts.has(host)) return [];
        const end = match.index + match[0].length;
        return [
          { kind: "service", name: host, owner: "", role: "reference", at: text.at(end - host.length, end) },
        ];
      })
    : [];
