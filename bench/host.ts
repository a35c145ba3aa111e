import type { dynamic } from "@pulumi/pulumi";
import { CasSession, WebCliSession } from "pulumi-huaweicloud-sessions/lifecycle";
import { startEmulator } from "../emulator";
import { configOf, type LoadJob } from "./load";
import { reply, withChild } from "./processes";
import type { Half, Sample } from "./samples";
import { withServer } from "./server";

export async function benchHost(rounds: number): Promise<Omit<Half, "takenOn">> {
  const samples: Sample[] = await requestsOfVerbs();
  await withServer(1, async ({ target, keys, env: { NODE_EXTRA_CA_CERTS } }) => {
    for (let round = 0; round < rounds; round++) {
      const clients = ["package", "axios"] as const;
      // Each goes first in every other round.
      for (const client of round % 2 === 0 ? clients : clients.toReversed()) {
        console.log(`host: round ${round + 1} of ${rounds}, ${client}`);
        const job: LoadJob = { client, target, keys, round };
        samples.push(...(await withChild("load", job, { NODE_EXTRA_CA_CERTS }, reply<Sample[]>)));
      }
    }
  });
  return { rounds, sizes: [], notes: [], samples };
}

async function requestsOfVerbs(): Promise<Sample[]> {
  const emulator = await startEmulator();
  try {
    const { dcsEndpoint: endpoint, projectId, instanceId, redisPassword, accessKey, secretKey } = emulator;
    const { casUrl, username, password } = emulator;
    await WebCliSession.configure(configOf({ accessKey, secretKey }));
    const webCli = { endpoint, projectId, instanceId, password: redisPassword };
    const cas = { casUrl, username, password, service: "https://manager.example.com/" };
    const requests = () => emulator.requests().length;
    const sample = { table: "requests", size: 1, round: 0 } as const;
    return [
      { ...sample, who: "WebCliSession", values: await requestsOf(WebCliSession, webCli, requests) },
      { ...sample, who: "CasSession", values: await requestsOf(CasSession, cas, requests) },
    ];
  } finally {
    await emulator.close();
  }
}

type Lifecycle = Required<Omit<dynamic.ResourceProvider, "configure" | "update">>;

async function requestsOf(lifecycle: Lifecycle, args: object, requests: () => number) {
  const { inputs } = await lifecycle.check({}, args);
  const counts = [requests()];
  const { id, outs } = await lifecycle.create(inputs);
  counts.push(requests());
  await lifecycle.diff(id, outs, inputs);
  counts.push(requests());
  await lifecycle.read(id, outs);
  counts.push(requests());
  await lifecycle.delete(id, outs);
  const [start = 0, created = 0, compared = 0, read = 0] = counts;
  return {
    create: created - start,
    diff: compared - created,
    read: read - compared,
    delete: requests() - read,
  };
}
