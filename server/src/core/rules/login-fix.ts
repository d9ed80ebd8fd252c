// The repair of a missing login: one line that logs in, in front of the first use of the registry.
import type { ContainerCommand } from "../model/docker/command";
import type { ImageReference } from "../model/docker/image-reference";
import { hostOf, isOwnRegistry, type RegistryUse } from "../model/docker/registry-use";
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
  const { item } = command;
  const { chunk } = item.at;
  const lineStart = lineStartOf(chunk, item.at.start);
  const before = chunk.text.slice(lineStart, item.at.start);
  const login = loginFor(command.tool, reference);
  if (login === undefined || !/^\s*- +$/.test(before)) return [];
  const place = { chunk, start: lineStart, end: lineStart };
  return [
    {
      title: login.title,
      safety: "suggested",
      edits: [insertBefore(place, `${indentAt(item.at)}- ${login.line}\n`)],
    },
  ];
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
