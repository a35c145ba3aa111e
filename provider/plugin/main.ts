import { serve } from "./server";
import type { ProviderService } from "./service";

/** How often to look whether the engine still lives, in milliseconds. */
const ORPHAN_CHECK_INTERVAL = 5_000;

async function main(): Promise<void> {
  // The engine passes its address, after flags such as -v=9.
  if (!process.argv.slice(2).some((argument) => !argument.startsWith("-"))) {
    console.error("This is the Pulumi plugin huaweicloud-sessions; the Pulumi CLI starts it.");
    process.exit(1);
  }
  endWithEngine();
  const { port } = await serve(load);
  console.log(port);
}

async function load(): Promise<ProviderService> {
  const [{ lifecyclesIn }, { Runtime }, { METADATA_ENDPOINT }, { ProviderService }] = await Promise.all([
    import("../lifecycle/lifecycles.js"),
    import("../lifecycle/runtime.js"),
    import("../config/discovery.js"),
    import("./service.js"),
  ]);
  const runtime = new Runtime({ metadataEndpoint: METADATA_ENDPOINT });
  return new ProviderService(lifecyclesIn(runtime), runtime.renewals);
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
