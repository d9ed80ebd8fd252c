// Where the built files are that tests start: `dist/`, or the folder that GITLAB_CI_DOCKER_DIST names, so that another
// build can be tried without touching that one.
import { join, resolve } from "node:path";

const given = process.env["GITLAB_CI_DOCKER_DIST"];

export const DIST = given === undefined ? join(__dirname, "../../dist") : resolve(given);
