import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";

/** The time that an address has before the next one is tried beside it: RFC 8305. */
const HEAD_START = 250;

/**
 * Connects to the first address of a host that answers. Node.js gives each address 250 ms and then drops it, so
 * that a server that is far away is never reached: https://github.com/nodejs/node/issues/54359. And Node.js asks
 * only for the families that this machine has, so that an address that can't be reached looks like none.
 */
export async function connectTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
  signal.throwIfAborted();
  const trying = new Set<Socket>();
  let timer: NodeJS.Timeout | undefined;
  try {
    const connected = await new Promise<Socket>((resolve, reject) => {
      let failure: unknown;
      const tryNext = () => {
        clearTimeout(timer);
        const address = addresses.shift();
        if (address === undefined) {
          if (trying.size === 0) reject(failure);
          return;
        }
        const socket = connect({ host: address, port, noDelay: true });
        trying.add(socket);
        socket.once("connect", () => resolve(socket));
        socket.once("error", (error) => {
          // What an established connection fails with later is no reason to try another address.
          if (!trying.delete(socket)) return;
          failure = moreTelling(failure, error);
          tryNext();
        });
        if (addresses.length > 0) timer = setTimeout(tryNext, HEAD_START);
      };
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      tryNext();
    });
    trying.delete(connected);
    // From here on, what is built on this connection ends with it.
    signal.addEventListener("abort", () => connected.destroy());
    return connected;
  } finally {
    clearTimeout(timer);
    for (const socket of trying) socket.destroy();
  }
}

/** Of the failures of several addresses: what a server said counts for more than that it could not be asked. */
function moreTelling(one: unknown, other: NodeJS.ErrnoException): unknown {
  return one === undefined || other.code === "ECONNREFUSED" ? other : one;
}
