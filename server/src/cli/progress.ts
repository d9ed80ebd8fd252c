// One line that says how far a long run is, on a terminal only.
import type { Io } from "./io";

export interface Progress {
  readonly update: (files: number) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

const FIRST_AFTER = 1000;
const EVERY = 200;

export function createProgress(io: Io): Progress {
  const started = performance.now();
  let last = started + FIRST_AFTER - EVERY;
  let shown = false;
  return {
    update(files) {
      const now = performance.now();
      if (!io.errIsTerminal || now - last < EVERY) return;
      last = now;
      shown = true;
      io.err(`\r\u001b[Kchecking… ${files} files`);
    },
    clear() {
      if (shown) io.err("\r\u001b[K");
    },
  };
}
