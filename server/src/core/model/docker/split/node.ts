// Node: what the build wrote and production dependencies, on the same image or its slim sister. https://docs.docker.com/guides/nodejs/
import { NODE_SOURCES, type Sources } from "../../../data/context-files";
import {
  NODE_COMPILERS,
  NODE_NEEDS_SYSTEM,
  NODE_PRUNING,
  type RuntimeImage,
} from "../../../data/runtime-images";
import { absolutePath, inFolder, isWithin } from "./container-path";
import type { Context } from "./context-roles";
import { onlyCommand, textOf, type Artifact, type Language } from "./plan";
import type { SingleStage } from "./single-stage";

const BUILD =
  /^(?:(?:npm|pnpm|yarn) (?:run )?build(?::[\w:-]+)?|npx (?:tsc|nest build|next build|vite build))(?: |$)/;
const INSTALL = /^(?:npm (?:ci|clean-install|i|install)|(?:yarn|pnpm)(?: install| i)?)(?= -| ?$)/;

/** Dependencies that are folders, and packages in packages. */
const NEEDS_MORE = /"workspaces"\s*:|"(?:file|link|workspace|portal|patch):|"(?:pre|post)start"\s*:/;

export const nodeLanguage: Language = {
  images: ["node"],
  manifest: /^package\.json$/,
  builds: new RegExp(
    `${INSTALL.source}|${BUILD.source}|^(?:npm|pnpm|yarn) (?:run )?(?:lint|test|typecheck)\\b|^corepack (?:enable|prepare)\\b|^(?:npm|yarn) cache clean\\b`,
  ),
  plan: (ctx, single, context) => {
    const manifest = textOf(ctx, context, "package.json");
    const build = onlyCommand(single, BUILD);
    const install = onlyCommand(single, INSTALL);
    if (manifest === undefined || build === undefined || install === undefined) return undefined;
    if (needsMore(manifest, context) || install.run.directory !== build.run.directory) return undefined;
    const root = install.run.directory;
    const output = outputOf(single, context, manifest, root);
    const script = scriptOf(build.command.words, manifest);
    if (output === undefined || script === undefined) return undefined;
    if (![script, ...scriptsAround(manifest)].every((each) => writesOnly(each, output.name)))
      return undefined;
    const hasModules = /"(?:optionalD|d)ependencies"\s*:\s*\{\s*"/.test(manifest);
    const names = ["package.json", ...(hasModules ? ["node_modules/"] : []), `${output.name}/`];
    return {
      runtimes: [runtimeFor(single.tag)],
      artifacts: names.map((name): Artifact => ({ from: inFolder(root, name), to: inFolder(root, name) })),
      sources: output.sources,
      holds: undefined,
      writesData: true,
      edits: [],
      lastly: hasModules ? pruningOf(single, manifest, install.command.text) : undefined,
    };
  },
};

const needsMore = (manifest: string, { files }: Context): boolean =>
  NEEDS_MORE.test(manifest) ||
  NODE_NEEDS_SYSTEM.test(manifest) ||
  files.some((file) => /^(?:pnpm-workspace\.yaml|\.yarnrc\.yml|\.pnp\.cjs|patches\/.*)$/.test(file));

/** https://hub.docker.com/_/node : slim is the same release of Debian without compilers. */
function runtimeFor(tag: string): RuntimeImage {
  const isAlpine = /alpine/.test(tag);
  return {
    image: `node:${tag}${isAlpine || /slim/.test(tag) ? "" : "-slim"}`,
    users: ["root", "nobody", "node"],
    shell: isAlpine ? "alpine" : "debian",
    setup: undefined,
    brings: [],
    source: "https://hub.docker.com/_/node",
  };
}

/** What takes development dependencies away; undefined where there are none. */
function pruningOf({ steps }: SingleStage, manifest: string, install: string): string | undefined {
  const isProduction =
    / (?:--omit[= ]dev|--production|--prod|-P|--only=prod\w*)\b/.test(install) ||
    steps.some(({ instruction }) =>
      instruction.assignments.some(({ name, value }) => name === "NODE_ENV" && value === "production"),
    );
  if (isProduction || !manifest.includes('"devDependencies"')) return undefined;
  return NODE_PRUNING.find(({ program }) => install.startsWith(program))?.command;
}

interface Output {
  /** The folder below the project's root. */
  readonly name: string;
  readonly sources: Sources;
}

/** The folder that the build wrote, by the program that runs from it and is not in the context. */
function outputOf(single: SingleStage, context: Context, manifest: string, root: string): Output | undefined {
  const [program = "", ...words] = startWords(single.program.words, manifest) ?? [];
  if (/(?:^|\/)next$/.test(program)) return words[0] === "start" ? nextOutput(context, manifest) : undefined;
  const script = words.find((word) => !word.startsWith("-"));
  if (program !== "node" || script === undefined || words.some((word) => PRELOADS.test(word)))
    return undefined;
  const path = absolutePath(single.finalDirectory, script);
  const name = path === undefined ? undefined : folderBelow(root, path);
  if (name === undefined || /^(?:src|node_modules)$/.test(name)) return undefined;
  return context.files.some((file) => isWithin(file, name)) ? undefined : { name, sources: NODE_SOURCES };
}

/** The first folder on the way from a folder to a file in it. */
function folderBelow(root: string, path: string): string | undefined {
  const [name, ...rest] = isWithin(path, root) ? path.slice(inFolder(root, "").length).split("/") : [];
  return rest.length > 0 ? name : undefined;
}

/** Options of node with a file or a package behind them. https://nodejs.org/api/cli.html */
const PRELOADS = /^(?:-r|-e|-p|--require|--import|--loader|--experimental-loader|--env-file\S*)(?:=|$)/;

/** `npm start` is the script `start` of package.json; undefined for a script that is more than a command. */
function startWords(words: readonly string[], manifest: string): readonly string[] | undefined {
  const script = scriptOf(words, manifest);
  return script === undefined || /[|;&<>$`()']/.test(script) ? undefined : script.trim().split(/\s+/);
}

/** The text that a package manager runs; other commands as they are, without `npx`. */
function scriptOf(words: readonly string[], manifest: string): string | undefined {
  const [program = "", first = "", second = ""] = words;
  if (!/^(?:npm|yarn|pnpm)$/.test(program)) return words.join(" ").replace(/^npx /, "");
  const name = (first === "run" ? second : first).replace(/[^\w:-]/g, "");
  return new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]+)"`).exec(manifest)?.[1];
}

/** What runs around the build by itself: https://docs.npmjs.com/cli/using-npm/scripts#pre--post-scripts . "?" cannot be read. */
const scriptsAround = (manifest: string): readonly string[] =>
  [...manifest.matchAll(/"(?:pre|post)build[\w:-]*"\s*:\s*(?:"([^"\\]*)")?/g)].map(
    ([, script]) => script ?? "?",
  );

/** Whether a build script writes one folder: compilers that are known, and no other folder by its name. */
function writesOnly(script: string, folder: string): boolean {
  const named = [...script.matchAll(/--?(?:outDir|out-dir|outdir|outfile|out|o|d)[ =](?:\.\/)?([\w.-]+)/g)];
  return (
    script.split("&&").every((part) => NODE_COMPILERS.test(part.trim())) &&
    named.every(([, name]) => name === folder)
  );
}

/** `next start` reads `.next`, `public` and its configuration. https://nextjs.org/docs/app/getting-started/deploying */
const nextOutput = (context: Context, manifest: string): Output | undefined =>
  /"next"\s*:/.test(manifest) && !context.files.some((file) => /^next\.config\.[mc]?ts$/.test(file))
    ? {
        name: ".next",
        sources: {
          ...NODE_SOURCES,
          files: [
            ...NODE_SOURCES.files,
            /^(?:src|app|pages|components|lib|styles|hooks|utils)\//,
            /^next-env\.d\.ts$/,
          ],
        },
      }
    : undefined;
