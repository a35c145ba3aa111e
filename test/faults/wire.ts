import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** The statuses of the answers that really reached the client, by server and call: a judge that is not the client. */
const answers = new Map<string, number[]>();

interface Exchange {
  request: Pick<ClientRequest, "method" | "path" | "host" | "getHeader">;
  response: Pick<IncomingMessage, "statusCode">;
}

function isExchange(message: unknown): message is Exchange {
  return typeof message === "object" && message !== null && "request" in message && "response" in message;
}

function note(message: unknown): void {
  if (!isExchange(message)) return;
  const { request, response } = message;
  const [path] = request.path.split("?", 1);
  const call = `${request.method} http://${request.getHeader("host")}${path}`;
  answers.set(call, [...(answers.get(call) ?? []), response.statusCode ?? 0]);
}

export function watchAnswers(): () => void {
  subscribe("http.client.response.finish", note);
  return () => {
    unsubscribe("http.client.response.finish", note);
    answers.clear();
  };
}

/** The answers that a call has got since this was last asked. */
export function takeAnswers(call: string): number[] {
  const taken = answers.get(call) ?? [];
  answers.delete(call);
  return taken;
}
