// Other extensions that look at the same files: what they say, our server does not say again.
import { extensions, workspace, type Disposable } from "vscode";

const YAML_EXTENSION = "redhat.vscode-yaml";

/** Whether errors of YAML itself are for us to say: nobody else does. */
export const mustSayYamlErrors = (): boolean =>
  extensions.getExtension(YAML_EXTENSION) === undefined ||
  workspace.getConfiguration("yaml").get("validate") === false;

/** Calls back when the answer has changed: an extension was installed, switched on or off, or its setting was changed. */
export function onYamlErrorsChange(changed: () => void): Disposable[] {
  let before = mustSayYamlErrors();
  const look = (): void => {
    const now = mustSayYamlErrors();
    if (now === before) return;
    before = now;
    changed();
  };
  return [
    extensions.onDidChange(look),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("yaml.validate")) look();
    }),
  ];
}
