import { HttpClient } from "../../provider/api/http/http";
import { LIMIT_MS, type Outcome, type Task } from "./clients";

// Asks by the package's own client, one task after the other, because each has an environment of its own.
const own = { ...process.env };
let last: Promise<unknown> = Promise.resolve();

process.on("message", ({ id, task }: { id: number; task: Task }) => {
  last = last.then(async () => process.send?.({ id, outcome: await ask(task) }));
});

async function ask({ urls, once, environment, trust }: Task): Promise<Outcome> {
  process.env = { ...own, ...environment };
  const client = new HttpClient();
  const statuses: number[] = [];
  let said = "";
  for (const [at, url] of urls.entries()) {
    const isLast = at === urls.length - 1;
    try {
      const request = { method: "GET" as const, url, headers: {}, trust, once: once && isLast };
      const response = await client.send({ ...request, requestTimeout: LIMIT_MS, idleTimeout: LIMIT_MS });
      if (response.bodyError) throw response.bodyError;
      statuses.push(response.status);
    } catch (error) {
      statuses.push(0);
      said = String(error);
    }
  }
  return { statuses, said };
}
