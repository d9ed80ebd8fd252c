// The language server as a process: over standard input and output unless the arguments name another way.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { createAnalysis } from "../core/index";
import { errorText } from "./guard";
import { startServer } from "./server";

const WAYS = /^--(?:stdio|node-ipc|pipe|socket)(?:=|$)/;
if (!process.argv.some((argument) => WAYS.test(argument))) process.argv.push("--stdio");

const connection = createConnection(ProposedFeatures.all);
// The last fence: what gets through all others is logged, and the editor keeps its server.
process.on("uncaughtException", (error) => connection.console.error(`uncaught: ${errorText(error)}`));
process.on("unhandledRejection", (error) => connection.console.error(`unhandled: ${errorText(error)}`));
startServer(connection, { createAnalysis });
connection.listen();
