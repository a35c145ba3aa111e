import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUN_PROGRAM } from "./bun";
import { besidePulumi, INSTALLED } from "./installed";
import { TEST_RUNNERS } from "./runners";
import { type Job, ROOT, run, TOOLS, tool, type Workshop } from "./workshop";

/** What package.json promises, held against the files of the tarball; any finding is a failure. */
const PACKED: readonly Job[] = [
  {
    name: "publint",
    async run(folder, workshop) {
      await mkdir(folder);
      const cli = tool(workshop, "publint/src/cli.js");
      const found = await run(process.execPath, [cli, "run", workshop.tarball, "--strict"], folder);
      // Suggestions do not change the exit status.
      if (!found.includes("All good!")) throw new Error(found);
    },
  },
  {
    name: "are-the-types-wrong",
    async run(folder, workshop) {
      await mkdir(folder);
      const cli = tool(workshop, "@arethetypeswrong/cli/dist/index.js");
      await run(process.execPath, [cli, workshop.tarball], folder);
    },
  },
];

const ALL: readonly Job[] = [...PACKED, ...TEST_RUNNERS, ...INSTALLED, BUN_PROGRAM];

/** All jobs, or those of the command line: by a part of the name, or by any version of @pulumi/pulumi. */
function chosen(words: readonly string[]): readonly Job[] {
  if (words.length === 0) return ALL;
  return words.flatMap((word) => {
    if (/^\d+\.\d+\.\d+/.test(word)) {
      return [besidePulumi(word)];
    }
    const jobs = ALL.filter(({ name }) => name.includes(word));
    if (jobs.length === 0) throw new Error(`There is no job like ${word}`);
    return jobs;
  });
}

async function equip(root: string): Promise<Workshop> {
  await run("npm", ["pack", "--pack-destination", root], ROOT);
  const tarball = join(root, (await readdir(root)).find((name) => name.endsWith(".tgz")) ?? "");
  await run("npm", ["install", "--prefix", root, "--no-save", "--prefer-offline", ...TOOLS], root);
  return { root, tarball };
}

async function passes(job: Job, folder: string, workshop: Workshop): Promise<boolean> {
  const start = Date.now();
  try {
    await job.run(folder, workshop);
    console.log(`ok      ${job.name} (${Math.round((Date.now() - start) / 1000)} s)`);
    return true;
  } catch (error) {
    console.log(`FAILED  ${job.name}\n${error instanceof Error ? error.message : error}`);
    return false;
  }
}

async function main(): Promise<void> {
  const jobs = chosen(process.argv.slice(2));
  const root = await mkdtemp(join(tmpdir(), "matrix-"));
  let failed = 0;
  try {
    const workshop = await equip(root);
    // Both take the next job from it.
    const waiting = jobs.entries();
    const work = async () => {
      for (const [index, job] of waiting) {
        if (!(await passes(job, join(root, `job${index}`), workshop))) failed += 1;
      }
    };
    await Promise.all([work(), work()]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  console.log(`${jobs.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
