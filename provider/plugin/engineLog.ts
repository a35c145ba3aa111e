import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { type Display, notice } from "../api/notice";

/** The engine's log, which shows a message in the row of the resource that it names. */
export class EngineLog {
  private readonly engine: EngineClient;

  constructor(
    address: string,
    /** How long the engine may take for a message, in milliseconds: a session must not wait for it. */
    private readonly patience = 5_000,
  ) {
    // gRPC takes the environment's proxy even for the loopback address, at which the engine listens.
    this.engine = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  }

  /** Runs a method of a resource. What it shows has arrived when this settles: the engine may end right after it. */
  async during<T>(urn: string, run: (display: Display) => Promise<T>): Promise<T> {
    // One after the other, because the engine takes several in any order.
    let sent = Promise.resolve();
    const show = (message: string, orElse?: (message: string) => void) => {
      sent = sent.then(() => this.send(urn, message, orElse));
    };
    try {
      return await run({
        notice: (sentence) => show(sentence, notice),
        status: (purpose) => show(purpose),
      });
    } finally {
      await sent;
    }
  }

  close(): void {
    this.engine.close();
  }

  /** A sentence that the engine does not take is printed, which a native plugin's engine only logs; a status is not. */
  private send(urn: string, message: string, orElse?: (message: string) => void): Promise<void> {
    const request = new LogRequest()
      .setSeverity(LogSeverity.INFO)
      .setMessage(message)
      .setUrn(urn)
      .setEphemeral(orElse === undefined);
    return new Promise((resolve) => {
      this.engine.log(request, new Metadata(), { deadline: Date.now() + this.patience }, (error) => {
        if (error) orElse?.(message);
        resolve();
      });
    });
  }
}
