import fc from "fast-check";
import { buildOf } from "../../../server/src/core/model/docker/build";
import { daemonOf } from "../../../server/src/core/model/docker/daemon";
import { expandArgument, expandText } from "../../../server/src/core/model/docker/expand";
import { commandsOf, isOpaque } from "../../../server/src/core/model/docker/find-commands";
import { normaliseReference, parseReference } from "../../../server/src/core/model/docker/image-reference";
import { askJob, jobWith } from "./ask";

const PIECES = [
  "docker", " build", " buildx", " push", " run", " -t", " --tag=", " -f", "=", " .", " $X", "${X", "}", ":-", "//", "\\", "'", '"', "`", "$(", ")", "(", " && ",
  " || ", " | ", ";", "\n", "if ", "then ", "fi", "for X in ", "do ", "done", "<<EOF", "EOF", "cd ", "sh -c ", "X=", "export ", "sudo ", "$@", "a/b:c", "@", "--", "-", "é😀",
  "\n./a.sh\n", "\n. ./a.sh\n", "bash a.sh ", "set -e\n", "f() {", "\nf\n", "$(dirname $0)",
];

describe("docker model: any text", () => {
  it("never throws on a script, and every place lies in its chunk", () => {
    const script = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(script, script, (text, called) =>
        askJob(jobWith(text, "variables:\n  X: a $Y\n  Y: docker build $X"), (ctx, job) => {
          isOpaque(ctx, job);
          daemonOf(ctx, job);
          return commandsOf(ctx, job).every((command) => {
            buildOf(ctx, command);
            for (const argument of command.argv) expandArgument(ctx, command, argument).map(parseReference).map(normaliseReference);
            const places = [command.at, command.verbAt, ...command.flags.flatMap((flag) => [flag.at, flag.nameAt]), ...command.operands.map(({ at }) => at)];
            return places.every(({ chunk, start, end }) => 0 <= start && start <= end && end <= chunk.text.length);
          });
        }, { "a.sh": called }),
      ),
      { numRuns: 500 },
    );
  });

  it("never throws on a reference", () => {
    const text = fc.array(fc.constantFrom("a", "/", ":", "@", ".", "$X", "$CI_REGISTRY", "$CI_REGISTRY_IMAGE", "A", "", "sha256"), { maxLength: 8 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, (reference) =>
        askJob(jobWith("true"), (ctx, job) => {
          expandText(ctx, job, reference).map(parseReference).map(normaliseReference);
        }),
      ),
      { numRuns: 300 },
    );
  });
});
