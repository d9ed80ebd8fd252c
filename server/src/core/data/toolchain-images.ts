// Images that hold a compiler or build tools, which a program needs while it is built and not while it runs.
// https://docs.docker.com/build/building/multi-stage/ ; the runtime images by the pages of each image on Docker Hub and, for
// .NET, https://learn.microsoft.com/dotnet/core/docker/build-container . November 2026.
import { DEBIAN, DISTROLESS_STATIC } from "./runtime-images";

export interface Toolchain {
  /** Registry (none for Docker Hub's official images) and repository. */
  readonly image: string;
  /** What of its tags hold the tools; undefined: all. */
  readonly tag: RegExp | undefined;
  /** What ships with the image, in words. */
  readonly ships: string;
  /** A command that compiles: program and arguments with single blanks. */
  readonly compiles: RegExp;
  /** A command that needs the tools when the container runs, so that the image is meant to have them. */
  readonly runs: RegExp;
  /** What the result can run on. */
  readonly runtime: string;
}

const JAVA = {
  ships: "a JDK",
  compiles: /^(?:\S*\/)?(?:mvnw?|gradlew?|javac|ant|sbt) /,
  runs: /^(?:\S*\/)?(?:mvnw?|gradlew?|javac|jshell|sbt)\b/,
  runtime: "eclipse-temurin:21-jre",
} as const;

const JDK_TAG = /^(?!.*(?:^|-)jre(?:-|$))/;

/** Sorted by image. */
export const TOOLCHAINS: readonly Toolchain[] = [
  { image: "amazoncorretto", tag: /^(?!.*headless)/, ...JAVA },
  { image: "eclipse-temurin", tag: JDK_TAG, ...JAVA },
  {
    image: "elixir",
    tag: undefined,
    ships: "the Elixir and Erlang compilers",
    compiles: /^mix (?:release|compile)\b/,
    runs: /^(?:mix|iex)\b/,
    runtime: DEBIAN.image,
  },
  {
    image: "gcc",
    tag: undefined,
    ships: "GCC",
    compiles: /^(?:gcc|g\+\+|cc|c\+\+|make|cmake|ninja)(?: |$)/,
    runs: /^(?:gcc|g\+\+|make|cmake)\b/,
    runtime: DEBIAN.image,
  },
  {
    image: "golang",
    tag: undefined,
    ships: "the Go toolchain",
    compiles: /^go (?:build|install)\b/,
    runs: /^go /,
    runtime: DISTROLESS_STATIC.image,
  },
  { image: "gradle", tag: undefined, ...JAVA, ships: "Gradle and a JDK" },
  {
    image: "haskell",
    tag: undefined,
    ships: "GHC",
    compiles: /^(?:stack|cabal|ghc)\b.*\b(?:build|install|\.hs)\b/,
    runs: /^(?:stack|cabal|ghci?|runghc)\b/,
    runtime: DEBIAN.image,
  },
  { image: "maven", tag: undefined, ...JAVA, ships: "Maven and a JDK" },
  {
    image: "mcr.microsoft.com/dotnet/sdk",
    tag: undefined,
    ships: "the .NET SDK",
    compiles: /^dotnet (?:build|publish)\b/,
    runs: /^dotnet (?:run|watch|test|build|tool|ef)\b/,
    runtime: "mcr.microsoft.com/dotnet/aspnet",
  },
  { image: "openjdk", tag: JDK_TAG, ...JAVA },
  {
    image: "rust",
    tag: undefined,
    ships: "the Rust toolchain",
    compiles: /^cargo (?:build|b|install)\b/,
    runs: /^cargo\b/,
    runtime: DEBIAN.image,
  },
  {
    image: "swift",
    tag: /^(?!.*slim)/,
    ships: "the Swift toolchain",
    compiles: /^swift build\b/,
    runs: /^swift\b/,
    runtime: "swift:slim",
  },
];
