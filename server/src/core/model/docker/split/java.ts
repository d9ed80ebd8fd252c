// Java: an archive that holds all that it needs, on a JRE of the same release. https://docs.docker.com/guides/java/containerize/
import { JAVA_SOURCES } from "../../../data/context-files";
import { TEMURIN_JRE, type RuntimeImage } from "../../../data/runtime-images";
import type { QueryContext } from "../../../query/query";
import { absolutePath, folderOf, inFolder, nameOf } from "./container-path";
import type { Context } from "./context-roles";
import { textOf, type Artifact, type Language } from "./plan";
import type { SingleStage } from "./single-stage";

const MAVEN = /^(?:\S*\/)?mvnw?(?: \S+)* (?:package|install|verify)(?: |$)/;
const GRADLE = /^(?:\S*\/)?gradlew?(?: \S+)* (?:build|assemble|jar|bootJar|shadowJar|buildFatJar)(?: |$)/;
const MANIFESTS = ["pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"];

/** Says that the archive looks for others beside it, or that there are several: modules, folders of libraries. */
const NEEDS_MORE =
  /<modules>|<addClasspath>\s*true|<classpathPrefix>|copy-dependencies|["']?Class-Path["']?|quarkus|^\s*include\b|\bincludeBuild\b|<packaging>\s*(?:war|pom)|\bid\b\s*\(?["']war["']/m;

export const javaLanguage: Language = {
  images: ["maven", "gradle", "eclipse-temurin", "openjdk", "amazoncorretto"],
  manifest: /^(?:pom\.xml|build\.gradle(?:\.kts)?)$/,
  builds: /^(?:\S*\/)?(?:mvnw?|gradlew?)(?: |$)|^chmod \S+ (?:\.\/)?(?:mvnw|gradlew)$/,
  plan: (ctx, single, context) => {
    const runtime = runtimeFor(single);
    const built = foldersOf(single);
    const archive = built === undefined || needsMore(ctx, context) ? undefined : archiveOf(single, built);
    if (runtime === undefined || archive === undefined) return undefined;
    return {
      runtimes: [runtime],
      artifacts: [archive],
      sources: JAVA_SOURCES,
      holds: undefined,
      writesData: false,
      edits: [],
      lastly: undefined,
    };
  },
};

function needsMore(ctx: QueryContext, context: Context): boolean {
  const texts = MANIFESTS.filter((name) => context.files.includes(name)).map((name) =>
    textOf(ctx, context, name),
  );
  return texts.some((text) => text === undefined || NEEDS_MORE.test(text));
}

/** https://hub.docker.com/_/eclipse-temurin ; the release by the tag: `21-jdk`, `3.9-eclipse-temurin-21`, `8-jdk21`. */
function runtimeFor({ image, tag }: SingleStage): RuntimeImage | undefined {
  const release =
    image === "maven" || image === "gradle"
      ? /(?:temurin-|corretto-|openjdk-|jdk-?)(\d+)(?:-|$)/.exec(tag)?.[1]
      : /^(\d+)(?:[.u_+-]|$)/.exec(tag)?.[1];
  if (release === undefined || !TEMURIN_JRE.includes(release) || /(?:^|-)jre(?:-|$)|windows|graal/.test(tag))
    return undefined;
  const isAlpine = /alpine/.test(tag);
  return {
    image: `eclipse-temurin:${release}-jre${isAlpine ? "-alpine" : ""}`,
    users: ["root", "nobody"],
    shell: isAlpine ? "alpine" : "debian",
    setup: undefined,
    brings: ["ca-certificates", "tzdata"],
    source: "https://hub.docker.com/_/eclipse-temurin",
  };
}

/** The folder into which the only build writes archives; undefined where several builds run. */
function foldersOf({ commands }: SingleStage): string | undefined {
  const builds = commands.filter(({ command }) => MAVEN.test(command.text) || GRADLE.test(command.text));
  const [only, ...others] = builds;
  if (
    only === undefined ||
    others.length > 0 ||
    / (?:-f|--file|-p|--project-dir|-pl|-Dbuild\S*|-b)\b/.test(only.command.text)
  )
    return undefined;
  return absolutePath(only.run.directory, MAVEN.test(only.command.text) ? "target" : "build/libs");
}

/** Options that name more than one archive: class paths, agents, files of options. */
const MORE_ARCHIVES = /^(?:-cp|-classpath|--class-path|--module-path|-javaagent|-p$|@)/;

/** The archive of `java … -jar X`: below the folder of the build, or copied out of it. A shell may look for it by `*`. */
function archiveOf(single: SingleStage, folder: string): Artifact | undefined {
  const jar = jarOf(single.program.words);
  if (jar === undefined) return undefined;
  if (jar.includes("*")) return single.program.isShell ? patternOf(single, folder, jar) : undefined;
  const wanted = absolutePath(single.finalDirectory, jar);
  if (wanted === undefined) return undefined;
  const isThere = folderOf(wanted) === folder || copiedArchives(single, folder).includes(wanted);
  return isThere ? { from: wanted, to: wanted } : undefined;
}

function jarOf([java = "", ...words]: readonly string[]): string | undefined {
  if (!/^(?:\S*\/)?java$/.test(java) || words.some((word) => MORE_ARCHIVES.test(word))) return undefined;
  const jar = words.includes("-jar") ? words[words.indexOf("-jar") + 1] : undefined;
  return jar?.endsWith(".jar") === true ? jar : undefined;
}

function patternOf({ finalDirectory }: SingleStage, folder: string, jar: string): Artifact | undefined {
  const pattern = absolutePath(finalDirectory, jar.replaceAll("*", "STAR"))?.replaceAll("STAR", "*");
  return pattern !== undefined && folderOf(pattern) === folder
    ? { from: pattern, to: `${folder}/` }
    : undefined;
}

/** `cp target/*.jar app.jar` and its kin. */
const copiedArchives = ({ commands }: SingleStage, folder: string): readonly string[] =>
  commands.flatMap(({ run, command }) => {
    const [program = "", from = "", to = "", ...more] = command.words;
    if ((program !== "cp" && program !== "mv") || more.length > 0) return [];
    const source = absolutePath(run.directory, from.replaceAll("*", "STAR"));
    const target = absolutePath(run.directory, to);
    if (source === undefined || target === undefined || folderOf(source) !== folder) return [];
    return to.endsWith(".jar") ? [target] : from.includes("*") ? [] : [inFolder(target, nameOf(source))];
  });
