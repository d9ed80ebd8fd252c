// Inputs that the header of the file declares, behind `$[[ inputs.`.
import { inputHeaderOf } from "../../model/pipeline/inputs-spec";
import { embeddedText } from "../../model/pipeline/inputs-value";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Item } from "./item";

/** The name that is being typed at the end of a text; undefined where none is. */
export const typedInput = (text: string): string | undefined => /\$\[\[\s*inputs\.([\w-]*)$/.exec(text)?.[1];

export const inputItems = (ctx: QueryContext, path: FilePath): readonly Item[] =>
  [...(ctx.get(inputHeaderOf, path)?.inputs.values() ?? [])].map((spec) => {
    const fallback = spec.default === undefined ? undefined : embeddedText(spec.default);
    const detail = spec.default === undefined ? "must be set" : `default ${fallback ?? "not known"}`;
    return { label: spec.name, kind: "argument", detail: `${spec.type ?? "input"}, ${detail}` };
  });
