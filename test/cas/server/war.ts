import type { Log } from "../../../tools/engine/engine";
import { folderFromMaven } from "../../support/java";

const VERSION = "6.6.12";
const ARTIFACT = `org.apereo.cas:cas-server-webapp-tomcat:${VERSION}:war`;

/** The folder of CAS's unpacked web application. */
export async function findWar(log: Log, signal?: AbortSignal): Promise<string> {
  const tell = () => log(`fetching CAS ${VERSION} from Maven Central, once: 118 MB to download, about 30 s`);
  const args = (folder: string) => [`-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${folder}`];
  return await folderFromMaven(`cas-${VERSION}`, "unpack", args, tell, signal);
}
