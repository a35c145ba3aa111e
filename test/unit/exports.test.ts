import assert from "node:assert/strict";
import * as toPrograms from "../../provider";
import { type ResourceName, resourceNames } from "../../provider/definitions";
import * as toTheHost from "../../provider/lifecycle";

// The compiler asks for a resource that is missing.
const exported: Record<string, Record<ResourceName, unknown>> = {
  "to programs": toPrograms,
  "to the host": toTheHost,
};

describe("Each resource", () => {
  for (const [whom, names] of Object.entries(exported)) {
    it(`is exported ${whom}, with nothing beside it`, () => {
      const found = Object.keys(names).filter((name) => name !== "default");
      assert.deepEqual(found.sort(), resourceNames.toSorted());
    });
  }
});
