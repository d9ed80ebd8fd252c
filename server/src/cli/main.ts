#!/usr/bin/env node
// The command `gitlab-ci-docker`: reads the arguments, and loads the large rest only for what needs it.
import { join } from "node:path";
import { requireCached } from "../host/code-cache";
import type * as Program from "./program";
import { run } from "./run";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read our output has had enough (`| head`).
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const words = process.argv.slice(2);

function loadProgram(): typeof Program {
  const { exports, save } = requireCached(join(__dirname, "server.js"), require);
  // Only a whole run has compiled what the next one needs. A machine of a CI service is gone before it could be used.
  if (words[0] === "check" && process.env["CI"] === undefined) process.on("exit", save);
  // The bundle beside this one is built from `program.ts`.
  return exports as typeof Program;
}

const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

void run(words, streams, {
  commands: () => loadProgram().loadCommands(),
  lsp: async () => {
    await loadProgram().startLanguageServer();
  },
}).then((code) => {
  if (code !== undefined) process.exitCode = code;
});
