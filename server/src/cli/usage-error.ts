// What the user can put right: a wrong argument, a path that isn't there, a configuration that can't be read.

/** Ends a command with exit code 2 and this message. */
export class UsageError extends Error {}
