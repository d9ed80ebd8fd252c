// Hover on an input of an included file: what its header says, and what those who include the file give.
import { pipelineFilesOf } from "../../model/pipeline/include";
import { inputHeaderOf, type InputSpec } from "../../model/pipeline/inputs-spec";
import { embeddedText } from "../../model/pipeline/inputs-value";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { bullets, code, listed, paragraphs } from "./markdown";

/** What is said of an input of a file. */
export function inputText(
  ctx: QueryContext,
  roots: readonly FilePath[],
  path: FilePath,
  name: string,
): string {
  const header = ctx.get(inputHeaderOf, path);
  const spec = header?.inputs.get(name);
  if (spec === undefined) {
    const isSure = header?.isWhole !== false;
    return paragraphs(
      `**Input** ${code(name)}`,
      isSure ? "The header of this file declares no such input." : undefined,
    );
  }
  const given = givenTo(ctx, roots, path, name);
  return paragraphs(
    `**Input** ${code(name)} — ${spec.type ?? "of a type that is not known"}`,
    bullets([
      defaultText(spec),
      ...limits(spec),
      ...(given.length === 0 ? [] : [`set in this workspace to ${listed(given.map(code))}`]),
    ]),
  );
}

function defaultText({ default: value }: InputSpec): string {
  if (value === undefined) return "no default: whoever includes the file must set it";
  const text = embeddedText(value);
  return `default ${text === undefined ? "not known" : code(text)}`;
}

function limits({ options, regex }: InputSpec): readonly string[] {
  const texts = options?.flatMap((value) => (value.kind === "scalar" ? [code(value.node.text)] : [])) ?? [];
  return [
    ...(texts.length === 0 ? [] : [`one of ${listed(texts)}`]),
    ...(regex === undefined ? [] : [`must match ${code(regex)}`]),
  ];
}

const MOST_VALUES = 5;

/** The values that includes give, other than the default. */
function givenTo(
  ctx: QueryContext,
  roots: readonly FilePath[],
  path: FilePath,
  name: string,
): readonly string[] {
  const values = roots.flatMap((root) =>
    ctx.get(pipelineFilesOf, root).uses.flatMap(({ file, inputs }) => {
      const input = file === path ? inputs?.get(name) : undefined;
      const text = input?.givenAt === undefined ? undefined : embeddedText(input.value);
      return text === undefined ? [] : [text];
    }),
  );
  return [...new Set(values)].slice(0, MOST_VALUES);
}
