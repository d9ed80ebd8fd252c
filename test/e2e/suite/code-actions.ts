// Quick fixes, fix-all and suppression, asked for and applied as the editor does it.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import {
  apply,
  fileUri,
  findingsIn,
  revertAll,
  ruleOf,
  show,
  untilAction,
  untilFound,
  untilGone,
} from "./workspace";

const { QuickFix } = vscode.CodeActionKind;
const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append("gitlabCiDocker");

const isSuppression = ({ title }: vscode.CodeAction): boolean => /disable|suppress/i.test(title);
/** True for an action that repairs, not for those that silence. */
const isRepair = (action: vscode.CodeAction): boolean => !isSuppression(action);

describe("code actions", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("repairs a build command without a context", async () => {
    const document = await show(pipeline);
    const finding = await untilFound(pipeline, "build-context-missing");
    await apply(await untilAction(pipeline, finding.range, QuickFix, isRepair));
    assert.match(
      document.getText(),
      /^ {4}- docker build --pull -t "\$CI_REGISTRY_IMAGE:\$CI_COMMIT_SHORT_SHA" \.$/m,
    );
    await untilGone(pipeline, "build-context-missing");
    await untilFound(pipeline, "ci-stages-not-list"); // the others are still there
  });

  it("repairs everything that is safe to repair at once", async () => {
    const document = await show(pipeline);
    await untilFound(pipeline, "ci-stages-not-list");
    const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
    await apply(await untilAction(pipeline, whole, FIX_ALL, () => true));
    await untilGone(pipeline, "ci-stages-not-list");
    assert.match(document.getText(), /^stages: \[build, release\]$/m);
  });

  it("does the same by the command, in the file that is open", async () => {
    await show(pipeline);
    await untilFound(pipeline, "ci-stages-not-list");
    await until("the command's effect", async () => {
      await vscode.commands.executeCommand("gitlabCiDocker.fixAll");
      return !findingsIn(pipeline).some((each) => ruleOf(each) === "ci-stages-not-list");
    });
  });

  it("silences one finding with a comment", async () => {
    const document = await show(pipeline);
    const finding = await untilFound(pipeline, "dind-plain-port-with-tls");
    const isForLine = (action: vscode.CodeAction): boolean =>
      isSuppression(action) && /line/i.test(action.title);
    await apply(await untilAction(pipeline, finding.range, QuickFix, isForLine));
    assert.match(document.getText(), /# gitlab-ci-docker-disable-(next-)?line dind-plain-port-with-tls/);
    await untilGone(pipeline, "dind-plain-port-with-tls");
  });
});
