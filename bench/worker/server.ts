// The emulator in a process of its own, so that no contender pays for it. It says where it is, then answers each
// line of its input with how many sessions are open and were opened, and ends with its input.
import { createInterface } from "node:readline";
import { startEmulator } from "pulumi-huaweicloud-sessions/emulator";
import type { Target } from "./job";

const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

async function main(): Promise<void> {
  // No session may expire while a slow machine is at it, and none of the requests is looked at.
  const emulator = await startEmulator({
    tls: process.argv[2] === "https",
    idleSeconds: 86_400,
    history: 1,
  });
  const { dcsEndpoint: endpoint, projectId, instanceId, accessKey, secretKey, caCertificate } = emulator;
  const { authToken: token, redisPassword: password } = emulator;
  const target: Target = {
    ...{ endpoint, projectId, instanceId, accessKey, secretKey, token, password },
    caCertificate,
  };
  say(target);
  for await (const _line of createInterface(process.stdin)) {
    const { open, opened } = emulator.sessions().webCli;
    say({ open: open.length, opened });
  }
  await emulator.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
