// A place as the JSON reports say it.
import type { Place } from "../text/located";
import type { FilePath, SourceFile } from "../text/source-file";
import { linePlace } from "./reporter";

/** File and range; lines and columns count from 1, columns in UTF-16 units. */
export function placeJson(
  { file: path, start, end }: Place,
  file: (path: FilePath) => SourceFile | undefined,
) {
  const source = file(path);
  return { file: path, range: { start: linePlace(source, start), end: linePlace(source, end) } };
}
