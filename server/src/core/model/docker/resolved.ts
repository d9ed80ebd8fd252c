// A value that could be worked out, or the reason why it could not: rules must ask before they claim anything.

export type Resolved<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly because: string };

export const known = <T>(value: T): Resolved<T> => ({ known: true, value });
export const unknown = (because: string): Resolved<never> => ({ known: false, because });

/** The value, or undefined where it is not known: for rules that treat both alike. */
export const valueIfKnown = <T>(resolved: Resolved<T>): T | undefined =>
  resolved.known ? resolved.value : undefined;
