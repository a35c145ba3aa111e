import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { homepage, scripts } from "../../package.json";
import { anchorsOf, codeOf, targetsOf } from "../support/markdown";

const ROOT = join(__dirname, "../..");

const EXAMPLES = readdirSync(join(ROOT, "examples"), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? join("examples", entry.name) : [],
);

/** Every page of these folders. */
const PAGES = [".", "docs", "emulator", ".github", "examples", ...EXAMPLES].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith(".md") ? [join(folder, name)] : [])),
);

/** How the pages of the Pulumi Registry, which stand alone there, link to the others. */
const PUBLISHED = `${homepage.replace("#readme", "")}/blob/main/`;

/** Where a page's links point within this repository. */
function linksOf(page: string): { path: string; anchor: string }[] {
  return targetsOf(join(ROOT, page)).flatMap((target) => {
    const [path = "", anchor = ""] = decodeURI(target).split("#");
    if (path.startsWith(PUBLISHED)) return { path: join(ROOT, path.slice(PUBLISHED.length)), anchor };
    if (URL.canParse(target)) return [];
    return { path: path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path), anchor };
  });
}

/** The checks among the scripts of package.json that a file names. */
function scriptsIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const checks = Object.keys(scripts).filter((name) => /^(test|lint)|:check$/.test(name));
  return checks.filter((name) => new RegExp(`(?<![\\w:])${name}(?![\\w:])`).test(text));
}

describe("The documentation", () => {
  for (const page of PAGES) {
    it(`links to files that are there: ${page}`, () => {
      const missing = linksOf(page).filter(({ path }) => !existsSync(path));
      assert.deepEqual(missing, []);
    });
  }

  it("links to headings that are there", () => {
    const links = PAGES.flatMap((page) => linksOf(page).filter(({ anchor }) => anchor !== ""));
    assert.ok(links.length > 5);
    const missing = links.filter(({ path, anchor }) => !anchorsOf(path).includes(anchor));
    assert.deepEqual(missing, []);
  });

  it("names each check of .ci/run to contributors, and the workflow runs it, too", () => {
    const checks = scriptsIn(".ci/run");
    assert.ok(checks.length > 5);
    for (const place of ["CONTRIBUTING.md", ".github/workflows/ci.yml"]) {
      const named = scriptsIn(place);
      const missing = checks.filter((name) => !named.includes(name));
      assert.deepEqual(missing, [], place);
    }
  });

  it("names scripts that package.json has", () => {
    const code = PAGES.flatMap((page) => codeOf(join(ROOT, page))).join("\n");
    const named = [...code.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    assert.ok(named.length > 5);
    const unknown = [...new Set(named)].filter((name) => !(name in scripts));
    assert.deepEqual(unknown, []);
  });
});
