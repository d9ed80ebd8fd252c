// Waiting for what a person would wait for, without a fixed pause.

const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/**
 * Asks again and again until the answer is neither undefined, null nor false, and returns it. Fails after 15 s, with
 * `what` and with what `seen` last says, if given.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  seen: () => unknown = () => undefined,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > end)
      throw new Error(`timed out: ${what}; last seen: ${JSON.stringify(seen(), undefined, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
