// Which folder a path belongs to: the root of its repository.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The root of the repository that holds a file, given as an absolute path: the nearest folder above it with `.git`, else
 * the nearest with `.gitlab-ci.yml`, else its own folder.
 */
export function findRoot(file: string): string {
  const folder = dirname(file);
  return nearestWith(folder, ".git") ?? nearestWith(folder, ".gitlab-ci.yml") ?? folder;
}

function nearestWith(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWith(parent, name);
}
