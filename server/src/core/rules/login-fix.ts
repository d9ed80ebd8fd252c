// The repair of a missing login: one line that logs in, in front of the first use of the registry.
import type { ContainerCommand } from "../model/docker/command";
import type { ImageReference } from "../model/docker/image-reference";
import type { LostLogin } from "../model/docker/lost-login";
import { hostOf, isOwnRegistry, type RegistryUse } from "../model/docker/registry-use";
import type { ScriptItem } from "../model/pipeline/job";
import { insertItemBefore } from "../syntax/yaml-edit";
import type { ChunkEdit } from "../text/edit";
import { indentAt, insertBefore, lineStartOf } from "./edits";
import type { FixDraft } from "./rule";

/**
 * Puts a login for the registry of a reference in front of the first script item that uses it; nothing where that is not a list
 * item on a line of its own.
 */
export function loginFix(uses: readonly RegistryUse[], reference: ImageReference): readonly FixDraft[] {
  const [first] = [...uses].sort((a, b) => a.command.order - b.command.order);
  if (first === undefined) return [];
  const { command } = first;
  const login = loginFor(command.tool, reference);
  const edit = login === undefined ? undefined : lineBefore(command.item, login.line);
  return login === undefined || edit === undefined
    ? []
    : [{ title: login.title, safety: "suggested", edits: [edit] }];
}

/** Puts a line of its own in front of a script item; undefined where that is not a list item on a line of its own. */
export function lineBefore({ at }: ScriptItem, line: string): ChunkEdit | undefined {
  const { chunk } = at;
  const start = lineStartOf(chunk, at.start);
  if (!/^\s*- +$/.test(chunk.text.slice(start, at.start))) return undefined;
  return insertBefore({ chunk, start, end: start }, `${indentAt(at)}- ${line}\n`);
}

function loginFor(
  tool: ContainerCommand["tool"],
  reference: ImageReference,
): { readonly title: string; readonly line: string } | undefined {
  if (!["docker", "podman", "buildah", "skopeo", "nerdctl"].includes(tool)) return undefined;
  if (isOwnRegistry(reference)) {
    return {
      title: "Log in to `$CI_REGISTRY` first",
      line: `echo "$CI_REGISTRY_PASSWORD" | ${tool} login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"`,
    };
  }
  if (hostOf(reference) !== "") return undefined;
  const server = tool === "docker" || tool === "nerdctl" ? "" : " docker.io";
  return {
    title: "Log in to Docker Hub first",
    line: `echo "$DOCKERHUB_TOKEN" | ${tool} login -u "$DOCKERHUB_USER" --password-stdin${server}`,
  };
}

/** Runs the lost login again, in front of the job's own lines. https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags */
export function referenceFix({ own, inBlock }: LostLogin): readonly FixDraft[] {
  if (!inBlock || own.kind !== "list" || own.items.length === 0) return [];
  return [
    {
      title: "Run the `before_script` of `default` too",
      safety: "suggested",
      edits: insertItemBefore(own.node, 0, "!reference [default, before_script]"),
    },
  ];
}
