import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { dcsError } from "./dcs/errors";
import { gatewayError } from "./dcs/gateway";
import { type Faults, faultReply } from "./fault-queue";
import type { History, OpenRecord } from "./history";
import { BodyTooLarge, type Call, Refusal, type Reply, readBody } from "./http";
import type { Match } from "./routes";

const maxBodyBytes = 1024 * 1024;

/** Takes a request from its arrival to its answer; `undefined` means: cut the connection. */
export class Dispatcher {
  constructor(
    private readonly find: (method: string, path: string) => Match,
    private readonly faults: Faults,
    private readonly history: History,
    private readonly now: () => number,
  ) {}

  async answer(request: IncomingMessage): Promise<Reply | undefined> {
    const { method = "", url = "" } = request;
    const [path = "", ...query] = url.split("?");
    const { endpoint, params, isGatewayed } = this.find(method, path);
    const name = endpoint.name(request);
    const record = this.record(request, name);
    const body = await this.read(request, record);
    const requestId = randomBytes(16).toString("hex");
    const rawQuery = query.join("?");
    const call: Call = {
      method,
      path,
      rawQuery,
      query: new URLSearchParams(rawQuery),
      params,
      headers: request.headers,
      body: body ?? Buffer.alloc(0),
      remoteAddress: request.socket.remoteAddress ?? "",
      requestId,
    };
    const work = async () => (body ? endpoint.handle(call) : tooLarge(requestId));
    const reply = await this.withFault(name, () => refusable(work));
    record.status = reply?.status;
    return reply && isGatewayed ? withRequestId(reply, requestId) : reply;
  }

  private async withFault(name: string, work: () => Promise<Reply>): Promise<Reply | undefined> {
    const fault = this.faults.take(name);
    if (fault?.delayMs !== undefined) {
      await delay(fault.delayMs, undefined, { ref: false });
    }
    if (fault?.drop === "before") {
      return undefined;
    }
    const reply = (fault && faultReply(fault)) ?? (await work());
    return fault?.drop === "after" ? undefined : reply;
  }

  private record(request: IncomingMessage, on: string): OpenRecord {
    const { method = "", url = "", headers } = request;
    return this.history.add({ at: this.now(), on, method, path: url, headers: { ...headers }, body: "" });
  }

  private async read(request: IncomingMessage, record: OpenRecord): Promise<Buffer | undefined> {
    try {
      const body = await readBody(request, maxBodyBytes);
      record.body = body.toString("utf8");
      return body;
    } catch (error) {
      if (error instanceof BodyTooLarge) {
        return undefined;
      }
      throw error;
    }
  }
}

async function refusable(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) {
      return error.reply;
    }
    throw error;
  }
}

/** What a request gets when the emulator itself fails. */
export function failed(): Reply {
  return dcsError("internal", "numeric").reply;
}

function tooLarge(requestId: string): Reply {
  const reply = gatewayError(413, "APIGW.0201", "Request entity too large", requestId);
  // The rest of the body is still on its way, so the connection can't be used again.
  return { ...reply, headers: { ...reply.headers, Connection: "close" } };
}

function withRequestId(reply: Reply, requestId: string): Reply {
  return { ...reply, headers: { "X-Request-Id": requestId, ...reply.headers } };
}
