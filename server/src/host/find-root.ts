// Which folder a path belongs to: the root of its repository. Imports nothing of the core, which is slow to load.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const PIPELINE = ".gitlab-ci.yml";
const MARKS = [".git", PIPELINE, ".gitlab-ci-docker.yml"];

/**
 * The root of the repository that holds a file, given as an absolute path: the nearest folder above it with `.git`, else
 * the nearest with `.gitlab-ci.yml`, else its own folder.
 */
export function findRoot(file: string): string {
  const folder = dirname(file);
  return nearestWith(folder, ".git") ?? nearestWith(folder, PIPELINE) ?? folder;
}

/**
 * The root that a folder is checked in, given as an absolute path: itself where it has `.git`, a pipeline or a
 * configuration of its own (an example inside a repository has), else that of a file in it.
 */
export function rootOfFolder(folder: string): string {
  const isRoot = MARKS.some((name) => existsSync(join(folder, name)));
  return isRoot ? folder : findRoot(join(folder, PIPELINE));
}

function nearestWith(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWith(parent, name);
}
