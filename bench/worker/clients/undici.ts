import { Agent, request } from "undici";
import type { Target } from "../job";
import { sign } from "../sign";

/** The same two calls by undici with nothing around them: kept-alive connections, signed. */
export function connect(target: Target): () => Promise<void> {
  const webCli = `${target.endpoint}/v2/${target.projectId}/instances/${target.instanceId}/webcli`;
  const dispatcher = new Agent();
  const post = async (what: string, content: object) => {
    const [url, body] = [`${webCli}/${what}`, JSON.stringify(content)];
    const answer = await request(url, { method: "POST", body, headers: sign(url, body, target), dispatcher });
    if (answer.statusCode >= 300) throw new Error(`${what} answered ${answer.statusCode}`);
    return answer.body.text();
  };
  return async () => {
    const { client_id } = JSON.parse(await post("auth", { password: target.password }));
    await post("logout", { client_id });
  };
}
