import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";

/** Reads counters in the instance by sessions and keys of its own: a judge that is not the client. */
export class Teller {
  constructor(private readonly emulator: Emulator) {}

  /** How often a key was counted up; 0 in an instance that is gone. */
  async count(key: string): Promise<number> {
    const opened = await this.post("auth", { password: this.emulator.redisPassword });
    if (opened.status === 404) return 0;
    assert.equal(opened.status, 200);
    const { client_id } = Object(await opened.json());
    const { response } = Object(
      await (await this.post("command", { client_id, command: `GET ${key}` })).json(),
    );
    await this.post("logout", { client_id });
    return Number(/^\d+$/.exec(response ?? "")?.[0] ?? 0);
  }

  private post(what: string, body: object): Promise<Response> {
    const { dcsEndpoint, projectId, instanceId, authToken } = this.emulator;
    return fetch(`${dcsEndpoint}/v2/${projectId}/instances/${instanceId}/webcli/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Auth-Token": authToken },
      body: JSON.stringify(body),
    });
  }
}
