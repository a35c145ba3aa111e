import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { field, post, webCliPath } from "../support/client";

/** Reads counters in the instance by sessions of its own: a judge that is not the client. */
export class Teller {
  constructor(private readonly emulator: Emulator) {}

  /** How often a key was counted up; 0 in an instance that is gone. */
  async count(key: string): Promise<number> {
    const opened = await this.call("auth", { password: this.emulator.redisPassword });
    if (opened.status === 404) return 0;
    assert.equal(opened.status, 200);
    const client_id = field(opened, "client_id");
    const { response } = JSON.parse((await this.call("command", { client_id, command: `GET ${key}` })).text);
    await this.call("logout", { client_id });
    return Number(/^\d+$/.exec(response ?? "")?.[0] ?? 0);
  }

  private call(what: string, body: object) {
    return post(this.emulator, webCliPath(this.emulator, what), body);
  }
}
