// Go: one program without libc, on an image that holds nothing else. https://docs.docker.com/guides/golang/build-images/
import { GO_SOURCES } from "../../../data/context-files";
import { ALPINE, CGO_MODULES, DISTROLESS_STATIC } from "../../../data/runtime-images";
import type { ChunkEdit } from "../../../text/edit";
import { absolutePath, inFolder } from "./container-path";
import { onlyCommand, programArtifact, textOf, type Language } from "./plan";
import type { BuildCommand, SingleStage } from "./single-stage";

const MAKES_PROGRAM = /^go (?:build|install)\b/;

export const goLanguage: Language = {
  images: ["golang"],
  manifest: /^go\.mod$/,
  builds: /^go (?:mod|build|install|test|vet|fmt|env|version|get)\b/,
  plan: (ctx, single, context) => {
    const module = textOf(ctx, context, "go.mod");
    const build = onlyCommand(single, MAKES_PROGRAM);
    if (module === undefined || build === undefined || CGO_MODULES.test(module)) return undefined;
    if (context.files.includes("go.work")) return undefined;
    const cgo = withoutCgo(single, build);
    const built = outputOf(single, build, module);
    const artifact = built === undefined ? undefined : programArtifact(single, built);
    if (cgo === undefined || artifact === undefined) return undefined;
    return {
      runtimes: single.program.isShell ? [ALPINE] : [DISTROLESS_STATIC, ALPINE],
      artifacts: [artifact],
      sources: GO_SOURCES,
      holds: undefined,
      writesData: false,
      edits: cgo,
      lastly: undefined,
    };
  },
};

/** The edit that builds without libc: none where the file does already, undefined where it asks for libc. */
function withoutCgo(single: SingleStage, { run, command }: BuildCommand): readonly ChunkEdit[] | undefined {
  const { chunk } = command.at;
  const environment = single.steps.flatMap(({ instruction }) =>
    instruction.keyword === "ENV" ? instruction.assignments : [],
  );
  const set = environment.find(({ name }) => name === "CGO_ENABLED")?.value;
  const written = chunk.text.slice(run.instruction.at.start, run.instruction.at.end);
  if (/CGO_ENABLED=(?!0\b)/.test(written) || (set !== undefined && set !== "0")) return undefined;
  if (/ -race\b|linkmode[ =]external|-buildmode/.test(command.text)) return undefined;
  if (set === "0" || /CGO_ENABLED=0\b/.test(written)) return [];
  return [{ chunk, start: command.at.start, end: command.at.start, newText: "CGO_ENABLED=0 " }];
}

/** Flags of `go build` that take the next word. https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies */
const VALUED =
  /^-{1,2}(?:o|ldflags|gcflags|asmflags|tags|mod|p|installsuffix|pkgdir|toolexec|compiler|gccgoflags|modfile|overlay|pgo)$/;

interface GoOperands {
  readonly output: string | undefined;
  readonly packages: readonly string[];
}

/** What `-o` names, and the packages. */
function operandsOf(words: readonly string[]): GoOperands {
  let output: string | undefined;
  const packages: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const isValued = VALUED.test(word);
    if (/^-{1,2}o=/.test(word)) output = word.replace(/^-+o=/, "");
    else if (/^-{1,2}o$/.test(word)) output = words[index + 1];
    else if (!word.startsWith("-")) packages.push(word);
    if (isValued) index += 1;
  }
  return { output, packages };
}

function outputOf(single: SingleStage, { run, command }: BuildCommand, module: string): string | undefined {
  const words = command.words.slice(2);
  const { output, packages } = operandsOf(words);
  const name = nameOfProgram(packages, module);
  if (name === undefined || words.some((word) => /^-{1,2}(?:C|cover)\b/.test(word))) return undefined;
  if (command.words[1] === "install") return output === undefined ? `/go/bin/${name}` : undefined;
  const path = absolutePath(run.directory, output ?? name);
  if (path === undefined || output === undefined) return path;
  const isFolder = /\/$|(?:^|\/)\.$/.test(output) || single.steps.some(({ directory }) => directory === path);
  return isFolder ? inFolder(path, name) : path;
}

/** https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies : the last part of the path, without the major version. */
function nameOfProgram(packages: readonly string[], module: string): string | undefined {
  const [only = ".", ...more] = packages;
  if (more.length > 0 || only.includes("...")) return undefined;
  const path = only.replace(/^\.\/?/, "").replace(/\/$/, "");
  if (path.endsWith(".go")) return path.replace(/^.*\//, "").replace(/\.go$/, "");
  const from = path === "" ? /^module\s+"?([^\s"]+)/m.exec(module)?.[1]?.replace(/\/v\d+$/, "") : path;
  const name = from?.replace(/^.*\//, "");
  return name !== undefined && /^[\w.-]+$/.test(name) ? name : undefined;
}
