// Everything in one bundle, `dist/program.js`: the language server, for `dist/server.js`, and the commands, for `dist/cli.js`.
// Each is evaluated only when it is asked for.

export const loadCommands = () => import("./commands");

/** Starts the language server of this process. */
export const startLanguageServer = () => import("../lsp/main");
