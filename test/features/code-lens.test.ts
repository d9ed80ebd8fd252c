// Runs the pages in test/features/code-lens: a workspace in; each lens of each of its files out, with what a click opens. Each case
// runs with LF and with CRLF line breaks. `UPDATE=1` rewrites the expected blocks.
import path from "node:path";
import { createAnalysis, createSourceFile, type Lens, type Place } from "../../server/src/core/index";
import { kindOf } from "../../server/src/host/file-kind";
import { toSettings } from "../support/analyse";
import type { FixtureCase } from "../support/fixture";
import { describeAnswers } from "../support/pages";

const BLOCK = "code-lens";

function answer(test: FixtureCase, lineBreak: "\n" | "\r\n"): string {
  const sources = test.files
    .filter((file) => file.path !== BLOCK)
    .map(({ path: name, text }) =>
      createSourceFile(name, kindOf(name, text), text.replaceAll("\n", lineBreak)),
    );
  const files = new Map(sources.map((file) => [file.path, file]));
  const analysis = createAnalysis({
    files,
    paths: new Set(files.keys()),
    settings: toSettings(test.settings ?? {}),
  });
  analysis.report();
  const shown = ({ file, start }: Place): string =>
    `${file}:${(files.get(file)?.lines.positionAt(start).line ?? Number.NaN) + 1}`;
  const opened = ({ opens }: Lens<Place>): string =>
    opens.kind === "places" ? opens.places.map(shown).join(", ") : `job ${opens.name} of ${opens.root}`;
  const lines = sources.flatMap((file) =>
    analysis.lenses(file.path).map((lens) => {
      const target = opened(lens);
      return `${shown(lens.at)} ${lens.title}${target === "" ? "" : ` -> ${target}`}\n`;
    }),
  );
  return lines.length === 0 ? "nothing\n" : lines.join("");
}

describeAnswers(path.join(__dirname, BLOCK), BLOCK, answer);
