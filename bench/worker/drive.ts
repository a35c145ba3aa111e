/** Does something `count` times, `concurrency` at once. */
export async function drive(
  count: number,
  concurrency: number,
  work: () => Promise<void>,
  each: (done: number) => void = () => {},
): Promise<void> {
  let [begun, done] = [0, 0];
  const lane = async () => {
    while (begun++ < count) {
      await work();
      each(++done);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
