import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../..");

describe("The types of optional arguments", function () {
  this.timeout(60_000);

  it("take what may be undefined, as far as exactOptionalPropertyTypes goes", () => {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
    const file = join(ROOT, "test/support/optionalArguments.ts");
    const program = ts.createProgram([file], { ...options, exactOptionalPropertyTypes: true });
    const source = program.getSourceFile(file);
    assert.ok(source);
    const problems = program.getSemanticDiagnostics(source);
    assert.deepEqual(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
    );
  });
});
