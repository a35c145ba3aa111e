import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scripts } from "../../package.json";

const ROOT = join(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const PAGES = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/when-something-fails.md"];

describe("The documentation", () => {
  it("links to files that are there", () => {
    const missing = PAGES.flatMap((page) => {
      const targets = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = ""]) => target);
      return targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)));
    });
    assert.deepEqual(missing, []);
  });

  it("names scripts that package.json has", () => {
    const named = PAGES.flatMap((page) =>
      [...read(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name),
    );
    assert.ok(named.length > 5);
    assert.deepEqual(
      [...new Set(named)].filter((name) => !(name in scripts)),
      [],
    );
  });

  it("has the first words of errors as the sources have them", () => {
    const folders = ["provider/lifecycle", "provider/api", "provider"];
    const files = folders.flatMap((folder) => {
      return readdirSync(join(ROOT, folder)).flatMap((name) =>
        name.endsWith(".ts") ? [join(folder, name)] : [],
      );
    });
    const sources = files
      .map(read)
      .join("\n")
      .replace(/`\s*\+\s*`|"\s*\+\s*"/g, "");
    const rows = read("docs/when-something-fails.md").matchAll(/^\| (`.+?`) \|/gm);
    const quoted = [...rows].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text),
    );
    const parts = quoted.flatMap((text) =>
      text.split(/…|answered \d+ ?[\w.]*|got no answer: |uses \w+, |^[\w:]+ (?=is |holds |adopts )/),
    );
    const unknown = parts.map((part) => part.trim()).filter((part) => part !== "" && !sources.includes(part));
    assert.ok(quoted.length > 30);
    assert.deepEqual(unknown, []);
  });
});
