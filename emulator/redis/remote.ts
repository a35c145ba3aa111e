import { createClient, ErrorReply, RESP_TYPES } from "@redis/client";
import { type RedisBackend, RedisUnreachable } from "./backend";

const TIMEOUT = 10_000;
/** A number of Redis has 64 bits, more than one of JavaScript can hold. */
const asStrings = { typeMapping: { [RESP_TYPES.NUMBER]: String } };

/** Runs commands on a real Redis, each in a connection of its own: so none finds what another left there. */
export class RemoteRedis implements RedisBackend {
  constructor(private readonly url: URL) {}

  async run(database: number, words: readonly string[]): Promise<string> {
    const client = createClient({
      url: this.url.href,
      database,
      RESP: 2,
      disableClientInfo: true,
      socket: { connectTimeout: TIMEOUT, socketTimeout: TIMEOUT, reconnectStrategy: false },
    });
    // Without a listener an error ends the process; what fails here rejects below as well.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return asText(await client.sendCommand([...words], asStrings));
    } catch (error) {
      if (error instanceof ErrorReply) return error.message;
      throw new RedisUnreachable(`${this.url.host}: ${String(error)}`);
    } finally {
      client.destroy();
    }
  }
}

function asText(reply: unknown): string {
  if (reply === null || reply === undefined) return "nil";
  if (Array.isArray(reply)) return reply.map(asText).join("\n");
  return reply instanceof ErrorReply ? reply.message : String(reply);
}
