// Rust: one program that needs no library of the system but libc. https://docs.docker.com/guides/rust/build-images/
import { RUST_SOURCES } from "../../../data/context-files";
import {
  ALPINE,
  CRATES_WITH_CERTIFICATES,
  DEBIAN,
  LINKED_CRATES,
  type RuntimeImage,
} from "../../../data/runtime-images";
import { absolutePath } from "./container-path";
import { onlyCommand, programArtifact, textOf, type Language } from "./plan";
import type { BuildCommand } from "./single-stage";

export const rustLanguage: Language = {
  images: ["rust"],
  manifest: /^Cargo\.toml$/,
  builds:
    /^(?:cargo (?:build|b|install|fetch|test|check|clippy|fmt|--version)|rustup (?:target|component) add|rustc --version)\b/,
  plan: (ctx, single, context) => {
    const manifest = textOf(ctx, context, "Cargo.toml");
    const lock = textOf(ctx, context, "Cargo.lock");
    const build = onlyCommand(single, /^cargo (?:build|b|install)\b/);
    if (manifest === undefined || lock === undefined || build === undefined) return undefined;
    if (/^\[workspace/m.test(manifest) || LINKED_CRATES.test(lock)) return undefined;
    // A configuration may name another target or folder, `src/bin` makes more programs.
    if (context.files.some((file) => /^(?:\.cargo\/|src\/bin\/)/.test(file))) return undefined;
    const name = programName(manifest);
    const built = name === undefined ? undefined : outputOf(build, name);
    const artifact = built === undefined ? undefined : programArtifact(single, built);
    if (artifact === undefined) return undefined;
    const runtime = runtimeFor(single.tag);
    const needsCertificates = CRATES_WITH_CERTIFICATES.test(lock);
    return {
      runtimes: [needsCertificates ? runtime : { ...runtime, setup: undefined, brings: [] }],
      artifacts: [artifact],
      sources: RUST_SOURCES,
      holds: undefined,
      writesData: false,
      edits: [],
      lastly: undefined,
    };
  },
};

/** The same release of Debian where the tag names it: what is linked to a newer libc does not start on an older one. */
function runtimeFor(tag: string): RuntimeImage {
  const release = /(?:^|-)(bookworm|trixie)(?:-|$)/.exec(tag)?.[1];
  if (/alpine/.test(tag)) return ALPINE;
  return release === undefined ? DEBIAN : { ...DEBIAN, image: `debian:${release}-slim` };
}

/** Undefined where the package makes several programs. https://doc.rust-lang.org/cargo/reference/cargo-targets.html */
function programName(manifest: string): string | undefined {
  const programs = [...manifest.matchAll(/^\[\[bin\]\][^[]*?^name\s*=\s*"([\w-]+)"/gm)].map(
    ([, name]) => name,
  );
  if (programs.length > 0) return programs.length === 1 ? programs[0] : undefined;
  return /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
}

function outputOf({ run, command }: BuildCommand, name: string): string | undefined {
  const options = command.words.slice(2).join(" ");
  const path = (folder: string): string | undefined => absolutePath(run.directory, `${folder}/${name}`);
  if (/(?:^| )(?:--(?:manifest-path|target-dir|profile|example|package)|-p|-C|--config)\b/.test(options))
    return undefined;
  if (command.words[1] === "install") {
    if (!/(?:^| )--path[ =]\.(?: |$)/.test(options)) return undefined;
    const root = /(?:^| )--root[ =](\S+)/.exec(options)?.[1];
    return path(root === undefined ? "/usr/local/cargo/bin" : `${root}/bin`);
  }
  const target = /(?:^| )--target[ =]([\w-]+)/.exec(options)?.[1];
  const kind = /(?:^| )(?:--release|-r)(?: |$)/.test(options) ? "release" : "debug";
  return path(["target", ...(target === undefined ? [] : [target]), kind].join("/"));
}
