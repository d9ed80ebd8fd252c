// Commands that run tests, as people write them: what has to fail the job when it fails. From the documentation of each
// tool; the list need not be complete, it only decides for which commands a lost failure is worth a word.

/** By the name of the program: the words that must follow, in order; empty where the program does nothing else. */
const RUNNERS: ReadonlyMap<string, RegExp> = new Map([
  // https://docs.npmjs.com/cli/commands/npm-test , https://classic.yarnpkg.com/lang/en/docs/cli/test/
  ["npm", /^(?:t|test|tst|(?:run|run-script) (?:--\S+ )*test\S*)(?: |$)/],
  ["yarn", /^(?:run )?test\S*(?: |$)/],
  ["pnpm", /^(?:run )?(?:t|test\S*)(?: |$)/],
  ["bun", /^(?:run )?test\S*(?: |$)/],
  ["npx", /^(?:--?\S+ )*(?:jest|vitest|mocha|playwright test|cypress run)(?: |$)/],
  ["jest", /^/],
  ["vitest", /^/],
  ["mocha", /^/],
  // https://docs.pytest.org/en/stable/how-to/usage.html
  ["pytest", /^/],
  ["py.test", /^/],
  ["tox", /^/],
  ["nox", /^/],
  ["python", /^-m (?:pytest|unittest)(?: |$)/],
  ["python3", /^-m (?:pytest|unittest)(?: |$)/],
  ["poetry", /^run (?:pytest|python -m (?:pytest|unittest))(?: |$)/],
  ["uv", /^run (?:pytest|python -m (?:pytest|unittest))(?: |$)/],
  // https://pkg.go.dev/cmd/go , https://doc.rust-lang.org/cargo/commands/cargo-test.html
  ["go", /^test(?: |$)/],
  ["cargo", /^(?:\+\S+ )?(?:test|t|nextest)(?: |$)/],
  // https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html , https://docs.gradle.org/current/userguide/java_testing.html
  ["mvn", /(?:^| )(?:test|verify|integration-test)(?: |$)/],
  ["mvnw", /(?:^| )(?:test|verify|integration-test)(?: |$)/],
  ["gradle", /(?:^| )(?:test|check)(?: |$)/],
  ["gradlew", /(?:^| )(?:test|check)(?: |$)/],
  ["sbt", /(?:^| )test(?: |$)/],
  ["dotnet", /^test(?: |$)/],
  ["phpunit", /^/],
  ["pest", /^/],
  ["composer", /^(?:run(?:-script)? )?test\S*(?: |$)/],
  ["rspec", /^/],
  ["bundle", /^exec (?:rspec|rake (?:test|spec)|rails test)(?: |$)/],
  ["mix", /^test(?: |$)/],
  ["ctest", /^/],
  ["make", /(?:^| )(?:test|check)(?: |$)/],
]);

/** Whether a program (its name without a path) with these words runs tests. `--version` and `--help` run none. */
export function runsTests(program: string, words: readonly string[]): boolean {
  if (words.some((word) => word === "--version" || word === "--help")) return false;
  return RUNNERS.get(program)?.test(words.join(" ")) === true;
}
