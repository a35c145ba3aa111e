import { connect } from "node:net";
import { type RedisBackend, RedisUnreachable } from "./backend";
import { encodeCommand, type Parsed, parseReply } from "./resp";

const timeoutMs = 10_000;

function parseReplies(buffer: Buffer, count: number): Parsed[] | undefined {
  const replies: Parsed[] = [];
  let end = 0;
  while (replies.length < count) {
    const reply = parseReply(buffer, end);
    if (!reply) {
      return undefined;
    }
    replies.push(reply);
    end = reply.end;
  }
  return replies;
}

/** Sends the commands in one connection of their own and waits for all replies. */
function exchange(url: URL, commands: readonly (readonly string[])[]): Promise<Parsed[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 6379) });
    let received = Buffer.alloc(0);
    const fail = (reason: string) => {
      socket.destroy();
      reject(new RedisUnreachable(`${url.host}: ${reason}`));
    };
    socket.setTimeout(timeoutMs, () => fail("no answer in time"));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("connection closed"));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      try {
        const replies = parseReplies(received, commands.length);
        if (replies) {
          resolve(replies);
          socket.end();
        }
      } catch (error) {
        fail(String(error));
      }
    });
    socket.write(commands.map(encodeCommand).join(""));
  });
}

/** Runs commands on a real Redis. No command that Web CLI allows leaves state in a connection, so each has its own. */
export class RemoteRedis implements RedisBackend {
  constructor(private readonly url: URL) {}

  async run(database: number, words: readonly string[]): Promise<string> {
    const preparation = [...this.authentication(), ["SELECT", String(database)]];
    const replies = await exchange(this.url, [...preparation, words]);
    const reply = replies.find(({ isError }, index) => isError || index === preparation.length);
    return reply?.text ?? "nil";
  }

  private authentication(): string[][] {
    const { username, password } = this.url;
    if (password === "") {
      return [];
    }
    const names = username === "" ? [] : [decodeURIComponent(username)];
    return [["AUTH", ...names, decodeURIComponent(password)]];
  }
}
