import type { Output } from "@pulumi/pulumi";

/** What an output comes to under mocks. */
export function resolved<T>(output: Output<T>): Promise<T> {
  return new Promise<T>((resolve) => {
    output.apply(resolve);
  });
}

/** What is printed for the engine to show, while something runs. */
export async function noticesOf(run: () => Promise<unknown>, onNotice = () => {}): Promise<string[]> {
  const printed: string[] = [];
  const { error } = console;
  console.error = (line: unknown) => {
    printed.push(String(line));
    onNotice();
  };
  try {
    await run();
  } finally {
    console.error = error;
  }
  return printed;
}
