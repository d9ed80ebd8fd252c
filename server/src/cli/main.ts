#!/usr/bin/env node
// The command `gitlab-ci-docker`: reads the arguments, and loads the large rest only for what needs it.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { requireCached } from "../host/code-cache";
import { findRoot } from "../host/find-root";
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

/** The bundle beside this one, which is built from `program.ts`. */
const PROGRAM = join(__dirname, "server.js");

function loadProgram(): typeof Program {
  const { exports, save } = requireCached(PROGRAM, require, foreignFolders());
  // Only a whole run has compiled what the next one needs.
  if (words[0] === "check") process.on("exit", save);
  // What PROGRAM is built from.
  return exports as typeof Program;
}

const streams = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

void run(words, streams, {
  commands: () => loadProgram().loadCommands(),
  lsp: async () => {
    // Without the cache: which folders will be checked is not known yet.
    const load: NodeJS.Require = require;
    await (load(PROGRAM) as typeof Program).startLanguageServer();
  },
}).then((code) => {
  if (code !== undefined) process.exitCode = code;
});
