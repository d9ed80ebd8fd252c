// The answer to a question that files can leave open.

/** "unknown": it can be either, or nothing is known of it. */
export type Answer = "yes" | "no" | "unknown";
