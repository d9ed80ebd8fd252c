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
const NEEDS_MORE =
  /"workspaces"\s*:|"(?:file|link|workspace|portal|patch):|"(?:pre|post)(?:start|build)"\s*:/;

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
    const script = scriptOf(build.command.words, manifest);
    if (NEEDS_MORE.test(manifest) || NODE_NEEDS_SYSTEM.test(manifest)) return undefined;
    if (
      context.files.some((file) =>
        /^(?:pnpm-workspace\.yaml|\.yarnrc\.yml|\.pnp\.cjs|patches\/.*)$/.test(file),
      )
    )
      return undefined;
    const root = install.run.directory;
    const output = root === build.run.directory ? outputOf(single, context, manifest, root) : undefined;
    if (output === undefined || script === undefined || !writesOnly(script, output.name)) return undefined;
    const folder = (name: string): Artifact => ({
      from: `${inFolder(root, name)}/`,
      to: `${inFolder(root, name)}/`,
    });
    const file = inFolder(root, "package.json");
    const hasDependencies = /"(?:optionalD|d)ependencies"\s*:\s*\{\s*"/.test(manifest);
    return {
      runtimes: [runtimeFor(single.tag)],
      artifacts: [
        { from: file, to: file },
        ...(hasDependencies ? [folder("node_modules")] : []),
        folder(output.name),
      ],
      sources: output.sources,
      holds: undefined,
      writesData: true,
      edits: [],
      lastly:
        hasDependencies && /"devDependencies"/.test(manifest) && !isProduction(single, install.command.text)
          ? NODE_PRUNING.find(({ program }) => program === install.command.words[0])?.command
          : undefined,
    };
  },
};

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

/** Whether development dependencies were never there. */
const isProduction = ({ steps }: SingleStage, install: string): boolean =>
  / (?:--omit[= ]dev|--production|--prod|-P|--only=prod\w*)\b/.test(install) ||
  steps.some(({ instruction }) =>
    instruction.assignments.some(({ name, value }) => name === "NODE_ENV" && value === "production"),
  );

interface Output {
  /** The folder below the project's root. */
  readonly name: string;
  readonly sources: Sources;
}

/** The folder that the build wrote, by the program that runs from it and is not in the context. */
function outputOf(single: SingleStage, context: Context, manifest: string, root: string): Output | undefined {
  const words = startWords(single.program.words, manifest);
  if (words === undefined) return undefined;
  if (/(?:^|\/)next$/.test(words[0] ?? "") && words[1] === "start") return nextOutput(context, manifest);
  if (words[0] !== "node") return undefined;
  const script = words.slice(1).find((word) => !word.startsWith("-"));
  const path = script === undefined ? undefined : absolutePath(single.finalDirectory, script);
  if (
    path === undefined ||
    path === root ||
    !isWithin(path, root) ||
    words.some((word) => /^(?:-r|--require|--import)\b/.test(word))
  )
    return undefined;
  const [name = "", ...rest] = path.slice(inFolder(root, "").length).split("/");
  const isInContext = context.files.some((file) => isWithin(file, name));
  return rest.length === 0 || isInContext || /^(?:src|node_modules)$/.test(name)
    ? undefined
    : { name, sources: NODE_SOURCES };
}

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
