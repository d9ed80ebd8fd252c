// Completion in Dockerfiles: stages, base images of the project, and variables.
import { dockerfileOf, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { rootsOf } from "../../model/pipeline/roots";
import type { QueryContext } from "../../query/query";
import { lineStartAt } from "../../text/line-start";
import type { SourceFile } from "../../text/source-file";
import { PLATFORM_ARGUMENTS, platformArgumentText } from "../platform-arguments";
import { imageItems } from "./images";
import { distinct, type Item, type Offer } from "./item";
import { typedVariable } from "./variables";

/** What is offered at an offset of a Dockerfile. */
export function dockerfileOffer(ctx: QueryContext, file: SourceFile, offset: number): Offer | undefined {
  const dockerfile = dockerfileOf(ctx, file.path);
  const line = file.text.slice(lineStartAt(file.text, offset), offset);
  if (dockerfile === undefined || /^\s*#/.test(line)) return undefined;
  const earlier = dockerfile.stages.filter(({ at }) => at.start < offset - line.length);
  const name = typedVariable(line);
  if (name !== undefined) return offer(argumentItems(dockerfile, earlier.at(-1)), name, offset);
  const from = /^\s*FROM\s+(?:--\S+\s+)*(\S*)$/i.exec(line)?.[1];
  if (from !== undefined) return offer([...stageItems(earlier), ...baseItems(ctx)], from, offset);
  const declared = /^\s*ARG\s+(?:\S+\s+)*([A-Za-z_]\w*|)$/i.exec(line)?.[1];
  if (declared !== undefined) return offer(platformItems(), declared, offset);
  const source =
    /^\s*(?:COPY|ADD)\s.*--from=([^\s=]*)$/i.exec(line)?.[1] ??
    /--mount=\S*\bfrom=([^\s,=]*)$/.exec(line)?.[1];
  if (source === undefined) return undefined;
  // A stage takes from those in front of it.
  return offer([...stageItems(earlier.slice(0, -1)), ...baseItems(ctx)], source, offset);
}

const offer = (items: readonly Item[], typed: string, offset: number): Offer => ({
  items,
  at: { start: offset - typed.length, end: offset },
});

const stageItems = (stages: readonly Stage[]): readonly Item[] =>
  stages.flatMap(({ name, written }): readonly Item[] =>
    name === undefined ? [] : [{ label: name.value, kind: "stage", detail: `FROM ${written.value}` }],
  );

/** What BuildKit sets for a stage that declares it. */
const platformItems = (): readonly Item[] =>
  PLATFORM_ARGUMENTS.map((label) => ({ label, kind: "argument", detail: platformArgumentText(label) }));

/** Images of the project without GitLab's variables, which mean nothing here. */
const baseItems = (ctx: QueryContext): readonly Item[] =>
  imageItems(ctx, ctx.get(rootsOf, null)).filter(({ label }) => !label.includes("$"));

function argumentItems({ globalArguments }: Dockerfile, stage: Stage | undefined): readonly Item[] {
  const own = stage?.arguments ?? globalArguments;
  const variables = (stage?.instructions ?? []).filter(({ keyword }) => keyword === "ENV");
  return distinct([
    ...own.map(({ name, default: value }): Item => ({
      label: name,
      kind: "argument",
      detail: value === undefined ? "ARG" : `ARG, default ${value}`,
    })),
    ...variables.flatMap(({ assignments }) =>
      assignments.map(({ name, value }): Item => ({
        label: name,
        kind: "variable",
        detail: `ENV ${value ?? ""}`.trim(),
      })),
    ),
  ]);
}
