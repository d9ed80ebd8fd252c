// How long to wait after an edit for the next one: the pause keeps the analysis from getting in the way of typing, and where it
// takes little time there is little to keep out of the way.

const LONGEST = 30;
/** A question that was sent together with the edit (completion while typing) arrives first, and waits for no report. */
const SHORTEST = 8;
/** Less than between two keystrokes, also of who types fast. */
const QUICK = 50;

/** Milliseconds to wait, by how long the last analysis took. */
export const pauseAfter = (milliseconds: number): number => (milliseconds <= QUICK ? SHORTEST : LONGEST);
