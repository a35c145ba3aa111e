import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** The statuses of the answers that really reached the client, by server and call: a judge that is not the client. */
const answers = new Map<string, number[]>();

/** https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
const ANSWERED = "undici:request:headers";

interface Exchange {
  request: { method: string; origin: string; path: string };
  response: { statusCode: number };
}

function isExchange(message: unknown): message is Exchange {
  return typeof message === "object" && message !== null && "request" in message && "response" in message;
}

function note(message: unknown): void {
  if (!isExchange(message)) throw new Error(`${ANSWERED} tells nothing of an exchange`);
  const { request, response } = message;
  const [path] = request.path.split("?", 1);
  const call = `${request.method} ${request.origin}${path}`;
  answers.set(call, [...(answers.get(call) ?? []), response.statusCode]);
}

export function watchAnswers(): () => void {
  subscribe(ANSWERED, note);
  return () => {
    unsubscribe(ANSWERED, note);
    answers.clear();
  };
}

/** The answers that a call has got since this was last asked. */
export function takeAnswers(call: string): number[] {
  const taken = answers.get(call) ?? [];
  answers.delete(call);
  return taken;
}
