// Stands in for the native build of @vscode/native-watchdog, which ends an extension host whose parent has died. The
// test runner ends the whole process group itself.
exports.start = () => {};
exports.exit = (code) => process.exit(code ?? 0);
