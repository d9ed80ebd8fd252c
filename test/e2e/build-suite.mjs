// Bundles the in-host suite to out/e2e/index.js, the one file that VS Code loads (`extensionTestsPath`).
import { build } from "esbuild";
import path from "node:path";
import { ROOT, SUITE } from "./host/paths.mjs";

/** `vscode` is given by the extension host; mocha finds its own files beside itself and can't be bundled. */
export const buildSuite = () =>
  build({
    entryPoints: [path.join(ROOT, "test/e2e/suite/index.ts")],
    outfile: SUITE,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
