// The suite's files, in the order in which they run.
import "./activation";
import "./diagnostics";
import "./code-actions";
import "./cross-file";
import "./settings";
import "./snippets";
import "./effective-job";
import "./understanding";
import "./symbols";
import "./outline";
import "./commands";
import "./annotations";
import "./refactorings";
import "./walkthrough";
