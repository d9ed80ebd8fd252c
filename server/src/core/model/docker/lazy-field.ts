// A field that is worked out when somebody first asks for it, on objects that all share one shape. A getter in an object's
// literal gives each object a shape of its own instead: slow to make, and slow to read for everybody.

/**
 * Makes a function that adds a lazy field to an object. INVARIANT: `read` is pure. The field is inherited until it is asked
 * for, so a copy made with `...` does not have it.
 */
export function lazyField<T extends object, K extends keyof T & string>(
  name: K,
  read: (whole: T) => T[K],
): (fields: Omit<T, K>) => T {
  const prototype = Object.defineProperty({}, name, {
    get(this: T) {
      const value = read(this);
      Object.defineProperty(this, name, { value, enumerable: true });
      return value;
    },
  });
  // The prototype has the one field that `fields` lacks.
  return (fields) => Object.assign(Object.create(prototype) as T, fields);
}
