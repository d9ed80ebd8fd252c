// What the user can put right: a wrong argument, a path that isn't there, a configuration that can't be read.

const NAME = "UsageError";

/** Ends a command with exit code 2 and this message. */
export class UsageError extends Error {
  override readonly name = NAME;
}

/** Told by its name: the command and the bundle that it loads have a class of their own each. */
export const isUsageError = (error: unknown): error is Error => error instanceof Error && error.name === NAME;
