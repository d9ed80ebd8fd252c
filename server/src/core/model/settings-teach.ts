// Writes what a person knows about GitLab's user interface into the repository's configuration file.
import { CONFIGURATION_FILE } from "../settings/table";
import type { QueryContext } from "../query/query";
import { appendItem, setKey } from "../syntax/yaml-edit";
import { keyText, valueOf } from "../syntax/yaml-nodes";
import { insertAt, type ChunkEdit } from "../text/edit";
import type { FilePath } from "../text/source-file";
import { yamlOf } from "./pipeline/yaml-of";

export interface Taught {
  readonly edits: readonly ChunkEdit[];
  readonly creates: readonly { readonly file: FilePath; readonly text: string }[];
}

/**
 * Several entries of one list as one change: what the first one begins (`runners:`, a new file), the others go on with. All are
 * made for the same state of the file.
 */
export function unitedEntries(all: readonly Taught[]): Taught {
  const [first, ...others] = all;
  if (first === undefined) return { edits: [], creates: [] };
  const [edit, ...moreEdits] = first.edits;
  const [created, ...moreFiles] = first.creates;
  const added = others.flatMap(({ edits }) => edits.map(({ newText }) => behindFirst(newText)));
  const appended = others.flatMap(({ creates }) => creates.map(({ text }) => behindFirst(text)));
  return {
    edits: edit === undefined ? [] : [{ ...edit, newText: edit.newText + added.join("") }, ...moreEdits],
    creates:
      created === undefined ? [] : [{ ...created, text: created.text + appended.join("") }, ...moreFiles],
  };
}

/** Without the key of the list; with a comma where a list in brackets was empty. */
function behindFirst(text: string): string {
  const item = text.replace(/^\n?\w+:\n(?= *- )/, "");
  return item !== text || /^\s*(?:\n|,|-)/.test(text) ? item : `, ${text}`;
}

/** A name below `variables: known:`. Undefined where the file is there but can't be extended. */
export function knownVariable(ctx: QueryContext, name: string): Taught | undefined {
  const text = `variables:\n  known:\n    - ${name}\n`;
  const yaml = ctx.exists(CONFIGURATION_FILE) === false ? undefined : ctx.get(yamlOf, CONFIGURATION_FILE);
  if (yaml === undefined) return { edits: [], creates: [{ file: CONFIGURATION_FILE, text }] };
  const blocks = yaml.documents[0]?.blocks ?? [];
  const variables = blocks.flatMap((block) => block.pairs).find((pair) => keyText(pair) === "variables");
  if (variables?.value.kind === "map") {
    const known = valueOf(variables.value, "known");
    if (known === undefined) return { edits: setKey(variables.value, "known", `- ${name}`), creates: [] };
    return known.kind === "seq" ? { edits: appendItem(known, name), creates: [] } : undefined;
  }
  const last = blocks.at(-1);
  if (variables !== undefined || last === undefined) return undefined;
  const gap = last.chunk.text.endsWith("\n") ? "" : "\n";
  return { edits: [insertAt(last.chunk, last.chunk.text.length, `${gap}${text}`)], creates: [] };
}
