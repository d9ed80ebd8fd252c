// Bundles the extension, the language server and the command into dist/: `npm run build`, with `--watch` to go on, with
// `--outdir=FOLDER` into another folder.
import { appendFile, chmod, readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import esbuild from "esbuild";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const watch = process.argv.includes("--watch");
const outdir = resolve(
  root,
  process.argv.find((word) => word.startsWith("--outdir="))?.slice("--outdir=".length) ?? "dist",
);

/** Address of the project with a `/` behind it; empty where the manifest names none. */
const homepage = (manifest.homepage ?? "")
  .replace(/#.*$/, "")
  .replace(/\/*$/, (slashes) => (manifest.homepage ? "/" : slashes));

/**
 * `yaml` looks into `process.env` for every token, which takes a quarter of its time:
 * https://github.com/eemeli/yaml/blob/v2.9.1/src/parse/parser.ts
 */
const yamlWithoutTracing = {
  name: "yaml-without-tracing",
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/]yaml[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return {
        contents: text.replace(/\bnode_process\.env\.LOG_(?:TOKENS|STREAM)\b/g, "false"),
        loader: "js",
      };
    });
  },
};

/** What is bundled is given to others, who must get its licence with it: appended to each bundle as a comment. */
async function appendLicences({ metafile }) {
  for (const [outfile, { inputs }] of Object.entries(metafile.outputs)) {
    const packages = Object.keys(inputs).map(
      (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0],
    );
    const folders = [...new Set(packages.filter((folder) => folder !== undefined))].sort();
    const texts = await Promise.all(folders.map((folder) => licenceOf(join(root, folder))));
    if (texts.length === 0) continue;
    const comment = texts.join("\n\n").replaceAll("*/", "* /");
    await appendFile(
      join(root, outfile),
      `/*\nThis file contains the following packages.\n\n${comment}\n*/\n`,
    );
  }
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(?:\.(?:txt|md))?$/i.test(each));
  const text = file === undefined ? "" : `\n${(await readFile(join(folder, file), "utf8")).trim()}`;
  return `${name} ${version} (${license})${text}`;
}

const common = {
  absWorkingDir: root,
  metafile: true,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  // Names stay, so that the trace of a fault can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  logLevel: "warning",
  define: {
    GITLAB_CI_DOCKER_VERSION: JSON.stringify(manifest.version),
    GITLAB_CI_DOCKER_HOMEPAGE: JSON.stringify(homepage),
  },
};

const bundles = [
  {
    ...common,
    entryPoints: ["client/src/extension.ts"],
    outfile: join(outdir, "extension.js"),
    external: ["vscode"],
    target: "node18",
  },
  // The language server together with the commands.
  {
    ...common,
    entryPoints: ["server/src/cli/program.ts"],
    outfile: join(outdir, "program.js"),
    plugins: [yamlWithoutTracing],
  },
  // Small: both take the rest from the bundle above. One is the server; the other reads arguments.
  {
    ...common,
    entryPoints: ["server/src/cli/server.ts"],
    outfile: join(outdir, "server.js"),
  },
  {
    ...common,
    entryPoints: ["server/src/cli/main.ts"],
    outfile: join(outdir, "cli.js"),
  },
];

if (watch) {
  const contexts = await Promise.all(
    bundles.map((options) => esbuild.context({ ...options, logLevel: "info" })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await rm(outdir, { recursive: true, force: true });
  await Promise.all(bundles.map(async (options) => appendLicences(await esbuild.build(options))));
  await chmod(join(outdir, "cli.js"), 0o755);
}
