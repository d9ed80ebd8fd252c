// Passes files from job to job as artifacts, where a cache carried them.
import type { Transport } from "../model/docker/cache-transport";
import { ownBody } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { readNeeds } from "../model/pipeline/needs";
import type { StoredPath } from "../model/pipeline/stored-paths";
import { contentOf, yamlOf } from "../model/pipeline/yaml-of";
import { appendItem, removeItem, removePair, rootMapOf, setKey } from "../syntax/yaml-edit";
import { holderOf } from "../syntax/yaml-find";
import { isPlain, readsAsText, singleQuoted } from "../syntax/yaml-layout";
import { pairOf } from "../syntax/yaml-nodes";
import type { ChunkEdit } from "../text/edit";
import type { FixDraft, RuleContext } from "./rule";

type Edits = readonly ChunkEdit[];

/** Long enough for a pipeline that waits for nobody. */
export const EXPIRY = "1 hour";
/** For jobs that somebody starts by hand. */
export const LONG_EXPIRY = "1 week";

/** Whether somebody starts a job by hand, maybe days later. */
export function waitsForPeople({ keywords }: Job): boolean {
  const texts = ["when", "rules"].map((keyword) => JSON.stringify(textsOf(keywords.get(keyword)?.value)));
  return texts.some((text) => /manual|delayed/.test(text));
}

const textsOf = (value: unknown): unknown => {
  const node = value as { kind?: string; node?: { text?: string }; items?: unknown[]; entries?: Map<string, { value: unknown }> } | undefined;
  return node;
};
