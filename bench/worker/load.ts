// What it takes to load a module in a fresh process, after those before it: MODULE...
export interface Load {
  name: string;
  milliseconds: number;
  rssBytes: number;
  heapBytes: number;
}

const taken = process.argv.slice(2).map((name): Load => {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = performance.now();
  require(name);
  const milliseconds = performance.now() - start;
  globalThis.gc?.();
  const after = process.memoryUsage();
  return {
    name,
    milliseconds,
    rssBytes: after.rss - before.rss,
    heapBytes: after.heapUsed - before.heapUsed,
  };
});
process.stdout.write(`${JSON.stringify(taken)}\n`);
