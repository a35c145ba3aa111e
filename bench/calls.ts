import type { dynamic } from "@pulumi/pulumi";
import { CasSession, WebCliSession } from "pulumi-huaweicloud-sessions/lifecycle";
import { startEmulator } from "../emulator";
import { runChild } from "./child";
import type { Figures } from "./figures";
import { configOf, type LoadJob } from "./load";
import { withServer } from "./server";

/** What a call takes in a process that makes many, once for this package and once for bare axios. */
export async function roundOfCalls(figures: Figures, round: number): Promise<void> {
  const clients = ["package", "axios"] as const;
  await withServer(async ({ target, keys, env: { NODE_EXTRA_CA_CERTS } }) => {
    // The other one is first in each round.
    for (const client of round % 2 === 0 ? clients : clients.toReversed()) {
      console.log(`round ${round + 1}, calls of ${client}`);
      const job: LoadJob = { client, target, keys, memory: round === 0 && client === "package" };
      const measured = await runChild("load", job, { NODE_EXTRA_CA_CERTS });
      for (const [what, value] of Object.entries(measured)) figures.add(what, client, value);
    }
  });
}

type Lifecycle = Required<Omit<dynamic.ResourceProvider, "configure" | "update">>;

/** Counts the requests of a login, of looking whether the session is alive, and of a logout. */
export async function countRequests(figures: Figures): Promise<void> {
  const emulator = await startEmulator();
  try {
    const { dcsEndpoint: endpoint, projectId, instanceId, redisPassword, accessKey, secretKey } = emulator;
    const { casUrl, username, password } = emulator;
    const counted = async <T>(who: string, verb: string, act: () => Promise<T>): Promise<T> => {
      const before = emulator.requests().length;
      const result = await act();
      figures.add(verb, who, emulator.requests().length - before);
      return result;
    };
    const live = async (who: string, lifecycle: Lifecycle, args: object) => {
      const { inputs } = await lifecycle.check({}, args);
      const { id, outs } = await counted(who, "create", () => lifecycle.create(inputs));
      await counted(who, "diff", () => lifecycle.diff(id, outs, inputs));
      await counted(who, "delete", () => lifecycle.delete(id, outs));
    };
    await WebCliSession.configure(configOf({ accessKey, secretKey }));
    const webCli = { endpoint, projectId, instanceId, password: redisPassword };
    await live("WebCliSession", WebCliSession, webCli);
    const cas = { casUrl, username, password, service: "https://manager.example.com/" };
    await live("CasSession", CasSession, cas);
  } finally {
    await emulator.close();
  }
}
