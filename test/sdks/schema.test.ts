import assert from "node:assert/strict";
import { join } from "node:path";
import schema from "../../provider/plugin/schema.json";
import { findEngine } from "../../tools/engine";
import { run } from "../../tools/engine/run";
import { REPOSITORY } from "../support/engine";
import { all } from "./examples";

/** As `RESOURCE.ARGUMENT`. */
const ARGUMENTS = Object.entries(schema.resources).flatMap(([type, { inputProperties }]) =>
  Object.keys(inputProperties).map((argument) => `${type.split(":").at(-1)}.${argument}`),
);

/** What a C# program passes, in the same way. */
function passedBy(program: string): string[] {
  const [, ...resources] = program.split("new Sessions.");
  return resources.flatMap((text) => {
    const [resource = ""] = /^\w+/.exec(text) ?? [];
    const assigned = [...text.matchAll(/^ {8}([A-Z])(\w+) = /gm)];
    return assigned.map(([, first = "", rest]) => `${resource}.${first.toLowerCase()}${rest}`);
  });
}

describe("The schema", function () {
  this.timeout(600_000);

  it("passes Pulumi's check without a warning", async () => {
    const { path } = await findEngine(console.log);
    const file = join(REPOSITORY, "provider/plugin/schema.json");
    const printed = await run(path, ["schema", "check", file], { env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
    assert.equal(printed, "");
  });

  // There is no .NET to compile them with.
  for (const { name, programs } of all) {
    it(`has the arguments that the example passes in C#: ${name}`, () => {
      const passed = passedBy(programs.csharp);
      assert.ok(passed.length > 1);
      const unknown = passed.filter((argument) => !ARGUMENTS.includes(argument));
      assert.deepEqual(unknown, []);
    });
  }
});
