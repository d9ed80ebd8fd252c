// Code lenses: what the core says above places of a file, with the client's own commands behind it.
import type { CodeLens, Command } from "vscode-languageserver";
import type { Place } from "../../core/index";
import { locationOf, rangeOf, type Speech } from "../convert";
import type { Placed } from "../folders";
import type { OwnAbilities } from "../own-abilities";
import type { EffectiveJobParams } from "./effective-job";

/** Commands of the client's: only one that knows them is offered lenses. */
const SHOW_EFFECTIVE_JOB = "gitlabCiDocker.showEffectiveJob";
/** The arguments are those of VS Code's `editor.action.goToLocations`, as the protocol writes them: address, position, locations. */
const SHOW_REFERENCES = "gitlabCiDocker.showReferences";

/** The lenses of a document, those alone that the client can open; none where the user does not want any. */
export function codeLenses(
  { session, path }: Placed,
  uri: string,
  abilities: Pick<OwnAbilities, "effectiveJob" | "showReferences">,
): readonly CodeLens[] {
  const { speech } = session;
  if (session.settings.codeLens === false) return [];
  const lenses = session.ask((analysis) => analysis.lenses(path));
  return lenses.flatMap((lens) => {
    const range = rangeOf(lens.at, speech);
    const command =
      lens.opens.kind === "effective-job"
        ? abilities.effectiveJob && effectiveJobCommand(lens.title, { uri, ...lens.opens })
        : abilities.showReferences && placesCommand(lens.title, uri, range, lens.opens.places, speech);
    return command === false ? [] : [{ range, command }];
  });
}

function effectiveJobCommand(title: string, { uri, root, name }: EffectiveJobParams): Command {
  const job: EffectiveJobParams = { uri, root, name };
  return { title, command: SHOW_EFFECTIVE_JOB, arguments: [job] };
}

/** Of no places the title alone: editors show a command without a name as text. */
function placesCommand(
  title: string,
  uri: string,
  { start }: CodeLens["range"],
  places: readonly Place[],
  speech: Speech,
): Command {
  if (places.length === 0) return { title, command: "" };
  const locations = places.map((place) => locationOf(place, speech));
  return { title, command: SHOW_REFERENCES, arguments: [uri, start, locations] };
}
