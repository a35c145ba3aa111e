import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(__dirname, "../..");

/** From whom each layer may import, itself aside. */
const ALLOWED: Record<string, string[]> = {
  "provider/index.ts": ["provider/resources"],
  "provider/resources": [],
  "provider/lifecycle": ["provider/config.ts", "provider/api"],
  "provider/config.ts": ["provider/api"],
  "provider/api": [],
  "provider/testing": [],
  emulator: [],
};

const layerOf = (path: string) =>
  Object.keys(ALLOWED).find((layer) => path === layer || path.startsWith(`${layer}/`)) ?? path;

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import|require\()\s*"(\.[^"]+)"/g)].map(
    ([, path = ""]) => path,
  );
  return specifiers.map((path) => `${relative(root, join(root, dirname(file), path))}.ts`);
}

describe("The layout", () => {
  const files = listed("provider").concat(listed("emulator"));

  it("lets imports go one way: resources to nothing, lifecycle to api, the emulator to nothing", () => {
    const wrong = files.flatMap((file) => {
      const from = layerOf(file);
      return importsOf(file)
        .map(layerOf)
        .filter((to) => to !== from && !ALLOWED[from]?.includes(to))
        .map((to) => `${file} imports from ${to}`);
    });
    assert.deepEqual(wrong, []);
  });

  it("keeps undici and all other I/O out of the program's side", () => {
    const program = listed("provider/resources").concat("provider/index.ts");
    for (const file of program) {
      const packages = [...readFileSync(join(root, file), "utf8").matchAll(/from "([^."][^"]*)"/g)];
      assert.deepEqual(
        [...new Set(packages.map(([, name]) => name))].filter((name) => name !== "@pulumi/pulumi"),
        [],
      );
    }
  });
});

function listed(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}
