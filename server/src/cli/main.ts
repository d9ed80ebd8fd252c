#!/usr/bin/env node
// The command `gitlab-ci-docker`.
import { run } from "./run";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read our output has had enough (`| head`).
  if (error.code === "EPIPE") process.exit();
  throw error;
});

void run(
  process.argv.slice(2),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  },
  {
    io: async () => {
      const [{ processIo }, { createAnalysis }] = await Promise.all([
        import("./io"),
        import("../core/index"),
      ]);
      return processIo(createAnalysis);
    },
    lsp: async () => {
      await import("../lsp/main");
    },
  },
).then((code) => {
  if (code !== undefined) process.exitCode = code;
});
