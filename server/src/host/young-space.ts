// Keeps the memory of a long-lived process low: V8 lets its space for young objects grow to three times 16 MB, which an analysis
// fills without being any faster for it.
import { setFlagsFromString } from "node:v8";

const FACTOR = "--semi-space-growth-factor";
/** V8's own: https://github.com/v8/v8/blob/11.3.244/src/flags/flag-definitions.h */
const USUAL = 2;

/**
 * From now on that space stays as large as it is. Returns what takes that back: V8 refuses compiled code that was made under
 * other flags. Does nothing in Electron, where it is not certain that flags may still be changed.
 */
export function keepYoungSpaceSmall(): () => void {
  if (process.versions["electron"] !== undefined) return () => undefined;
  setFlagsFromString(`${FACTOR}=1`);
  return () => setFlagsFromString(`${FACTOR}=${USUAL}`);
}
