import { WebCliSession } from "pulumi-huaweicloud-sessions/lifecycle";
import type { Target } from "../job";

/** Log-in and log-out as the dynamic-provider host has them done. */
export function connect(target: Target): () => Promise<void> {
  const { endpoint, projectId, instanceId, password } = target;
  const config: Record<string, string> = {
    "huaweicloud:accessKey": target.accessKey,
    "huaweicloud:secretKey": target.secretKey,
  };
  const get = (key: string) => config[key];
  void WebCliSession.configure({ config: { get, require: (key) => config[key] ?? "" } });
  return async () => {
    const { id, outs } = await WebCliSession.create({ endpoint, projectId, instanceId, password });
    if (!outs) throw new Error("the log-in has no outputs");
    await WebCliSession.delete(id, outs);
  };
}
