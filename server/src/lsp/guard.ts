// The fence around every handler: an error of ours is logged and answered with nothing; the server goes on.

export type Log = (message: string) => void;

/** Wraps a handler. It answers `empty` where the handler throws or rejects. */
export function guard<P extends readonly unknown[], R>(
  name: string,
  empty: R,
  log: Log,
  handler: (...parameters: P) => R | Promise<R>,
): (...parameters: P) => Promise<R> {
  return async (...parameters) => {
    try {
      return await handler(...parameters);
    } catch (error) {
      log(`${name} failed: ${errorText(error)}`);
      return empty;
    }
  };
}

/** Wraps a notification, which must be handled before the next message is: without waiting. */
export function guardNow<P extends readonly unknown[]>(
  name: string,
  log: Log,
  handler: (...parameters: P) => void,
): (...parameters: P) => void {
  return (...parameters) => {
    try {
      handler(...parameters);
    } catch (error) {
      log(`${name} failed: ${errorText(error)}`);
    }
  };
}

/** Passes each message on once: what fails on every keystroke shall not flood the log. */
export function onlyOnce(log: Log): Log {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size >= MOST_MESSAGES) return;
    said.add(message);
    log(message);
  };
}

const MOST_MESSAGES = 1000;

export const errorText = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
