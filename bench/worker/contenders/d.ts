import { local } from "@pulumi/command";
import type { Target } from "../job";

/**
 * curl in a command. What is the same in each call (the token in place of a signature, the content type, the
 * authority) is in curl's own config file and in the environment: that keeps its state as small as it gets.
 */
export function register(count: number, { endpoint, projectId, instanceId }: Target): void {
  const webCli = `${endpoint}/v2/${projectId}/instances/${instanceId}/webcli`;
  const create = `curl -fsS -d "$BENCH_LOGIN" ${webCli}/auth`;
  const remove = `curl -fsS -d "$PULUMI_COMMAND_STDOUT" ${webCli}/logout`;
  for (let i = 0; i < count; i++) new local.Command(`session-${i}`, { create, delete: remove });
}
