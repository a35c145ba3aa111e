import { join } from "node:path";
import { keyOf, type Log } from "../../tools/engine/engine";
import { folderFromMaven } from "../support/java";

const POM = join(__dirname, "pom.xml");

/** The folder of Pulumi's package for Java and all that it needs. */
export async function findJars(log: Log, signal?: AbortSignal): Promise<string> {
  const tell = () =>
    log("fetching Pulumi's package for Java from Maven Central, once: 27 MB to download, about 15 s");
  const args = (folder: string) => [
    `--file=${POM}`,
    `-DoutputDirectory=${folder}`,
    "-Dmdep.stripVersion=true",
  ];
  return await folderFromMaven(keyOf("java", [POM]), "copy-dependencies", args, tell, signal);
}
