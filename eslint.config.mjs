// What the compiler cannot see. The layers are kept by test/meta/layers.test.ts, the look by Prettier.
import tseslint from "typescript-eslint";

/** In the core: the same input gives the same output, at once. */
const PURITY = [
  { selector: ":function[async=true]", message: "The core is synchronous." },
  { selector: "AwaitExpression", message: "The core is synchronous." },
  {
    selector:
      "Program > VariableDeclaration[kind='let'], Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
    message: "State lives in a class or in the caller, not in a module.",
  },
];

const NO_DEFAULT_EXPORT = {
  selector: "ExportDefaultDeclaration",
  message: "Export by name, so that a thing is called the same everywhere.",
};

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "out/",
      "coverage/",
      "examples/",
      "docs/",
      "test/e2e/vscode-host/node_modules/",
      "test/e2e/vscode-host/.work/",
      "**/*.mjs",
      "**/*.cjs",
      "**/*.js",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      complexity: ["error", 12],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": ["error", NO_DEFAULT_EXPORT],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
    },
  },
  {
    files: ["server/src/core/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-globals": ["error", "Date", "Promise", "setTimeout", "setInterval", "queueMicrotask"],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "The same input gives the same output." },
      ],
      "no-restricted-syntax": ["error", NO_DEFAULT_EXPORT, ...PURITY],
    },
  },
  {
    // Facts as tables, and rules, whose documentation stands beside the code (test/meta/sizes.test.ts counts the code).
    files: ["server/src/core/data/**/*.ts", "server/src/core/rules/*/*.ts"],
    rules: { "max-lines": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "max-lines": "off",
      "max-lines-per-function": "off",
    },
  },
);
