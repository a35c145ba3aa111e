import type { EventEmitter } from "node:events";

/** Waits for what a connection is to become. Rejects where it fails or is closed before. */
export function firstEvent(connection: EventEmitter, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () =>
      reject(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
    connection.once("error", reject).once("close", closed);
    connection.once(event, () => {
      connection.off("error", reject).off("close", closed);
      resolve();
    });
  });
}
