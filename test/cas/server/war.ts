import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cachePath, type Log } from "../../../tools/engine/engine";
import { run } from "../../../tools/engine/run";

const VERSION = "6.6.12";
const ARTIFACT = `org.apereo.cas:cas-server-webapp-tomcat:${VERSION}:war`;
// Named with its version, so that Maven does not look for a newer one each time.
const UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack";

/** The folder of CAS's unpacked web application; fetched once and kept beside the engine. */
export async function findWar(log: Log, signal?: AbortSignal): Promise<string> {
  const war = cachePath(`cas-${VERSION}`);
  if (existsSync(war)) return war;
  log(`fetching CAS ${VERSION} from Maven Central into ${war}, once: 118 MB to download, about 30 s`);
  await mkdir(dirname(war), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(war), ".unfinished-"));
  try {
    await unpack(unfinished, signal);
    // In one step: nobody ever sees half of it, and of two at once the first wins.
    await rename(join(unfinished, "war"), war);
  } catch (error) {
    if (!existsSync(war)) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return war;
}

async function unpack(directory: string, signal?: AbortSignal): Promise<void> {
  const args = ["--batch-mode", "--quiet", "--strict-checksums", UNPACK, `-Dartifact=${ARTIFACT}`];
  // The plugin leaves markers in the working directory.
  const cwd = directory;
  await run("mvn", [...args, `-DoutputDirectory=${join(directory, "war")}`], { cwd, signal });
}
