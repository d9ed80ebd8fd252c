// What a click on a code lens opens: the server names places in the protocol's terms, and VS Code's command wants its own.
import { commands, Location, Position, Range, Uri } from "vscode";

interface PlainPosition {
  readonly line: number;
  readonly character: number;
}

interface PlainLocation {
  readonly uri: string;
  readonly range: { readonly start: PlainPosition; readonly end: PlainPosition };
}

/** Goes to the only place, or lists several in a peek view at the lens. Takes what the server's lens hands over. */
export async function showReferences(uri: unknown, position: unknown, locations: unknown): Promise<void> {
  if (typeof uri !== "string" || !isPosition(position) || !Array.isArray(locations)) return;
  // https://code.visualstudio.com/api/references/commands (editor.action.goToLocations)
  await commands.executeCommand(
    "editor.action.goToLocations",
    Uri.parse(uri),
    toPosition(position),
    locations.filter(isLocation).map(toLocation),
    "peek",
  );
}

const toPosition = ({ line, character }: PlainPosition): Position => new Position(line, character);

const toLocation = ({ uri, range: { start, end } }: PlainLocation): Location =>
  new Location(Uri.parse(uri), new Range(toPosition(start), toPosition(end)));

function isPosition(value: unknown): value is PlainPosition {
  if (typeof value !== "object" || value === null) return false;
  return "line" in value && typeof value.line === "number" && "character" in value;
}

function isLocation(value: unknown): value is PlainLocation {
  if (typeof value !== "object" || value === null || !("uri" in value) || !("range" in value)) return false;
  const { range } = value;
  if (typeof range !== "object" || range === null || !("start" in range) || !("end" in range)) return false;
  return isPosition(range.start) && isPosition(range.end);
}
