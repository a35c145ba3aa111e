import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { snippet } from "../support/testingPage";
import { NEWEST_FOR_20 } from "./installed";
import { type Job, makeProject, npmInstall, run, tsc, type Workshop } from "./workshop";

interface Runner {
  name: string;
  /** What the page tells a user to install; Vitest 5 wants Node.js 22. */
  packages: string[];
  /** The command in node_modules that writes its results as JSON. */
  command: string[];
  /** What it needs beside the test, from the page. */
  config?: string;
  /** How it takes the program, where that differs. */
  takes?: string;
}

const TSC_FLAGS = [
  ...["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "--types", "node"],
  ...["--strict", "--skipLibCheck", "--noEmit"],
];

/** How the test on the page takes the program. */
const REQUIRED = 'async () => require("./index")';

const RUNNERS: readonly Runner[] = [
  {
    name: "jest",
    packages: ["jest@30", "ts-jest@29"],
    command: ["jest/bin/jest.js", "--json"],
    config: "jest.config.js",
  },
  {
    name: "vitest",
    packages: ["vitest@4"],
    command: ["vitest/vitest.mjs", "run", "--reporter=json"],
    takes: '() => import("./index")',
  },
];

/** The unit test of docs/testing.md, as it is there, in a project with nothing but what the page says. */
export const TEST_RUNNERS: readonly Job[] = RUNNERS.map((runner) => ({
  name: `the documented test with ${runner.name}`,
  run: (folder, workshop) => check(runner, folder, workshop),
}));

async function check(runner: Runner, folder: string, { tarball }: Workshop): Promise<void> {
  const { name, packages, command, config, takes = REQUIRED } = runner;
  await makeProject(folder);
  await npmInstall(folder, [tarball, `@pulumi/pulumi@${NEWEST_FOR_20}`, ...packages]);
  await writeFile(join(folder, "index.ts"), snippet("index.ts"));
  const test = `${snippet(`program.test.ts (${name})`)}\n${snippet("program.test.ts").replace(REQUIRED, takes)}`;
  await writeFile(join(folder, "program.test.ts"), test);
  if (config) await writeFile(join(folder, config), snippet(config));
  await tsc(folder, ...TSC_FLAGS, "index.ts", "program.test.ts");
  const [file = "", ...args] = command;
  expectPassed(await run(process.execPath, [join("node_modules", file), ...args], folder));
}

/** Jest's results, whose shape Vitest has taken over. A run without a test has shown nothing. */
function expectPassed(results: string): void {
  const { numPassedTests, numTotalTests } = Object(JSON.parse(results));
  if (!(numPassedTests >= 1 && numPassedTests === numTotalTests)) {
    throw new Error(`${numPassedTests} of ${numTotalTests} tests passed\n${results}`);
  }
}
