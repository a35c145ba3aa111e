import { engineAddress } from "../lifecycle/engineProcess";
import { serve } from "./server";
import type { ProviderService } from "./service";

/** How often to look whether the engine still lives, in milliseconds. */
const ORPHAN_CHECK_INTERVAL = 5_000;

async function main(): Promise<void> {
  const engine = engineAddress();
  if (engine === undefined) {
    console.error("This is the Pulumi plugin huaweicloud-sessions; the Pulumi CLI starts it.");
    process.exit(1);
  }
  endWithEngine();
  const { port } = await serve(() => load(engine));
  console.log(port);
}

async function load(engine: string): Promise<ProviderService> {
  const [{ Runtime }, { METADATA_ENDPOINT }, { ProviderService }, { EngineLog }] = await Promise.all([
    import("../lifecycle/runtime.js"),
    import("../config/discovery.js"),
    import("./service.js"),
    import("./engineLog.js"),
  ]);
  return new ProviderService(new Runtime({ metadataEndpoint: METADATA_ENDPOINT }), new EngineLog(engine));
}

/** An engine that is killed ends no plugin, and one that stayed would renew its sessions for ever. */
function endWithEngine(): void {
  const engine = process.ppid;
  const look = () => {
    if (process.ppid !== engine) process.exit(1);
  };
  setInterval(look, ORPHAN_CHECK_INTERVAL).unref();
}

process.on("uncaughtException", (error) => {
  console.error(`The plugin huaweicloud-sessions has failed: ${error.message}`);
  process.exit(1);
});
void main();
