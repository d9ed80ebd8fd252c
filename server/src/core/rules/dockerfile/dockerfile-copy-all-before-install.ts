// `COPY . .` in front of an install: every changed file throws the layer of dependencies away.
// https://docs.docker.com/build/cache/optimize/#order-your-layers
import { copiesBeforeInstall } from "../../model/docker/copy-then-install";
import { dockerfileOf } from "../../model/docker/dockerfile";
import { isTemplate } from "../dockerfile-template";
import { manifestFirst } from "../manifest-first";
import { defineRule } from "../rule";

export const dockerfileCopyAllBeforeInstall = defineRule({
  id: "dockerfile-copy-all-before-install",
  title: "Dependencies are installed again at each change",
  severity: "info",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports `COPY . .` in front of the first install of dependencies in a stage (npm, yarn, pnpm, pip, Poetry, uv, Bundler, Composer, Go, Cargo, Maven, Gradle, .NET, mix), where the manifest names any.",
    why: "A layer is made again when anything changed that it was made from. Behind `COPY . .` that is every file of the project, so the install runs in each pipeline, whether or not a dependency changed.",
    fix: "Copy the manifest and the lock file, install, and copy the rest behind it. A `--mount=type=cache` on the RUN helps too.",
    example: {
      file: "Dockerfile",
      bad: `
FROM node:24-alpine
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "server.js"]
`,
      good: `
FROM node:24-alpine
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
CMD ["node", "server.js"]
`,
      with: {
        "package.json": '{ "dependencies": { "express": "5" } }\n',
        "package-lock.json": "{}\n",
      },
    },
    references: [
      "https://docs.docker.com/build/cache/optimize/#order-your-layers",
      "https://docs.docker.com/build/cache/optimize/#use-cache-mounts",
    ],
  },

  *check(tree, ctx) {
    const dockerfile = dockerfileOf(ctx, tree.path);
    if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined || isTemplate(tree)) return;
    const [first, ...others] = copiesBeforeInstall(ctx, dockerfile);
    if (first === undefined) return;
    const { manager, copy, command } = first;
    yield {
      at: copy.at,
      message: `Any changed file makes this \`${copy.keyword}\` and all behind it run again, \`${shorten(command.text)}\` too; ${manager.advice}`,
      related: [
        { at: command.at, message: "runs again each time" },
        ...others.map((other) => ({ at: other.copy.at, message: "and here" })),
      ],
      fixes: manifestFirst(ctx, first),
    };
  },
});

/** The first words: the rest of a long command says nothing more. */
const shorten = (command: string): string =>
  command.length > 40 ? `${command.slice(0, 40).replace(/\s\S*$/, "")} …` : command;
