// `npm run bench:lsp`: our built server beside npm's `yaml-language-server` over the protocol, on one folder, in turns. Prints
// ratios to the peer's time in the same round; the milliseconds only give them a scale.
//
// What the numbers contain:
// - start: from starting the process to the publication that reports the fault that the pipeline has. Node's own start (some
//   20 ms on both sides), the handshake, the settings, reading the folder (ours) or the schema (theirs), the whole analysis.
//   Our compiled code is in a cache, as in every start of an editor but the first; a session that is not measured fills it.
// - edit: from sending a change that adds or removes a fault that both report, to the publication that tells so; with the pause
//   that each server makes before it looks at a change. The peer's is 200 ms
//   (https://github.com/redhat-developer/yaml-language-server/blob/1.25.0/src/yamlSettings.ts); ours depends on how long the
//   last analysis took (server/src/lsp/pause.ts). "without the pauses" takes 200 ms off the peer's time and nothing off ours.
// - completion, hover: from sending the request to its answer, with nothing left to do from before; "in a changed file" sends a
//   change first, in the same breath, as typing does. A peer that answers a request from what it knew before is not waited for.
// - rename: of the anchor that every job uses; the peer renames nothing else.
// - memory: highest resident set of the process and its children, after all of the above.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Diagnostic, Position } from "vscode-languageserver/node";
import { median, print, type Measured } from "../measure";
import { largePipeline } from "../pipeline";
import { startServerProcess, type Awaited, type ServerProcess } from "./server-process";
import { ourServer, yamlServer } from "./servers";

const ROUNDS = Number(process.argv[2] ?? 5);
const EDITS = 10;
const QUESTIONS = 10;
/** The peer's `validationDelayMs`. */
const PEER_PAUSE = 200;
/** Between two actions, so that none falls into what the last one left to do. */
const REST = 60;

const FILE = ".gitlab-ci.yml";
/** GitLab's schema has no such keyword, and our rule knows where it belongs. */
const FAULT = "  privileged: true\n";
const isFault: Awaited = (diagnostics) =>
  diagnostics.some(({ message }) => /^Property privileged|^`privileged`/.test(textOf(message)));
const isFine: Awaited = (diagnostics) => !isFault(diagnostics);

const textOf = (message: Diagnostic["message"]): string =>
  typeof message === "string" ? message : message.value;

type Side = "peer" | "ours";
const SIDES: readonly Side[] = ["peer", "ours"];
/** What was measured, by name; the n-th of both sides were measured one after the other. */
type Samples = Map<string, Record<Side, number[]>>;

async function main(): Promise<void> {
  const large = workspace(240);
  const small = workspace(5);
  const samples: Samples = new Map();
  try {
    await keepCompiledCode(large);
    for (let round = 0; round < ROUNDS; round += 1) {
      await measureStarts(small, samples, round);
      await measureRound(large, samples, round);
    }
    report(small, large, samples);
  } finally {
    for (const root of [small.root, large.root, CACHE]) rmSync(root, { recursive: true, force: true });
  }
}

interface Workspace {
  readonly root: string;
  /** Of its pipeline, with the fault in the middle. */
  readonly text: string;
}

function workspace(jobs: number): Workspace {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "bench-")));
  const job = `\nbuild-${Math.floor(jobs / 2)}:\n`;
  const text = largePipeline(jobs).replace(job, `${job}${FAULT}`);
  writeFileSync(path.join(root, FILE), text);
  writeFileSync(path.join(root, "Dockerfile"), "FROM node:22-alpine\nARG VERSION\nWORKDIR /app\nCOPY . .\n");
  return { root, text };
}

/** Where our compiled code is kept: other builds that run meanwhile don't take it away. */
const CACHE = realpathSync(mkdtempSync(path.join(os.tmpdir(), "bench-cache-")));

/** A first session that is not measured; it lasts long enough for its code to be kept. */
async function keepCompiledCode(large: Workspace): Promise<void> {
  const server = await start("ours", large);
  await rest(20 * REST);
  await server.stop();
}

const inTurn = (round: number): readonly Side[] => (round % 2 === 0 ? SIDES : [...SIDES].reverse());

async function measureStarts(small: Workspace, samples: Samples, round: number): Promise<void> {
  for (const side of inTurn(round)) {
    const before = performance.now();
    const server = await start(side, small);
    add(samples, "start small", side, performance.now() - before);
    await server.stop();
  }
}

/** Both servers are started, one after the other, and do the same things in turns. */
async function measureRound(large: Workspace, samples: Samples, round: number): Promise<void> {
  const order = inTurn(round);
  const running = new Map<Side, ServerProcess>();
  const each = async (name: string, act: (server: ServerProcess) => Promise<unknown>): Promise<void> => {
    for (const side of order) {
      const server = running.get(side);
      if (server === undefined) throw new Error(`${side} does not run`);
      add(samples, name, side, await timed(() => act(server)));
      await rest();
    }
  };
  try {
    for (const side of order) {
      add(samples, "start", side, await timed(async () => running.set(side, await start(side, large))));
      await rest(10 * REST);
    }
    await measureActions(large.text, each);
    for (const [side, server] of running) {
      const peak = server.peakMemory();
      if (peak !== undefined) add(samples, "memory", side, peak);
    }
  } finally {
    for (const server of running.values()) await server.stop();
  }
}

async function start(side: Side, { root, text }: Workspace): Promise<ServerProcess> {
  const project = process.cwd();
  const dist = process.env["GITLAB_CI_DOCKER_DIST"] ?? path.join(project, "dist");
  const env = { XDG_CACHE_HOME: CACHE };
  const command = side === "ours" ? { ...ourServer(dist), env } : yamlServer(project, [FILE]);
  const server = await startServerProcess(command, root);
  await server.open(FILE, text);
  await server.diagnostics(FILE, isFault);
  return server;
}

type Each = (name: string, act: (server: ServerProcess) => Promise<unknown>) => Promise<void>;

async function measureActions(text: string, each: Each): Promise<void> {
  const line = positionOf(text, FAULT);
  const taken = { start: line, end: { line: line.line + 1, character: 0 } };
  const empty = { start: line, end: line };
  for (let edit = 0; edit < EDITS; edit += 1) {
    const isThere = edit % 2 === 0;
    await each("edit", async (server) => {
      await server.change(FILE, isThere ? taken : empty, isThere ? "" : FAULT);
      await server.diagnostics(FILE, isThere ? isFine : isFault);
    });
  }
  const keyword = positionOf(text, "  stage: build\n  variables:\n    SERVICE: service-130\n", 4);
  const template = positionOf(text, "build-130:\n  extends: ", "build-130:\n  extends: ".length);
  const questions = {
    completion: (server: ServerProcess) => complete(server, keyword),
    "completion of a job's name": (server: ServerProcess) => complete(server, template),
    hover: (server: ServerProcess) => server.request("textDocument/hover", FILE, { position: keyword }),
  };
  for (const [name, ask] of Object.entries(questions)) {
    for (let question = 0; question < QUESTIONS; question += 1) await each(name, ask);
  }
  const comment = positionOf(text, "# job 125", "# job 125".length);
  for (let question = 0; question < QUESTIONS; question += 1) {
    await each("completion in a changed file", async (server) => {
      await server.change(FILE, { start: comment, end: comment }, "x");
      return complete(server, template);
    });
    await rest(PEER_PAUSE + 2 * REST);
    await each("hover in a changed file", async (server) => {
      await server.change(FILE, { start: comment, end: comment }, "x");
      return server.request("textDocument/hover", FILE, { position: keyword });
    });
    await rest(PEER_PAUSE + 2 * REST);
  }
  const anchor = positionOf(text, "&rules", 3);
  for (let question = 0; question < QUESTIONS / 2; question += 1) {
    await each("rename", (server) =>
      server.request("textDocument/rename", FILE, { position: anchor, newName: "conditions" }),
    );
  }
}

const complete = (server: ServerProcess, position: Position): Promise<unknown> =>
  server.request("textDocument/completion", FILE, { position, context: { triggerKind: 1 } });

function report(small: Workspace, large: Workspace, samples: Samples): void {
  const linesOf = ({ text }: Workspace): string => `${text.split("\n").length} lines`;
  const one = (title: string, name: string, limit?: number, less = 0): void => {
    const found = samples.get(name);
    if (found === undefined) return;
    const peer = found.peer.map((each) => each - less);
    const measured: readonly Measured[] = [
      { name: "yaml-language-server", ms: median(peer), ratio: 1 },
      {
        name: "gitlab-ci-docker",
        ms: median(found.ours),
        ratio: median(found.ours.map((own, index) => own / (peer[index] ?? Number.NaN))),
      },
    ];
    print(title, measured, limit === undefined ? {} : { "gitlab-ci-docker": limit });
  };
  console.log(`Over the language server protocol, on a pipeline of ${linesOf(large)}, ${ROUNDS} rounds`);
  one(`Start to first diagnostics, a pipeline of ${linesOf(small)}`, "start small", 1 / 4);
  one("Start to first diagnostics, the large pipeline", "start", 1 / 4);
  one("Edit to diagnostics", "edit", 1 / 20);
  one("Edit to diagnostics, without the pauses", "edit", undefined, PEER_PAUSE);
  one("Completion of a keyword", "completion", 1 / 4);
  one("Completion of a job's name", "completion of a job's name", 1 / 4);
  one("Completion in a changed file", "completion in a changed file", 1 / 4);
  one("Hover", "hover", 1 / 4);
  one("Hover in a changed file", "hover in a changed file", 1 / 4);
  one("Rename of an anchor", "rename");
  one("Peak memory (MiB, not ms)", "memory", 1);
}

// ---- Small things

function add(samples: Samples, name: string, side: Side, value: number): void {
  const found = samples.get(name) ?? { peer: [], ours: [] };
  found[side].push(value);
  samples.set(name, found);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

const rest = (milliseconds = REST): Promise<void> =>
  new Promise((resume) => setTimeout(resume, milliseconds));

/** Where `part` stands in the text, or a place some characters behind its beginning. */
function positionOf(text: string, part: string, behind = 0): Position {
  const offset = text.indexOf(part) + behind;
  if (offset < behind) throw new Error(`the pipeline has no ${part}`);
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
