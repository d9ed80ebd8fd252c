// "Add a login before this push": for the project's own registry, whose credentials every job has.
// https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/#use-gitlab-cicd-to-authenticate
import type { ContainerCommand } from "../../model/docker/command";
import {
  bringsCredentials,
  firstLoginOf,
  hasCredentials,
  isOwnRegistry,
  pullsOf,
  pushesOf,
} from "../../model/docker/registry-use";
import type { QueryContext } from "../../query/query";
import { loginFix } from "../../rules/login-fix";
import { commandsAtCursor, forAllJobs } from "./at-cursor";
import { defineRefactoring, type RefactoringDraft } from "./refactoring";

export const addLogin = defineRefactoring({
  id: "add-login",
  kind: "refactor.rewrite",
  offer(ctx, cursor) {
    const draft = forAllJobs(commandsAtCursor(ctx, cursor), (command) => draftFor(ctx, command));
    return draft === undefined ? [] : [draft];
  },
});

function draftFor(ctx: QueryContext, command: ContainerCommand): RefactoringDraft | undefined {
  const { job } = command;
  const pushes = pushesOf(ctx, job);
  if (!pushes.some((use) => use.command === command) || bringsCredentials(command)) return undefined;
  if (firstLoginOf(ctx, job) !== undefined || hasCredentials(ctx, job)) return undefined;
  const own = [...pushes, ...pullsOf(ctx, job)].filter(({ references }) => references.some(isOwnRegistry));
  const reference = own.find((use) => use.command === command)?.references[0];
  const [fix] = reference === undefined ? [] : loginFix(own, reference);
  return fix && { title: "Add a login before this push", edits: fix.edits };
}
