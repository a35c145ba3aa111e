import { mkdir } from "node:fs/promises";
import { type Job, run, tool } from "./workshop";

/** What package.json promises, held against the files of the tarball; any finding is a failure. */
export const PACKED: readonly Job[] = [
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
