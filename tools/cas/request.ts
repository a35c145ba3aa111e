import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";

export interface RawRequest {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
}

export interface RawAnswer {
  status: number;
  setCookies: readonly string[];
  location: string | undefined;
  body: string;
}

/** One request as it is, over a connection of its own, to judge servers and this project's client by. */
export async function ask(url: string, ca: string, asked: RawRequest = {}): Promise<RawAnswer> {
  const { method = "GET", headers, body } = asked;
  const call = request(url, { method, headers, ca, agent: false, timeout: 30_000 });
  call.on("timeout", () => call.destroy(new Error(`${method} ${new URL(url).pathname}: no answer in time`)));
  call.end(body);
  const [answer]: IncomingMessage[] = await once(call, "response");
  if (!answer) throw new Error(`${method} ${new URL(url).pathname}: no answer`);
  return {
    status: answer.statusCode ?? 0,
    setCookies: answer.headers["set-cookie"] ?? [],
    location: answer.headers.location,
    body: await text(answer),
  };
}
