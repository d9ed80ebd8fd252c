// Links of `include` and `trigger:include`: to files of the repository and of the checkouts that stand in for other projects, and
// to the project of a component. An address that begins with `https://` is a link in every editor already.
import { expandNode } from "../../model/pipeline/expand";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { folderOfProjectFile, readComponent } from "../../model/pipeline/include-project";
import { readStatement, type Statement } from "../../model/pipeline/include-statement";
import {
  componentTarget,
  localTarget,
  projectTarget,
  type Target,
} from "../../model/pipeline/include-target";
import type { Inputs } from "../../model/pipeline/inputs-interpolate";
import { rootPairsOf, yamlOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import { keyText, valueOf, type YamlNode } from "../../syntax/yaml-nodes";
import type { Located } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { rootsOfFile } from "../symbols/pipelines-around";
import { withoutQuotes, type LinkTarget } from "./link";
import type { Meaning } from "./meanings";

/** What the includes of a pipeline's file lead to, for each set of inputs that the file is included with. */
export function includeMeanings(ctx: QueryContext, path: FilePath): readonly Meaning[] {
  const nodes = includesIn(ctx, path);
  if (nodes.length === 0) return [];
  const folder = folderOfProjectFile(ctx, path);
  return inputsOf(ctx, path).flatMap((inputs) =>
    nodes
      .flatMap((node) => readStatement(expandNode(ctx, node, inputs)))
      .flatMap((statement) => meaningsOf(ctx, statement, folder)),
  );
}

/** The values of `include` and of each job's `trigger:include`. */
function includesIn(ctx: QueryContext, path: FilePath): readonly YamlNode[] {
  const yaml = ctx.get(yamlOf, path);
  return (yaml === undefined ? [] : rootPairsOf(yaml)).flatMap((pair) => {
    if (keyText(pair) === "include") return [pair.value];
    const trigger = pair.value.kind === "map" ? valueOf(pair.value, "trigger") : undefined;
    return (trigger?.kind === "map" ? valueOf(trigger, "include") : undefined) ?? [];
  });
}

const inputsOf = (ctx: QueryContext, path: FilePath): readonly (Inputs | undefined)[] => [
  ...new Set(
    rootsOfFile(ctx, path)
      .flatMap((root) => ctx.get(pipelineFilesOf, root).uses)
      .flatMap(({ file, inputs }) => (file === path ? [inputs] : [])),
  ),
];

function meaningsOf(ctx: QueryContext, statement: Statement, folder: FilePath): readonly Meaning[] {
  switch (statement.kind) {
    case "local":
      return [meaningOf(localTarget(ctx, statement.target, folder))];
    case "project":
      return statement.files.map((file) => meaningOf(projectTarget(ctx, statement.target, file)));
    case "component": {
      const target = componentTarget(ctx, statement.target);
      return [target.files.length > 0 ? meaningOf(target) : componentPage(statement.target)];
    }
    default:
      return [];
  }
}

/** A wildcard that matches several files leads to none of them. */
const meaningOf = ({ name, files }: Target): Meaning => {
  const [path, ...others] = files;
  const target: LinkTarget | undefined =
    path === undefined || others.length > 0 ? undefined : { kind: "file", path };
  return { at: withoutQuotes(name.at), target };
};

/**
 * The page of a component's project: host and path stand in front of the component's name. Which file of which commit is meant
 * is not certain: `templates/x.yml` or `templates/x/template.yml`, and `1` or `~latest` are no names of commits.
 * https://docs.gitlab.com/ci/components/#use-a-component
 */
function componentPage(name: Located<string>): Meaning {
  const host = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?=\/)/i.exec(name.value)?.[0];
  const project = readComponent(name.value)?.project;
  const isPlain = host !== undefined && project !== undefined && /^[\w.-]+(?:\/[\w.-]+)+$/.test(project);
  return {
    at: withoutQuotes(name.at),
    target: isPlain ? { kind: "page", url: `https://${host}/${project}` } : undefined,
  };
}
