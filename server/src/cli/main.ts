#!/usr/bin/env node
// The command `gitlab-ci-docker`: reads the arguments, and loads the large rest only for what needs it.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findRoot } from "../host/find-root";
import { loadProgram, startLanguageServer } from "./load-program";
import type * as Program from "./program";
import { run } from "./run";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read our output has had enough (`| head`).
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const words = process.argv.slice(2);

/** This folder, all that arguments may name, and their repositories. */
function foreignFolders(): readonly string[] {
  const named = [".", ...words].map((word) => resolve(word)).filter((path) => existsSync(path));
  return [...new Set(named.flatMap((path) => [path, findRoot(join(path, "file"))]))];
}

function loadCommands(): ReturnType<typeof Program.loadCommands> {
  const { program, save } = loadProgram(foreignFolders());
  // Only a whole run has compiled what the next one needs.
  if (words[0] === "check") process.on("exit", save);
  return program.loadCommands();
}

const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

void run(words, streams, {
  commands: loadCommands,
  lsp: () => startLanguageServer(foreignFolders()),
}).then((code) => {
  if (code !== undefined) process.exitCode = code;
});
