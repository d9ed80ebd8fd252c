// Writes the page that nginx serves.
require("node:fs").writeFileSync("index.html", "<h1>Hello</h1>\n");
