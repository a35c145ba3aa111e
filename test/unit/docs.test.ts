import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { scripts } from "../../package.json";
import { codeOf, targetsOf } from "../support/markdown";

const ROOT = join(__dirname, "../..");

/** Every page of these folders. */
const PAGES = [".", "docs", "emulator", ".github"].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith(".md") ? [join(folder, name)] : [])),
);

describe("The documentation", () => {
  for (const page of PAGES) {
    it(`links to files that are there: ${page}`, () => {
      const paths = targetsOf(join(ROOT, page)).flatMap((target) => {
        const isElsewhere = URL.canParse(target) || target.startsWith("#");
        return isElsewhere ? [] : [decodeURI(target.replace(/#.*/, ""))];
      });
      const missing = paths.filter((path) => !existsSync(join(ROOT, dirname(page), path)));
      assert.deepEqual(missing, []);
    });
  }

  it("names scripts that package.json has", () => {
    const code = PAGES.flatMap((page) => codeOf(join(ROOT, page))).join("\n");
    const named = [...code.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    assert.ok(named.length > 5);
    const unknown = [...new Set(named)].filter((name) => !(name in scripts));
    assert.deepEqual(unknown, []);
  });
});
