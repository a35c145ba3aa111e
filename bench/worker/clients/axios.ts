import { Agent } from "node:http";
import axios from "axios";
import type { Target } from "../job";
import { sign } from "../sign";

/** The same two calls by axios with nothing around them: kept-alive connections, signed. */
export function connect(target: Target): () => Promise<void> {
  const webCli = `${target.endpoint}/v2/${target.projectId}/instances/${target.instanceId}/webcli`;
  const client = axios.create({ httpAgent: new Agent({ keepAlive: true }) });
  const post = async (what: string, content: object) => {
    const [url, body] = [`${webCli}/${what}`, JSON.stringify(content)];
    return (await client.post(url, body, { headers: sign(url, body, target) })).data;
  };
  return async () => {
    const { client_id } = await post("auth", { password: target.password });
    await post("logout", { client_id });
  };
}
