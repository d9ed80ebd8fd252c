// .NET: what `dotnet publish` writes, on the runtime of the same release. https://learn.microsoft.com/dotnet/core/docker/build-container
import { DOTNET_SOURCES } from "../../../data/context-files";
import type { RuntimeImage } from "../../../data/runtime-images";
import type { QueryContext } from "../../../query/query";
import { absolutePath, folderOf, nameOf } from "./container-path";
import type { Context } from "./context-roles";
import { onlyCommand, textOf, type Language } from "./plan";
import type { SingleStage } from "./single-stage";

export const dotnetLanguage: Language = {
  images: ["mcr.microsoft.com/dotnet/sdk"],
  manifest: /\.[cf]sproj$/,
  builds: /^dotnet (?:restore|build|publish|test|clean|--info|--version)\b/,
  plan: (ctx, single, context) => {
    const project = projectOf(ctx, context);
    const publish = onlyCommand(single, /^dotnet publish\b/);
    const runtime = project === undefined ? undefined : runtimeFor(single, project.text);
    if (project === undefined || publish === undefined || runtime === undefined) return undefined;
    const { words } = publish.command;
    if (
      words.some((word) =>
        /^(?:-r|--runtime|--self-contained|--sc|-a|--arch|--os|-f|--framework|[-/]p:(?:Publish|SelfContained|RuntimeIdentifier|OutputPath|AssemblyName).*)$/.test(
          word,
        ),
      )
    )
      return undefined;
    const library = libraryOf(single);
    if (library === undefined || nameOf(library) !== `${project.assembly}.dll`) return undefined;
    const folder = folderOf(library);
    if (outputOf(words, publish.run.directory) !== folder) return undefined;
    return {
      runtimes: [runtime],
      artifacts: [{ from: `${folder}/`, to: `${folder}/` }],
      sources: DOTNET_SOURCES,
      // The content root is where the program starts: what was published, or the sources' own settings and static files.
      holds: single.finalDirectory === folder ? publish.run.directory : undefined,
      writesData: false,
      edits: [],
      lastly: undefined,
    };
  },
};

interface Project {
  readonly assembly: string;
  readonly text: string;
}

/** The only project; undefined for several, and for one that publishes something else than a library for `dotnet`. */
function projectOf(ctx: QueryContext, context: Context): Project | undefined {
  const [path, ...others] = context.files.filter((file) => /\.[cfv][sb]proj$/.test(file));
  const text = path === undefined || others.length > 0 ? undefined : textOf(ctx, context, path);
  if (path === undefined || text === undefined) return undefined;
  if (/<(?:PublishAot|SelfContained|PublishSingleFile|RuntimeIdentifier|OutputPath|PublishDir)\b/.test(text))
    return undefined;
  const assembly =
    /<AssemblyName>\s*([\w.-]+)\s*</.exec(text)?.[1] ?? nameOf(`/${path}`).replace(/\.\w+$/, "");
  return { assembly, text };
}

/** Tags are the same but for the build of the SDK: https://hub.docker.com/r/microsoft/dotnet-aspnet . Alpine lacks ICU there. */
function runtimeFor({ tag }: SingleStage, project: string): RuntimeImage | undefined {
  const [, release, system = ""] =
    /^(\d+\.0)(?:\.\d+)?(-(?:noble|jammy|resolute|bookworm-slim|trixie-slim))?$/.exec(tag) ?? [];
  const kind = /Sdk="Microsoft\.NET\.Sdk\.Web"|Include="Microsoft\.AspNetCore\.App"/.test(project)
    ? "aspnet"
    : /Sdk="Microsoft\.NET\.Sdk(?:\.Worker)?"/.test(project)
      ? "runtime"
      : undefined;
  if (release === undefined || kind === undefined) return undefined;
  return {
    image: `mcr.microsoft.com/dotnet/${kind}:${release}${system}`,
    users: ["root", "nobody", "app"],
    shell: "debian",
    setup: undefined,
    brings: ["ca-certificates"],
    source: "https://learn.microsoft.com/dotnet/core/docker/container-images",
  };
}

/** `dotnet X.dll`. */
function libraryOf({ program, finalDirectory }: SingleStage): string | undefined {
  const [dotnet, library = ""] = program.words;
  return dotnet === "dotnet" && library.endsWith(".dll") ? absolutePath(finalDirectory, library) : undefined;
}

function outputOf(words: readonly string[], directory: string): string | undefined {
  const index = words.findIndex((word) => word === "-o" || word === "--output");
  const joined = words.find((word) => /^(?:-o|--output)=/.test(word))?.replace(/^[^=]*=/, "");
  const written = index === -1 ? joined : words[index + 1];
  return written === undefined ? undefined : absolutePath(directory, written);
}
