import type { Target } from "../job";
import { sign } from "../sign";

/** The same two calls by Node's own fetch, which is undici. */
export function connect(target: Target): () => Promise<void> {
  const webCli = `${target.endpoint}/v2/${target.projectId}/instances/${target.instanceId}/webcli`;
  const post = async (what: string, content: object) => {
    const [url, body] = [`${webCli}/${what}`, JSON.stringify(content)];
    const answer = await fetch(url, { method: "POST", body, headers: sign(url, body, target) });
    if (!answer.ok) throw new Error(`${what} answered ${answer.status}`);
    return answer.text();
  };
  return async () => {
    const { client_id } = JSON.parse(await post("auth", { password: target.password }));
    await post("logout", { client_id });
  };
}
