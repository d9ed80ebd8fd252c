// Whether something decides if a command runs at all, or overlooks its failure: it may have looked for what seems to be missing.
import type { Job } from "../pipeline/job";
import type { JobCommand } from "./command";

const DECIDERS = /^(if|case|while|until|for|select)$/;

/** Commands left of `&&` that look for nothing. */
const PLAIN = /^(cd|pushd|echo|printf|export|set|mkdir|docker|podman|buildah|apk|apt-get|time)$/;

/**
 * Whether a command runs unless an earlier one fails, and nobody overlooks its own failure. `cd app && docker build .` does;
 * the body of an `if`, of a loop or of a function does not, nor what stands right of `test -f Dockerfile &&` or of `||`.
 */
export const runsUnasked = (command: JobCommand): boolean =>
  !command.use.tolerated && command.use.inFunction === undefined && !isGuarded(command);

function isGuarded(command: JobCommand): boolean {
  if (!command.use.conditional) return false;
  if (command.branches.some(({ node }) => "kind" in node && DECIDERS.test(String(node.kind)))) return true;
  const line = lineBefore(command);
  if (line === undefined || line.includes("||")) return true;
  const left = line.split("&&").slice(0, -1);
  return left.length === 0 || !left.every((part) => PLAIN.test(/^[\s>|"'-]*([\w-]+)/.exec(part)?.[1] ?? ""));
}

/** What stands in front of a command in its list; undefined where its text is not the item's own. */
function lineBefore({ item, at }: JobCommand): string | undefined {
  if (item.at.chunk !== at.chunk || at.start < item.at.start) return undefined;
  const text = at.chunk.text.slice(item.at.start, at.start).replace(/(&&|\|\||\\)[ \t]*\n\s*/g, "$1 ");
  return text.slice(Math.max(text.lastIndexOf("\n"), text.lastIndexOf(";")) + 1);
}

/** `rules:exists`: the job runs only where the file is there. https://docs.gitlab.com/ci/yaml/#rulesexists */
export const asksForFiles = ({ keywords }: Job): boolean => {
  const rules = keywords.get("rules")?.value;
  return (
    rules?.kind === "list" && rules.items.some((rule) => rule.kind === "map" && rule.entries.has("exists"))
  );
};
