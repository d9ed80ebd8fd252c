// Everything in one bundle, `dist/server.js`: the language server, which starts when the bundle is run by itself, and the
// commands, for `dist/cli.js`. Each is evaluated only when it is asked for.

export const loadCommands = () => import("./commands");

/** Starts the language server of this process. */
export const startLanguageServer = () => import("../lsp/main");

if (require.main === module) void startLanguageServer();
