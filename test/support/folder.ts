import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for the enclosing suite. */
export function useFolder(within = tmpdir()): () => string {
  let folder = "";
  before(async () => {
    await mkdir(within, { recursive: true });
    folder = await mkdtemp(join(within, "tests-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
