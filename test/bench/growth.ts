// Growth: sixteen times the keys or aliases should cost about sixteen times as much, not 256 times.
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS } from "../../server/src/core/index";
import { median, timed } from "./measure";
import { largePipeline } from "./pipeline";

const SHAPES: Readonly<Record<string, (count: number) => string>> = {
  "keys in one mapping": (count) =>
    `job:\n  script: echo\n  variables:\n${Array.from({ length: count }, (_, index) => `    V${index}: x\n`).join("")}`,
  "top-level keys": (count) =>
    Array.from({ length: count }, (_, index) => `job${index}: { script: echo }\n`).join(""),
  "aliases of one anchor": (count) =>
    `.a: &a [echo]\n${Array.from({ length: count }, (_, index) => `job${index}: { script: *a }\n`).join("")}`,
  "items of one script": (count) =>
    `job:\n  script:\n${Array.from({ length: count }, (_, index) => `    - docker run image-${index} .\n`).join("")}`,
};

export function measureGrowth(): void {
  console.log("\nGrowth from 1,000 to 16,000, whole analysis (16 is linear)");
  check(largePipeline(20));
  for (const [name, text] of Object.entries(SHAPES)) {
    const small = median([1, 2, 3].map(() => timed(() => check(text(1000)))));
    const large = median([1, 2, 3].map(() => timed(() => check(text(16_000)))));
    const factor = large / small;
    console.log(
      `  ${name.padEnd(44)} ${small.toFixed(1).padStart(9)} ms  ${large.toFixed(1).padStart(9)} ms  ${factor.toFixed(1).padStart(6)} x`,
    );
  }
}

function check(text: string): void {
  const path = ".gitlab-ci.yml";
  const files = new Map([[path, createSourceFile(path, "gitlab-ci", text)]]);
  createAnalysis({ files, paths: new Set([path]), settings: DEFAULT_SETTINGS }).report();
}
