// The dummy program that was built to fetch dependencies may be what ships.
// https://francoisbest.com/posts/2021/cargo-docker-mtime
import { staleDummyIn, type StaleDummy } from "../../model/docker/cargo-dummy";
import { dockerfileOf } from "../../model/docker/dockerfile";
import { isTemplate } from "../dockerfile-template";
import { insertBefore } from "../edits";
import { defineRule, type FixDraft } from "../rule";

export const dockerfileCargoStaleDummy = defineRule({
  id: "dockerfile-cargo-stale-dummy",
  title: "Dummy program that cargo may keep",
  severity: "warning",
  since: "0.1.0",
  inspects: "dockerfile",

  docs: {
    what: "Reports a `cargo build` behind the `COPY` of the real sources, where the same stage has built a dummy `main.rs` or `lib.rs` before and nothing makes cargo look again.",
    why: "cargo compares modification times, and `COPY` keeps those of the checkout. Sources that were checked out before the dummy was written are older than it, so cargo takes the crate for built: the image holds the dummy, which prints a line and ends.",
    fix: "`touch` the sources in front of the second build, or use `cargo chef`.",
    example: {
      file: "Dockerfile",
      bad: `
FROM rust:1.90 AS build
WORKDIR /app
COPY Cargo.toml Cargo.lock ./
RUN mkdir src && echo "fn main() {}" > src/main.rs && cargo build --release
COPY src src
RUN cargo build --release
`,
      good: `
FROM rust:1.90 AS build
WORKDIR /app
COPY Cargo.toml Cargo.lock ./
RUN mkdir src && echo "fn main() {}" > src/main.rs && cargo build --release
COPY src src
RUN touch src/main.rs && cargo build --release
`,
    },
    references: [
      "https://francoisbest.com/posts/2021/cargo-docker-mtime",
      "https://doc.rust-lang.org/cargo/reference/build-cache.html",
    ],
  },

  *check(tree, ctx) {
    if (!tree.chunk.text.includes("cargo") || isTemplate(tree)) return;
    for (const stage of dockerfileOf(ctx, tree.path)?.stages ?? []) {
      const stale = staleDummyIn(ctx, stage);
      if (stale === undefined) continue;
      const [source = "src/main.rs"] = stale.sources;
      yield {
        at: stale.build.at,
        message: `cargo compares modification times, and \`COPY\` keeps those of the checkout, which may be older than the dummy \`${source}\`: this build may keep the dummy program; \`touch ${source}\` in front of it`,
        related: [
          { at: stale.dummy.at, message: "the dummy is written here" },
          { at: stale.copy.at, message: "the real sources come here" },
        ],
        fixes: fixFor(stale),
      };
    }
  },
});

function fixFor({ sources, build }: StaleDummy): readonly FixDraft[] {
  if (build.use === undefined || sources.some((source) => /[^\w./-]/.test(source))) return [];
  const touch = `touch ${sources.join(" ")}`;
  return [
    {
      title: `Put \`${touch}\` in front of the build`,
      safety: "suggested",
      edits: [insertBefore(build.at, `${touch} && `)],
    },
  ];
}
