// A question about the workspace that is asked once and not remembered: what an editor wants to know at a cursor. Everything
// that it looks at is remembered as ever.
import { defineQuery, type QueryContext } from "../query/query";

type Question = (ctx: QueryContext) => unknown;

const questions = defineQuery<Question, unknown>({
  name: "question",
  compute: (ctx, question) => question(ctx),
});

/** Answers a question with all that the workspace holds. */
export const answerTo = <T>(ask: Pick<QueryContext, "get">, question: (ctx: QueryContext) => T): T =>
  // The key is the question itself: what comes back is what it answered.
  ask.get(questions, question) as T;
