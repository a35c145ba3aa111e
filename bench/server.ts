import { Lines, startWorker } from "./worker";
import type { Target } from "./worker/job";

export type Scheme = "http" | "https";

interface Count {
  open: number;
  opened: number;
}

/** The emulator in a process of its own. */
export class Server {
  private constructor(
    readonly target: Target,
    private readonly ask: () => Promise<string>,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(scheme: Scheme): Promise<Server> {
    const child = startWorker("server", [scheme]);
    const lines = new Lines(child);
    const next = async () => {
      const line = await lines.next();
      if (line === undefined) throw new Error("the emulator has ended");
      return line;
    };
    const target: Target = JSON.parse(await next());
    const ask = () => {
      child.stdin?.write("\n");
      return next();
    };
    const stop = async () => {
      child.stdin?.end();
      while ((await lines.next()) !== undefined);
    };
    return new Server(target, ask, stop);
  }

  async sessions(): Promise<Count> {
    return JSON.parse(await this.ask());
  }
}
