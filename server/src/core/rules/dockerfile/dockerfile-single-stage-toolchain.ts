// A program that ships with the compiler that made it. https://docs.docker.com/build/building/multi-stage/
import { dockerfileOf } from "../../model/docker/dockerfile";
import { shippedToolchain } from "../../model/docker/shipped-toolchain";
import { isTemplate } from "../dockerfile-template";
import { defineRule } from "../rule";

export const dockerfileSingleStageToolchain = defineRule({
  id: "dockerfile-single-stage-toolchain",
  title: "Compiler in the image that ships",
  severity: "info",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports Dockerfiles whose last stage compiles a program on an image of Go, Rust, GCC, a JDK, Maven, Gradle, .NET SDK, Swift, Haskell or Elixir, and runs it there. Images that are tools themselves, by their names or their command, are left alone.",
    why: "The compiler, its caches and the sources ship with the program: hundreds of megabytes that every pull pays for and every scanner reports on.",
    fix: "Name the stage `AS build`, and copy the result with `COPY --from=build` into a last stage on a small image.",
    example: {
      file: "Dockerfile",
      bad: `
FROM golang:1.27
COPY . .
RUN go build -o /app .
CMD ["/app"]
`,
      good: `
FROM golang:1.27 AS build
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian13
COPY --from=build /app /app
CMD ["/app"]
`,
    },
    references: ["https://docs.docker.com/build/building/multi-stage/"],
  },

  *check(tree, ctx) {
    const dockerfile = dockerfileOf(ctx, tree.path);
    if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined || isTemplate(tree)) return;
    const shipped = shippedToolchain(ctx, dockerfile);
    if (shipped === undefined) return;
    const { toolchain, base, command } = shipped;
    yield {
      at: base,
      message: `The image ships ${toolchain.ships}, which only its build needs; compile in a stage \`AS build\`, and \`COPY --from=build\` the result into a last stage on a small image, such as \`${toolchain.runtime}\``,
      related: [{ at: command.at, message: "compiled here" }],
    };
  },
});
